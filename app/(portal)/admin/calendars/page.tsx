import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { CalendarsList } from "@/components/calendars/calendars-list";
import { NewCalendarButton } from "@/components/calendars/new-calendar-button";
import { Page } from "@/components/ui/page";
import { calendarsToManage } from "@/lib/definitions/loaders";

export const metadata: Metadata = { title: "Calendars" };

export default async function CalendarsPage() {
  const calendars = await calendarsToManage();
  if (!calendars) notFound();
  return (
    <Page
      title="Calendars"
      description="Working hours and holidays: what flows wait by when they count working time."
      actions={<NewCalendarButton />}
    >
      <CalendarsList calendars={calendars} />
    </Page>
  );
}
