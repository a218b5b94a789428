const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Zones whose formats are kept; more than any installation uses. */
const MAX_KEPT = 600;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const parts = {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  } as const;
  const made = new Intl.DateTimeFormat("en-US", { timeZone: zone, calendar: "gregory", hourCycle: "h23", ...parts });
  if (formats.size < MAX_KEPT) formats.set(zone, made);
  return made;
}

/** Whether a text is the name of a time zone, such as Europe/Berlin. */
export function isTimeZone(zone: string): boolean {
  try {
    return formatOf(zone) !== null;
  } catch {
    return false;
  }
}

/** Milliseconds that clocks in the zone are ahead of UTC at an instant. Zones are checked where they come in; an unknown one counts as UTC. */
function offsetAt(at: number, zone: string): number {
  if (!isTimeZone(zone)) return 0;
  const part = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const read = (name: Intl.DateTimeFormatPartTypes) => part.get(name) ?? 0;
  const wall = Date.UTC(read("year"), read("month") - 1, read("day"), read("hour"), read("minute"), read("second"));
  return wall - Math.floor(at / 1_000) * 1_000;
}

/** A day, `2026-11-21`, and the milliseconds since its midnight that clocks show. */
export type WallTime = { readonly date: string; readonly sinceMidnight: number };

/** What clocks in a zone show at an instant (milliseconds since 1970 UTC). */
export function wallTimeAt(at: number, zone: string): WallTime {
  const local = at + offsetAt(at, zone);
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  return { date: dayText(midnight), sinceMidnight: local - midnight };
}

/**
 * The instant at which clocks in a zone show a day and time. A time that a change of clocks skips is the first moment after it; of one
 * that clocks show twice it is the first (reliability F45).
 */
export function instantAt({ date, sinceMidnight }: WallTime, zone: string): number {
  const local = Date.parse(`${date}T00:00:00Z`) + sinceMidnight;
  const [before, after] = [offsetAt(local - DAY_MS, zone), offsetAt(local + DAY_MS, zone)];
  const valid = [before, after]
    .map((offset) => ({ offset, at: local - offset }))
    .filter(({ offset, at }) => offsetAt(at, zone) === offset);
  if (valid.length > 0) return Math.min(...valid.map(({ at }) => at));
  return changeBetween(local - after, local - before, zone);
}

/** The first instant in (from, to] at which the zone's offset is that of `to`. */
function changeBetween(from: number, to: number, zone: string): number {
  const wanted = offsetAt(to, zone);
  let [early, late] = [from, to];
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (offsetAt(middle, zone) === wanted) late = middle;
    else early = middle;
  }
  return late;
}

const dayText = (midnightUtc: number): string => new Date(midnightUtc).toISOString().slice(0, 10);

/** The day that many days later. */
export const laterDay = (date: string, days: number): string =>
  dayText(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS);

/** Milliseconds since midnight of `09:30`; `24:00` is the end of the day. */
export function clockTime(text: string): number {
  const [hour = 0, minute = 0] = text.split(":").map(Number);
  return (hour * 60 + minute) * MINUTE_MS;
}
