import { canonicalJson } from "../logic/canonical";
import { nextChange } from "../logic/next-change";
import { pathsOf } from "../logic/reads";
import { NO_WAITS } from "./apply";
import { type OpenCondition, openConditions } from "./conditions";
import { nextRungs } from "./due";
import { stepsWaitingForLock } from "./locks";
import { clockOf, lookupOf } from "./lookup";
import type { Waits } from "./state";
import { emit, type Turn } from "./turn";

/** Records that one run may wait for. */
const MAX_RECORDS = 1_000;

/** An evaluation flow that reads the clock is asked again after this long: each time is a line of the history. */
const CLOCK_MS = 5 * 60_000;
/**
 * A save that had read who waits, but had not been committed when a wait for its object began, has not seen the wait. No transaction lives
 * longer than 15 s, so the run looks once more after that.
 */
const RECHECK_MS = 16_000;

/** What could make an open condition of the run come true without anybody doing anything in it (A8). */
export function waitsOf(turn: Turn): Waits {
  const open = openConditions(turn);
  const records = [...new Set(open.flatMap((condition) => recordsBehind(turn, condition)))].sort();
  const objects = [...new Set(open.flatMap((condition) => outsideOf(turn, condition)?.objects ?? []))].sort();
  const clocks = [...open.flatMap((condition) => dueOf(turn, condition)), ...nextRungs(turn)];
  const due = [...clocks, ...recheckOf(turn, objects)].sort();
  const lock = stepsWaitingForLock(turn).length > 0 ? (turn.state.run.record?.id ?? null) : null;
  return { records: records.slice(0, MAX_RECORDS), objects, dueAt: due[0] ?? null, lock };
}

/** The records that a condition's requirements read, or that the inputs of its evaluation flow do; the run's own record stands for the rest. */
function recordsBehind({ state, facts }: Turn, { condition }: OpenCondition): readonly string[] {
  const own = state.run.record ? [state.run.record.id] : [];
  if (condition.type === "evaluation_flow") return own;
  if (condition.type !== "requirements") return [];
  return pathsOf(condition.condition).flatMap((path) => {
    if (!path.startsWith("$Record.")) return [];
    return facts.behind?.[path.slice("$Record.".length)] ?? own;
  });
}

/** Facts are read only where they are asked for, so other conditions do not ask. */
function outsideOf({ facts }: Turn, { condition }: OpenCondition) {
  if (condition.type !== "evaluation_flow") return undefined;
  const { outside = {} } = facts;
  return Object.hasOwn(outside, condition.flow) ? outside[condition.flow] : undefined;
}

function dueOf(turn: Turn, open: OpenCondition): readonly string[] {
  if (outsideOf(turn, open)?.clock) return [after(turn, CLOCK_MS)];
  if (open.condition.type !== "requirements") return [];
  const due = nextChange(open.condition.condition, lookupOf(turn), clockOf(turn));
  return due === null ? [] : [due];
}

/** When to look once more at objects that the run begins to wait for; until then that instant stands. */
function recheckOf(turn: Turn, objects: readonly string[]): readonly string[] {
  const { waits } = turn.state.run;
  if (objects.some((name) => !waits.objects.includes(name))) return [after(turn, RECHECK_MS)];
  const isPending = objects.length > 0 && waits.dueAt !== null && waits.dueAt > turn.env.now;
  return isPending && waits.dueAt !== null ? [waits.dueAt] : [];
}

const after = ({ env }: Turn, milliseconds: number): string =>
  new Date(Date.parse(env.now) + milliseconds).toISOString();

/** Writes down what the run waits for from now on, and asks to be woken when the clock comes round. */
export function setWaits(turn: Turn, waits: Waits): void {
  const former = turn.state.run.waits;
  // The database keeps the members of an object in an order of its own.
  if (canonicalJson(former) === canonicalJson(waits)) return;
  emit(turn, { type: "waits-changed", ...waits });
  if (waits.dueAt !== null && waits.dueAt !== former.dueAt) turn.effects.push({ type: "wake-at", at: waits.dueAt });
}

export const waitForNothing = (turn: Turn): void => setWaits(turn, NO_WAITS);
