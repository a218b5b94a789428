import { nextChange } from "../logic/next-change";
import { pathsOf } from "../logic/reads";
import { NO_WAITS } from "./apply";
import { type OpenCondition, openConditions } from "./conditions";
import { stepsWaitingForLock } from "./locks";
import { clockOf, lookupOf } from "./lookup";
import type { Waits } from "./state";
import { emit, type Turn } from "./turn";

/** Records that one run may wait for. */
const MAX_RECORDS = 1_000;

/** What could make an open condition of the run come true without anybody doing anything in it (A8). */
export function waitsOf(turn: Turn): Waits {
  const open = openConditions(turn);
  const records = [...new Set(open.flatMap((condition) => recordsBehind(turn, condition)))].sort();
  const due = open.flatMap((condition) => dueOf(turn, condition)).sort();
  const lock = stepsWaitingForLock(turn).length > 0 ? (turn.state.run.record?.id ?? null) : null;
  return { records: records.slice(0, MAX_RECORDS), dueAt: due[0] ?? null, lock };
}

/** The records that a condition reads; what an evaluation flow reads is its own affair, so the run's own record stands for it. */
function recordsBehind({ state, facts }: Turn, { condition }: OpenCondition): readonly string[] {
  const own = state.run.record ? [state.run.record.id] : [];
  if (condition.type === "evaluation_flow") return own;
  if (condition.type !== "requirements") return [];
  return pathsOf(condition.condition).flatMap((path) => {
    if (!path.startsWith("$Record.")) return [];
    return facts.behind?.[path.slice("$Record.".length)] ?? own;
  });
}

function dueOf(turn: Turn, { condition }: OpenCondition): readonly string[] {
  if (condition.type !== "requirements") return [];
  const due = nextChange(condition.condition, lookupOf(turn), clockOf(turn));
  return due === null ? [] : [due];
}

/** Writes down what the run waits for from now on, and asks to be woken when the clock comes round. */
export function setWaits(turn: Turn, waits: Waits): void {
  const former = turn.state.run.waits;
  if (JSON.stringify(former) === JSON.stringify(waits)) return;
  emit(turn, { type: "waits-changed", ...waits });
  if (waits.dueAt !== null && waits.dueAt !== former.dueAt) turn.effects.push({ type: "wake-at", at: waits.dueAt });
}

export const waitForNothing = (turn: Turn): void => setWaits(turn, NO_WAITS);
