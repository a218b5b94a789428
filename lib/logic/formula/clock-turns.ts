import { CURRENT_DATE, CURRENT_DATE_TIME } from "../globals";
import type { Lookup } from "../references";
import type { Cell } from "./cell";
import type { Node } from "./parse";
import { reckonTree } from "./reckon";

/** When what a formula gives may change by the clock alone: at `exact` instants, with the next day, or at any time. */
export type ClockTurns = { readonly exact: readonly number[]; readonly readsDay: boolean; readonly readsTime: boolean };

export type Moment = { readonly at: number; readonly zone: string; readonly lookup: Lookup };

/** How far ahead an instant is looked for: a hundred years, and no further than years have four digits. */
const HORIZON_MS = 100 * 365.25 * 86_400_000;
const LAST_MS = Date.UTC(9999, 11, 31);
const NEVER: ClockTurns = { exact: [], readsDay: false, readsTime: false };

const COMPARISONS: ReadonlySet<string> = new Set(["=", "==", "<>", "!=", "<", "<=", ">", ">="]);
/** What gives the same for every instant of a day. */
const OF_DAY: ReadonlySet<string> = new Set([
  "DATEVALUE",
  "YEAR",
  "MONTH",
  "DAY",
  "WEEKDAY",
  "DAYOFYEAR",
  "ISOWEEK",
  "ISOYEAR",
]);

/**
 * Where a tree may give something else as time goes by, seen from one moment. A comparison in which the time is only added to or taken
 * from (`NOW() - $Record.CreatedAt > 2`) turns at instants that are found exactly; any other reading of the time may turn at any time.
 */
export function turnsOf(node: Node, moment: Moment): ClockTurns {
  if (isNow(node) || isCall(node, "TIMENOW")) return { ...NEVER, readsTime: true };
  if (isCall(node, "TODAY") || (node.is === "path" && node.path === CURRENT_DATE)) return { ...NEVER, readsDay: true };
  if (node.is === "call" && OF_DAY.has(node.name) && node.args.every(isNow))
    return { ...NEVER, readsDay: node.args.length > 0 };
  return (
    (isSteady(node) ? crossings(node, moment) : null) ?? together(partsOf(node).map((part) => turnsOf(part, moment)))
  );
}

type Chain = Extract<Node, { is: "chain" }>;

const isCall = (node: Node, name: string): boolean => node.is === "call" && node.name === name;
const isNow = (node: Node): boolean => isCall(node, "NOW") || (node.is === "path" && node.path === CURRENT_DATE_TIME);

function partsOf(node: Node): readonly Node[] {
  switch (node.is) {
    case "chain":
      return [node.first, ...node.rest.map((link) => link.node)];
    case "call":
      return node.args;
    case "not":
    case "minus":
      return [node.of];
    default:
      return [];
  }
}

const together = (turns: readonly ClockTurns[]): ClockTurns => ({
  exact: turns.flatMap(({ exact }) => exact),
  readsDay: turns.some(({ readsDay }) => readsDay),
  readsTime: turns.some(({ readsTime }) => readsTime),
});

/** How often a tree reads the clock in any way. */
const readings = (node: Node): number =>
  isNow(node) || isCall(node, "TIMENOW") || isCall(node, "TODAY") || (node.is === "path" && node.path === CURRENT_DATE)
    ? 1
    : partsOf(node).reduce((sum, part) => sum + readings(part), 0);

/** One comparison, in which the time stands once, with nothing but sums and differences around it. */
function isSteady(node: Node): node is Chain {
  if (node.is !== "chain" || node.rest.length !== 1 || readings(node) !== 1) return false;
  return COMPARISONS.has(node.rest[0]?.operator ?? "") && partsOf(node).some(isSumOverNow);
}

const isSumOverNow = (node: Node): boolean =>
  isNow(node) ||
  (node.is === "chain" &&
    node.rest.every(({ operator }) => operator === "+" || operator === "-") &&
    partsOf(node).some(isSumOverNow));

/** The instants at which the two sides meet and part, as far as the comparison minds; null: it cannot be told. */
function crossings(node: Chain, { at, zone, lookup }: Moment): ClockTurns | null {
  const last = Math.min(at + HORIZON_MS, LAST_MS);
  const answersOf =
    (tree: Node) =>
    (instant: number): Cell =>
      reckonTree(tree, lookup, { clock: { now: new Date(instant).toISOString(), timeZone: zone } });
  const exact: number[] = [];
  for (const operator of ["<", ">"]) {
    const holds = answersOf({ ...node, rest: node.rest.map((link) => ({ ...link, operator })) });
    const [now, then] = [holds(at), holds(last)];
    if (typeof now !== "boolean" || typeof then !== "boolean") return null;
    if (now !== then) exact.push(firstOther({ from: at, to: last }, holds));
  }
  const own = answersOf(node);
  return { ...NEVER, exact: exact.filter((instant) => own(instant) !== own(instant - 1)) };
}

/** The first instant at which an answer that changes once is no longer what it is at `from`. */
export function firstOther<T>({ from, to }: { from: number; to: number }, answerAt: (at: number) => T): number {
  const answer = answerAt(from);
  let [same, other] = [from, to];
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (answerAt(middle) === answer) same = middle;
    else other = middle;
  }
  return other;
}
