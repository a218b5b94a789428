"use client";

import { Card, Select, SimpleGrid, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { changeCalendar } from "@/lib/definitions/actions";
import { type Holiday, hoursText, readHours, type WeeklyHours } from "@/lib/flow/calendar";

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const ZONES = Intl.supportedValuesOf("timeZone").map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));
const zonesWith = (zone: string) =>
  ZONES.some(({ value }) => value === zone) ? ZONES : [{ value: zone, label: zone }, ...ZONES];

type Calendar = {
  readonly calendarName: string;
  readonly label: string;
  readonly timeZone: string;
  readonly hours: WeeklyHours;
  readonly holidays: readonly Holiday[];
};

/** `2026-12-25 Christmas`, one a line. */
const holidaysText = (holidays: readonly Holiday[]): string =>
  holidays.map(({ date, label }) => `${date} ${label}`.trim()).join("\n");

function readHolidays(text: string): Holiday[] {
  const lines = text.split("\n").flatMap((line) => line.trim() || []);
  return lines.map((line) => {
    const [date = "", ...label] = line.split(/\s+/);
    return { date, label: label.join(" ") };
  });
}

/** A calendar's zone, the hours of each day as people write them, and the days off. */
export function CalendarForm({ calendar }: { calendar: Calendar }) {
  const router = useRouter();
  const [label, setLabel] = useState(calendar.label);
  const [timeZone, setTimeZone] = useState(calendar.timeZone);
  const [hours, setHours] = useState(DAYS.map((_, day) => hoursText(calendar.hours[day] ?? [])));
  const [holidays, setHolidays] = useState(holidaysText(calendar.holidays));
  const [message, setMessage] = useState<string | null>(null);
  const act = useAct(changeCalendar, {
    success: `${label} is saved.`,
    onRefused: (refusal) => setMessage(refusal.message),
    onDone: () => router.refresh(),
  });
  const read = hours.map(readHours);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const known = read.flatMap((day) => (day === null ? [] : [day]));
    if (known.length < DAYS.length) return setMessage("Please look at the marked days. Nothing was changed.");
    setMessage(null);
    const input = { name: calendar.calendarName, label, timeZone, hours: known.map((day) => [...day]) };
    void act.run({ ...input, holidays: readHolidays(holidays) });
  };
  const holidayError = act.problems.find(({ path }) => path.startsWith("holidays"));
  return (
    <Card padding="lg" maw={720}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <FormMessage text={message} />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label="Label"
              required
              withAsterisk={false}
              maxLength={80}
              error={act.errors.label}
              value={label}
              onChange={(event) => setLabel(event.currentTarget.value)}
            />
            <Select
              label="Time zone"
              searchable
              allowDeselect={false}
              nothingFoundMessage="No such zone"
              data={zonesWith(timeZone)}
              error={act.errors.timeZone}
              value={timeZone}
              onChange={(zone) => zone && setTimeZone(zone)}
            />
          </SimpleGrid>
          <Title order={2}>Hours</Title>
          <Text fz="sm" c="dimmed">
            Such as 09:00–12:00, 13:00–17:00. Leave a day empty on which nobody works.
          </Text>
          <DayFields hours={hours} read={read} onChange={setHours} />
          <Textarea
            label="Days off"
            description="One a line: the date, then what it is called, such as 2026-12-25 Christmas."
            autosize
            minRows={3}
            maxRows={16}
            error={holidayError && `Line ${lineOf(holidayError.path)}: ${holidayError.message}`}
            value={holidays}
            onChange={(event) => setHolidays(event.currentTarget.value)}
          />
          <SubmitButton isPending={act.isPending} style={{ alignSelf: "start" }}>
            Save
          </SubmitButton>
        </Stack>
      </form>
    </Card>
  );
}

/** `holidays[3].date` stands in the fourth line. */
const lineOf = (path: string): number => Number(/\[(\d+)\]/.exec(path)?.[1] ?? 0) + 1;

type Fields = {
  hours: readonly string[];
  read: readonly (WeeklyHours[number] | null)[];
  onChange: (hours: string[]) => void;
};

function DayFields({ hours, read, onChange }: Fields) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {DAYS.map((day, at) => (
        <TextInput
          key={day}
          label={day}
          placeholder="Closed"
          maxLength={120}
          error={read[at] === null && "must be times in order, such as 09:00–17:00"}
          value={hours[at] ?? ""}
          onChange={(event) => onChange(hours.map((text, other) => (other === at ? event.currentTarget.value : text)))}
        />
      ))}
    </SimpleGrid>
  );
}
