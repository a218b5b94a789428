import { fillTemplate, type Seen, valueFrom } from "./express";
import { withGlobals } from "./globals";
import { instantOf, isDate } from "./instant";
import type { Lookup } from "./references";
import type { Expression } from "./schema";
import { textOf } from "./text-of";
import { isList, type Value } from "./value";

/** Values as people read them in a sentence: the same text on the server, in the browser and in mails. */

const DAY = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
/** Four digits stand as they are, because nothing says whether they are an amount or a year. */
const NUMBER = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 15, useGrouping: "min2" });

/** "21 Nov 2026" of `2026-11-21`; a day has no time zone. */
export const formatDay = (date: string): string => DAY.format(new Date(`${date}T00:00:00Z`)).replace("Sept", "Sep");

/** "21 Nov 2026, 14:02" in that zone. */
export const formatInstant = (iso: string, zone: string): string =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  })
    .format(new Date(iso))
    .replace("Sept", "Sep");

/**
 * How a value reads for people inside a text that an author wrote: "12,500", "21 Nov 2026", an instant in the reader's zone. Without a zone,
 * as in a mail to many, instants are in UTC and say so.
 */
export const shownIn =
  (zone: string | null) =>
  (value: Value): string => {
    if (typeof value === "number") return NUMBER.format(value);
    if (typeof value === "boolean") return value ? "Yes" : "No";
    if (isList(value)) return value.map(shownIn(zone)).join(", ");
    if (typeof value !== "string") return textOf(value);
    if (isDate(value)) return formatDay(value);
    if (instantOf(value) === null) return value;
    return zone === null ? `${formatInstant(value, "UTC")} UTC` : formatInstant(value, zone);
  };

/** What an author's words say in a mail. */
export function wordsFrom(expression: Expression, lookup: Lookup, seen: Seen = {}): string {
  if ("template" in expression)
    return fillTemplate(expression.template, withGlobals(lookup, seen.clock), shownIn(null));
  return "literal" in expression ? textOf(expression.literal) : shownIn(null)(valueFrom(expression, lookup, seen));
}
