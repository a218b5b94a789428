"use client";

import { Button, Modal, Stack } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { NameFields, useNaming } from "@/components/ui/name-fields";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { createCalendar } from "@/lib/definitions/actions";

const WORKDAY = [{ from: "09:00", to: "17:00" }];

/** Makes a calendar with usual hours in the zone of the browser, and leads to its page. */
export function NewCalendarButton() {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const naming = useNaming();
  const act = useAct(createCalendar, { onDone: (made) => router.push(`/admin/calendars/${made.name}`) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const hours = Array.from({ length: 7 }, (_, day) => (day < 5 ? WORKDAY : []));
    void act.run({ name: naming.name, label: naming.label, timeZone, hours, holidays: [] });
  };
  return (
    <>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen(true)}>
        New calendar
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="New calendar">
        <form onSubmit={submit}>
          <Stack gap="md">
            <NameFields naming={naming} errors={act.errors} />
            <SubmitButton isPending={act.isPending}>Make the calendar</SubmitButton>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
