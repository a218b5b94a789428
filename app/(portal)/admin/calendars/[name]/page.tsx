import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { CalendarForm } from "@/components/calendars/calendar-form";
import { DeleteCalendarButton } from "@/components/calendars/delete-calendar-button";
import { TextLink } from "@/components/ui/links";
import { Page } from "@/components/ui/page";
import { calendarToManage } from "@/lib/definitions/loaders";

export const metadata: Metadata = { title: "Calendar" };

export default async function CalendarPage({ params }: { params: Promise<{ name: string }> }) {
  const found = await calendarToManage((await params).name);
  if (!found) notFound();
  const { calendar, mayBeDeleted } = found;
  return (
    <Page
      back={<TextLink href="/admin/calendars">Calendars</TextLink>}
      title={calendar.label}
      description={calendar.calendarName}
      actions={mayBeDeleted && <DeleteCalendarButton name={calendar.calendarName} label={calendar.label} />}
    >
      <CalendarForm calendar={calendar} />
    </Page>
  );
}
