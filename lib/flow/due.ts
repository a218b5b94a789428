import { instantOf, isDate } from "../logic/instant";
import { clockTime, instantAt, laterDay, wallTimeAt } from "../logic/wall-time";
import { addWorkingTime, MAX_DAYS_AHEAD, type WorkingCalendar } from "./calendar";
import type { AwaitedEvent } from "./interview";
import { isWorkingTime, type WaitUnit } from "./wait";

type Timed = Extract<AwaitedEvent, { type: "amount_of_time" | "until_date" }>;
type Amount = { readonly amount: number; readonly unit: WaitUnit };
/** When a wait is over, and by whose clock: milliseconds since 1970 UTC. */
type Due = { readonly dueAt: number; readonly timeZone: string };

const ELAPSED_MS = { minutes: 60_000, hours: 3_600_000 } as const;
const DAY_MS = 86_400_000;

/** Whether an event counts by a calendar, so that one must be there. */
export const needsCalendar = (event: Timed): boolean => {
  const unit = event.type === "amount_of_time" ? event.unit : event.offset?.unit;
  return event.calendar !== null || (unit !== undefined && isWorkingTime(unit));
};

/**
 * The instant at which an event of time happens, or why it never does (a sentence's end). `calendar` is the one that the event names, or
 * the default one. Days keep the time of day in the zone; a time that a change of clocks skips is the first moment after it, of one that
 * comes twice it is the first (F45).
 */
export function dueOf(
  event: Timed,
  { now, calendar }: { readonly now: number; readonly calendar: WorkingCalendar | null },
): Due | { readonly never: string } {
  const timeZone = event.timeZone ?? calendar?.timeZone ?? "UTC";
  const from = event.type === "amount_of_time" ? now : baseOf(event, timeZone);
  if (from === null) return { never: "has no date that exists to wait until" };
  const amount: Amount | null = event.type === "amount_of_time" ? event : event.offset;
  const dueAt = amount ? later(from, amount, { timeZone, calendar }) : from;
  if (dueAt === null) return { never: "finds no such time in its calendar within ten years" };
  return dueAt - now > MAX_DAYS_AHEAD * DAY_MS
    ? { never: `would wait for more than ${MAX_DAYS_AHEAD} days` }
    : { dueAt, timeZone };
}

function baseOf({ at, time }: Extract<Timed, { type: "until_date" }>, zone: string): number | null {
  return isDate(at) ? instantAt({ date: at, sinceMidnight: clockTime(time) }, zone) : instantOf(at);
}

function later(
  from: number,
  { amount, unit }: Amount,
  { timeZone, calendar }: { timeZone: string; calendar: WorkingCalendar | null },
): number | null {
  switch (unit) {
    case "minutes":
    case "hours":
      return bounded(from + amount * ELAPSED_MS[unit]);
    case "days":
      return bounded(from + amount * DAY_MS) === null ? null : sameTime(from, amount, timeZone);
    case "working_hours":
    case "working_days":
      return calendar && addWorkingTime(from, { amount, unit }, calendar);
  }
}

/** Whole days by the clocks of the zone, what is left of a day by the hour. */
function sameTime(from: number, days: number, zone: string): number {
  const { date, sinceMidnight } = wallTimeAt(from, zone);
  const whole = Math.floor(days);
  return instantAt({ date: laterDay(date, whole), sinceMidnight }, zone) + (days - whole) * DAY_MS;
}

/** Years that dates can be written in. */
const bounded = (at: number): number | null => (Math.abs(at) < 200_000_000_000_000 ? Math.round(at) : null);
