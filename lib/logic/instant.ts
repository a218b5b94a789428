const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})$/;

const MINUTE_MS = 60_000;

/** Milliseconds of midnight UTC of a day that exists, or null. */
function dayOf(year: number, month: number, day: number): number | null {
  const at = Date.UTC(year, month - 1, day);
  const back = new Date(at);
  // Years below 100 would be read as 19xx by the platform, and February 31 as March 3.
  return year >= 100 && back.getUTCMonth() === month - 1 && back.getUTCDate() === day ? at : null;
}

/** Whether a text is a day that exists, `2026-11-21`. */
export const isDate = (text: string): boolean => DATE.test(text) && instantOf(text) !== null;

/**
 * The instant that a text names, in milliseconds since 1970 UTC, or null when it names none. A day is its midnight in UTC; a date and
 * time needs `Z` or an offset, because without one it would depend on where it is read.
 */
export function instantOf(text: string): number | null {
  const date = DATE.exec(text);
  if (date) return dayOf(Number(date[1]), Number(date[2]), Number(date[3]));
  const full = DATE_TIME.exec(text);
  if (!full) return null;
  const day = dayOf(Number(full[1]), Number(full[2]), Number(full[3]));
  const [hour, minute, second] = [Number(full[4]), Number(full[5]), Number(full[6] ?? 0)];
  const zone = full[8] ?? "Z";
  const offset = zone === "Z" ? 0 : Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  if (day === null || hour > 23 || minute > 59 || second > 59 || offset > 14 * 60) return null;
  const milliseconds = Number((full[7] ?? "").slice(0, 3).padEnd(3, "0"));
  const local = day + (hour * 60 + minute) * MINUTE_MS + second * 1_000 + milliseconds;
  return local - (zone.startsWith("-") ? -offset : offset) * MINUTE_MS;
}
