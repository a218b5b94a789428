import { evaluate } from "./evaluate";
import { valueFrom } from "./express";
import { type ClockTurns, firstOther, type Moment, turnsOf } from "./formula/clock-turns";
import { parseFormula } from "./formula/parse";
import { type Clock, CURRENT_DATE, CURRENT_DATE_TIME } from "./globals";
import { instantOf } from "./instant";
import { QUESTIONS } from "./operator-words";
import { pathsOf } from "./reads";
import type { Lookup } from "./references";
import type { Condition, Expression, Requirement } from "./schema";
import { instantAt, laterDay, wallTimeAt } from "./wall-time";

const DAY_MS = 86_400_000;
/** How finely a condition is looked at that reads the time in a way that cannot be foreseen, */
const MINUTE_MS = 60_000;
/** and how far ahead: each look of a run that waits may be a line of its history, which is bounded. */
const MINUTES_AHEAD = 60;
/** Past this nothing is foreseen, because days have no four-digit year any more. */
const LAST_MS = Date.UTC(9999, 11, 30);

/** Comparisons as formulas write them. */
const SIGNS: Readonly<Partial<Record<Requirement["operator"], string>>> = {
  equals: "=",
  not_equals: "<>",
  greater_than: ">",
  greater_than_or_equal: ">=",
  less_than: "<",
  less_than_or_equal: "<=",
};

/**
 * The earliest instant (ISO text) after `clock.now` at which the answer of a condition may change by the clock alone: until just before it
 * the answer stays what it is now, as long as the values do. Null when the clock cannot change it (in a formula: not within a hundred
 * years). Where it cannot be told when (`HOUR(NOW()) > 8`), it is tried minute by minute: the change itself when it is found within an hour,
 * else after that hour.
 */
export function nextChange(condition: Condition, lookup: Lookup, clock: Clock): string | null {
  const at = instantOf(clock.now);
  if (at === null || at >= LAST_MS) return null;
  const now = { at, zone: clock.timeZone, lookup };
  const looks = looksOf(condition, now);
  const exact = looks.exact.filter((instant) => instant > at && instant < LAST_MS);
  const midnight = looks.readsDay ? [startOfDay(laterDay(wallTimeAt(at, now.zone).date, 1), now.zone)] : [];
  const soon = looks.readsTime ? [at + MINUTES_AHEAD * MINUTE_MS] : [];
  const candidates = [...exact, ...midnight, ...soon];
  if (candidates.length === 0) return null;
  const earliest = Math.min(...candidates);
  if (!looks.readsTime) return isoText(earliest);
  const verdictAt = (instant: number): boolean =>
    evaluate(condition, lookup, { clock: { now: isoText(instant), timeZone: now.zone } }).met;
  return isoText(firstSeen({ from: at, to: earliest - 1 }, verdictAt) ?? earliest);
}

/** The first instant at which an answer is another than at `from`, as far as looks a minute apart tell; null: it is the same up to `to`. */
function firstSeen({ from, to }: { from: number; to: number }, verdictAt: (at: number) => boolean): number | null {
  const now = verdictAt(from);
  for (let same = from; same < to; ) {
    const next = Math.min(same + MINUTE_MS, to);
    if (verdictAt(next) !== now) return firstOther({ from: same, to: next }, verdictAt);
    same = next;
  }
  return null;
}

const isoText = (at: number): string => new Date(at).toISOString();
const startOfDay = (date: string, zone: string): number => instantAt({ date, sinceMidnight: 0 }, zone);

function looksOf(condition: Condition, now: Moment): ClockTurns {
  if (condition.logic === "formula") {
    const parsed = parseFormula(condition.formula);
    return "error" in parsed ? NEVER : turnsOf(parsed.tree, now);
  }
  const rows = condition.requirements.map((row) => ofRow(row, now));
  return {
    exact: rows.flatMap(({ exact }) => exact),
    readsDay: rows.some(({ readsDay }) => readsDay),
    readsTime: rows.some(({ readsTime }) => readsTime),
  };
}

const NEVER: ClockTurns = { exact: [], readsDay: false, readsTime: false };

function ofRow(row: Requirement, now: Moment): ClockTurns {
  const { left, operator, right } = row;
  if (QUESTIONS.includes(operator)) return NEVER;
  const paths = [left, ...pathsOf(right)];
  const [readsDay, readsTime] = [paths.includes(CURRENT_DATE), paths.includes(CURRENT_DATE_TIME)];
  if (!readsDay && !readsTime) return NEVER;
  const pair = SIGNS[operator] ? clockAndOther(left, right) : null;
  if (!pair) return ofFormula(row, now) ?? { exact: [], readsDay, readsTime };
  const clock = { now: isoText(now.at), timeZone: now.zone };
  const value = valueFrom(pair.other, now.lookup, { clock });
  const target = typeof value === "string" ? instantOf(value) : null;
  if (target === null || target >= LAST_MS) return NEVER;
  if (pair.clock === CURRENT_DATE_TIME) return { ...NEVER, exact: [target, target + 1] };
  // A day counts as its midnight in UTC: the first day not before the target, and the one after it.
  const first = isoText(Math.ceil(target / DAY_MS) * DAY_MS).slice(0, 10);
  return { ...NEVER, exact: [startOfDay(first, now.zone), startOfDay(laterDay(first, 1), now.zone)] };
}

/** A comparison with a formula as one formula; null: it is none. */
function ofFormula({ left, operator, right }: Requirement, now: Moment): ClockTurns | null {
  const sign = SIGNS[operator];
  const parsed = "formula" in right ? parseFormula(right.formula) : null;
  if (!sign || !parsed || "error" in parsed) return null;
  const rest = [{ operator: sign, node: parsed.tree, at: 0 }];
  return turnsOf({ is: "chain", first: { is: "path", path: left, at: 0 }, rest }, now);
}

/** The clock's path on one side and what it is compared with on the other, when only one side reads the clock, and nothing but it. */
function clockAndOther(left: string, right: Expression): { clock: string; other: Expression } | null {
  const isClock = (path: string) => path === CURRENT_DATE || path === CURRENT_DATE_TIME;
  if (isClock(left)) return pathsOf(right).some(isClock) ? null : { clock: left, other: right };
  return "ref" in right && isClock(right.ref) ? { clock: right.ref, other: { ref: left } } : null;
}
