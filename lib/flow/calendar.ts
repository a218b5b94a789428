import { clockTime, instantAt, laterDay, type WallTime, wallTimeAt } from "../logic/wall-time";

/** When people work: seven lists of hours, Monday first, `09:00` to `17:00` (`24:00` is the end of the day), in order and apart. */
export type WeeklyHours = readonly (readonly { readonly from: string; readonly to: string }[])[];
/** A day, `2026-12-25`, on which nobody works. */
export type Holiday = { readonly date: string; readonly label: string };
export type WorkingCalendar = {
  /** IANA name. */
  readonly timeZone: string;
  readonly hours: WeeklyHours;
  readonly holidays: readonly Holiday[];
};

/** How far ahead is looked for hours that are worked, in days: ten years. */
export const MAX_DAYS_AHEAD = 3_660;
const HOUR_MS = 3_600_000;

type Open = { readonly start: number; readonly end: number };
type Days = (date: string) => readonly Open[];

/** The open times of each day as instants; a day on which clocks change has the hours that its clocks show. */
function daysOf({ timeZone, hours, holidays }: WorkingCalendar): Days {
  const closed = new Set(holidays.map(({ date }) => date));
  const opening = (date: string, time: string) => instantAt({ date, sinceMidnight: clockTime(time) }, timeZone);
  return (date) => {
    if (closed.has(date)) return [];
    const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
    const open = (hours[weekday] ?? []).map(({ from, to }) => ({ start: opening(date, from), end: opening(date, to) }));
    return apart(open.sort((left, right) => left.start - right.start));
  };
}

/** Without those that end before they begin, and what another covers already. */
function apart(sorted: readonly Open[]): readonly Open[] {
  const kept: Open[] = [];
  for (const { start, end } of sorted) {
    const from = Math.max(start, kept.at(-1)?.end ?? start);
    if (from < end) kept.push({ start: from, end });
  }
  return kept;
}

/**
 * The instant (milliseconds since 1970 UTC) that lies an amount of working time after another, or null when the calendar has too few
 * hours within ten years. Total.
 *
 * Hours are those that pass while people work; none at all lead to the next moment at which they do. Days are working days: the same time
 * of day on the n-th of them, moved into that day's hours. What begins after a day's hours counts from the next opening.
 */
export function addWorkingTime(
  from: number,
  { amount, unit }: { readonly amount: number; readonly unit: "working_hours" | "working_days" },
  calendar: WorkingCalendar,
): number | null {
  if (!Number.isFinite(amount) || amount < 0) return null;
  const days = daysOf(calendar);
  const start = wallTimeAt(from, calendar.timeZone);
  return unit === "working_hours"
    ? addHours(from, { start, left: amount * HOUR_MS }, days)
    : addDays(from, { start, left: Math.floor(amount), timeZone: calendar.timeZone }, days);
}

function addHours(from: number, { start, left: wanted }: { start: WallTime; left: number }, days: Days): number | null {
  let left = wanted;
  for (let ahead = 0; ahead <= MAX_DAYS_AHEAD; ahead++) {
    for (const open of days(laterDay(start.date, ahead))) {
      const begun = Math.max(open.start, from);
      if (begun >= open.end) continue;
      if (left <= open.end - begun) return begun + left;
      left -= open.end - begun;
    }
  }
  return null;
}

function addDays(
  from: number,
  { start, left: wanted, timeZone }: { start: WallTime; left: number; timeZone: string },
  days: Days,
): number | null {
  let left = wanted;
  let time: number | null = null;
  for (let ahead = 0; ahead <= MAX_DAYS_AHEAD; ahead++) {
    const date = laterDay(start.date, ahead);
    const hours = days(date);
    const end = hours.at(-1)?.end;
    if (end === undefined || (time === null && from >= end)) continue;
    time ??= ahead === 0 ? start.sinceMidnight : 0;
    if (left-- > 0) continue;
    const at = instantAt({ date, sinceMidnight: time }, timeZone);
    const open = hours.find((one) => at < one.end);
    return open ? Math.max(at, open.start) : end;
  }
  return null;
}

const TIME = /^([01]?\d|2[0-4])[:.]([0-5]\d)$/;

/** A day's hours as people write them, `09:00–12:00, 13:00–17:00`; nothing is a day off. Null: it cannot be read so. */
export function readHours(text: string): WeeklyHours[number] | null {
  const spans = text.split(/[,;]/).flatMap((part) => part.trim() || []);
  const hours = spans.map((span) => {
    const [from, to, more] = span.split(/\s*[-–—]\s*/).map(readTime);
    return from && to && more === undefined ? { from, to } : null;
  });
  const read = hours.flatMap((span) => span ?? []);
  return read.length === hours.length && isInOrder(read) ? read : null;
}

function readTime(text: string): string | null {
  const [, hour, minute] = TIME.exec(text.trim()) ?? [];
  return hour === undefined || (hour === "24" && minute !== "00") ? null : `${hour.padStart(2, "0")}:${minute}`;
}

/** Whether each begins before it ends, and none before the one before it ended. */
export const isInOrder = (hours: WeeklyHours[number]): boolean =>
  hours.every(({ from, to }, at) => from < to && (at === 0 || (hours[at - 1]?.to ?? "") <= from));

export const hoursText = (hours: WeeklyHours[number]): string =>
  hours.map(({ from, to }) => `${from}–${to}`).join(", ");
