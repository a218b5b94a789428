"use client";

import { Button, Modal, Stack, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { createCalendar } from "@/lib/definitions/actions";

const WORKDAY = [{ from: "09:00", to: "17:00" }];

/** Makes a calendar with usual hours in the zone of the browser, and leads to its page. */
export function NewCalendarButton() {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const [label, setLabel] = useState("");
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? nameFor(label);
  const act = useAct(createCalendar, { onDone: (made) => router.push(`/admin/calendars/${made.name}`) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const hours = Array.from({ length: 7 }, (_, day) => (day < 5 ? WORKDAY : []));
    void act.run({ name, label, timeZone, hours, holidays: [] });
  };
  return (
    <>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen(true)}>
        New calendar
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="New calendar">
        <form onSubmit={submit}>
          <Stack gap="md">
            <TextInput
              label="Label"
              required
              withAsterisk={false}
              data-autofocus
              maxLength={80}
              error={act.errors.label}
              value={label}
              onChange={(event) => setLabel(event.currentTarget.value)}
            />
            <TextInput
              label="API name"
              description="What definitions call it. It never changes."
              required
              withAsterisk={false}
              maxLength={80}
              spellCheck={false}
              error={act.errors.name}
              value={name}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <SubmitButton isPending={act.isPending}>Make the calendar</SubmitButton>
          </Stack>
        </form>
      </Modal>
    </>
  );
}

const nameFor = (label: string): string =>
  label
    .trim()
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^[^A-Za-z]+|_+$/g, "");
