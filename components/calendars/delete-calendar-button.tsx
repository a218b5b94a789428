"use client";

import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { confirm } from "@/components/ui/confirm";
import { useAct } from "@/components/ui/use-act";
import { deleteCalendar } from "@/lib/definitions/actions";

/** Deletes a calendar, after asking; one that is used says by what. */
export function DeleteCalendarButton({ name, label }: { name: string; label: string }) {
  const router = useRouter();
  const act = useAct(deleteCalendar, {
    success: `${label} is deleted.`,
    onDone: () => router.push("/admin/calendars"),
  });
  const ask = async () => {
    const text = "Waits that were begun by it keep their time. This cannot be taken back.";
    if (await confirm({ title: `Delete ${label}?`, text, action: "Delete the calendar", isDanger: true }))
      await act.run({ name });
  };
  return (
    <Button variant="default" leftSection={<IconTrash size={16} />} loading={act.isPending} onClick={() => void ask()}>
      Delete
    </Button>
  );
}
