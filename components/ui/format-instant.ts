import { zonedParts } from "./zoned-parts";

/**
 * Instants as people read them. The same text comes out on the server and in the browser: the words are ours, only the calendar is
 * the platform's. `zone` is an IANA name.
 */
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const partsIn = zonedParts("en-GB", {
  year: "numeric",
  month: "short",
  day: "numeric",
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "shortOffset",
});

type Parts = Readonly<
  Record<"year" | "month" | "day" | "weekday" | "hour" | "minute" | "second" | "timeZoneName", string>
>;

function partsOf(at: Date, zone: string): Parts {
  const part = partsIn(at, zone);
  return {
    year: part("year"),
    month: part("month").slice(0, 3),
    day: part("day"),
    weekday: part("weekday"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
    timeZoneName: part("timeZoneName"),
  };
}

const dayOf = ({ year, month, day }: Parts): string => `${day} ${month} ${year}`;

/** "Sat 21 Nov 2026, 14:02:11 · Europe/Berlin (GMT+1)" */
export function exactInstant(at: Date, zone: string): string {
  const parts = partsOf(at, zone);
  const offset = zone === parts.timeZoneName ? "" : ` (${parts.timeZoneName})`;
  return `${parts.weekday} ${dayOf(parts)}, ${parts.hour}:${parts.minute}:${parts.second} · ${zone.replaceAll("_", " ")}${offset}`;
}

/** "14:02" */
export function clockTime(at: Date, zone: string): string {
  const { hour, minute } = partsOf(at, zone);
  return `${hour}:${minute}`;
}

/** "just now", "5 min ago", "in 3 h", "yesterday 14:02", "Mon 14:02", "21 Nov", "21 Nov 2025" */
export function relativeInstant(at: Date, now: Date, zone: string): string {
  const age = now.getTime() - at.getTime();
  const span = Math.abs(age);
  const said = (count: number, unit: string) => (age >= 0 ? `${count} ${unit} ago` : `in ${count} ${unit}`);
  if (span < 45_000) return "just now";
  if (span < HOUR_MS) return said(Math.max(1, Math.round(span / MINUTE_MS)), "min");
  if (span < 12 * HOUR_MS) return said(Math.round(span / HOUR_MS), "h");
  const there = partsOf(at, zone);
  const time = `${there.hour}:${there.minute}`;
  const isOn = (shift: number) => dayOf(partsOf(new Date(now.getTime() + shift * DAY_MS), zone)) === dayOf(there);
  if (isOn(0)) return `today ${time}`;
  if (isOn(-1)) return `yesterday ${time}`;
  if (isOn(1)) return `tomorrow ${time}`;
  if (span < 6 * DAY_MS) return `${there.weekday} ${time}`;
  return there.year === partsOf(now, zone).year ? `${there.day} ${there.month}` : dayOf(there);
}

/** How long ago in a few letters, for rows: "now", "5 min", "3 h", "2 d", "6 w" */
export function ageOf(at: Date, now: Date): string {
  const age = Math.max(0, now.getTime() - at.getTime());
  if (age < MINUTE_MS) return "now";
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min`;
  if (age < DAY_MS) return `${Math.floor(age / HOUR_MS)} h`;
  return age < 28 * DAY_MS ? `${Math.floor(age / DAY_MS)} d` : `${Math.floor(age / (7 * DAY_MS))} w`;
}

/** How long something took, in its two largest units: "less than 1 s", "42 s", "5 min 10 s", "3 h 20 min", "2 d 4 h" */
export function duration(seconds: number): string {
  if (seconds < 1) return "less than 1 s";
  const units = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
    [1, "s"],
  ] as const;
  const first = units.findIndex(([size]) => seconds >= size);
  let rest = seconds;
  const parts = units.slice(first, first + 2).flatMap(([size, unit]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? [`${count} ${unit}`] : [];
  });
  return parts.join(" ");
}
