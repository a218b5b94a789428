import { evaluate } from "./evaluate";
import { valueFrom } from "./express";
import { type Clock, CURRENT_DATE, CURRENT_DATE_TIME, withGlobals } from "./globals";
import { instantOf } from "./instant";
import { QUESTIONS } from "./operator-words";
import { pathsOf } from "./reads";
import type { Lookup } from "./references";
import type { Condition, Expression, Requirement } from "./schema";
import { instantAt, laterDay, wallTimeAt } from "./wall-time";

const DAY_MS = 86_400_000;
/** How long a condition that reads the time in a way that cannot be foreseen goes without another look. */
const LOOK_AGAIN_MS = 60_000;
/** Past this nothing is foreseen, because days have no four-digit year any more. */
const LAST_MS = Date.UTC(9999, 11, 30);

const COMPARISONS: readonly Requirement["operator"][] = [
  "equals",
  "not_equals",
  "greater_than",
  "greater_than_or_equal",
  "less_than",
  "less_than_or_equal",
];

type Now = { readonly at: number; readonly zone: string };
/** When to look again: `exact` instants, or after as long as a reading of the day or the time may stay true. */
type Looks = { readonly exact: readonly number[]; readonly readsDay: boolean; readonly readsTime: boolean };

/**
 * The earliest instant (ISO text) after `clock.now` at which the answer of a condition may change by the clock alone: until just before it
 * the answer stays what it is now, as long as the values do. Null when the clock cannot change it. A condition that reads the time within
 * texts or a formula is looked at again after a minute at most, at the change itself when that is nearer.
 */
export function nextChange(condition: Condition, lookup: Lookup, clock: Clock): string | null {
  const at = instantOf(clock.now);
  if (at === null || at >= LAST_MS) return null;
  const now = { at, zone: clock.timeZone };
  const looks = looksOf(condition, withGlobals(lookup, clock), now);
  const exact = looks.exact.filter((instant) => instant > at && instant < LAST_MS);
  const midnight = looks.readsDay ? [startOfDay(laterDay(wallTimeAt(at, now.zone).date, 1), now.zone)] : [];
  const soon = looks.readsTime ? [at + LOOK_AGAIN_MS] : [];
  const candidates = [...exact, ...midnight, ...soon];
  if (candidates.length === 0) return null;
  const earliest = Math.min(...candidates);
  const verdictAt = (instant: number): boolean =>
    evaluate(condition, lookup, { clock: { now: isoText(instant), timeZone: now.zone } }).met;
  return isoText(looks.readsTime ? firstOther({ from: at, to: earliest }, verdictAt) : earliest);
}

const isoText = (at: number): string => new Date(at).toISOString();
const startOfDay = (date: string, zone: string): number => instantAt({ date, sinceMidnight: 0 }, zone);

/** The instant in (from, to] from which the answer differs from that at `from`; `to` when it does not before. */
function firstOther({ from, to }: { from: number; to: number }, verdictAt: (at: number) => boolean): number {
  const verdict = verdictAt(from);
  if (verdictAt(to - 1) === verdict) return to;
  let [same, other] = [from, to - 1];
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (verdictAt(middle) === verdict) same = middle;
    else other = middle;
  }
  return other;
}

function looksOf(condition: Condition, lookup: Lookup, now: Now): Looks {
  if (condition.logic === "formula") return { exact: [], ...clockIn(pathsOf(condition)) };
  const rows = condition.requirements.map((row) => ofRow(row, lookup, now));
  return {
    exact: rows.flatMap(({ exact }) => exact),
    readsDay: rows.some(({ readsDay }) => readsDay),
    readsTime: rows.some(({ readsTime }) => readsTime),
  };
}

const clockIn = (paths: readonly string[]): Pick<Looks, "readsDay" | "readsTime"> => ({
  readsDay: paths.includes(CURRENT_DATE),
  readsTime: paths.includes(CURRENT_DATE_TIME),
});

const NEVER: Looks = { exact: [], readsDay: false, readsTime: false };

function ofRow({ left, operator, right }: Requirement, lookup: Lookup, now: Now): Looks {
  if (QUESTIONS.includes(operator)) return NEVER;
  const { readsDay, readsTime } = clockIn([left, ...pathsOf(right)]);
  if (!readsDay && !readsTime) return NEVER;
  const pair = COMPARISONS.includes(operator) ? clockAndOther(left, right) : null;
  if (!pair) return { exact: [], readsDay, readsTime };
  const value = valueFrom(pair.other, lookup);
  const target = typeof value === "string" ? instantOf(value) : null;
  if (target === null || target >= LAST_MS) return NEVER;
  if (pair.clock === CURRENT_DATE_TIME) return { ...NEVER, exact: [target, target + 1] };
  // A day counts as its midnight in UTC: the first day not before the target, and the one after it.
  const first = isoText(Math.ceil(target / DAY_MS) * DAY_MS).slice(0, 10);
  return { ...NEVER, exact: [startOfDay(first, now.zone), startOfDay(laterDay(first, 1), now.zone)] };
}

/** The clock's path on one side and what it is compared with on the other, when only one side reads the clock, and nothing but it. */
function clockAndOther(left: string, right: Expression): { clock: string; other: Expression } | null {
  const isClock = (path: string) => path === CURRENT_DATE || path === CURRENT_DATE_TIME;
  if (isClock(left)) return pathsOf(right).some(isClock) ? null : { clock: left, other: right };
  return "ref" in right && isClock(right.ref) ? { clock: right.ref, other: { ref: left } } : null;
}
