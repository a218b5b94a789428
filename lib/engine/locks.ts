import { entryOf, proofOf } from "./conditions";
import type { Orchestration } from "./definition";
import { definitionOf, openStage, stepsOf } from "./find";
import type { RunState, StepRun } from "./state";
import { emit, type Turn } from "./turn";

/** Whether a step keeps others from changing the run's record while it is in progress (A22). */
export function locks(definition: Orchestration, state: RunState, step: StepRun): boolean {
  return definitionOf(definition, state, step).locksRecord && state.run.record !== null;
}

/** Whether another run holds the lock that a step needs. */
export const isLockedOut = ({ definition, state, facts }: Turn, step: StepRun): boolean =>
  locks(definition, state, step) && !state.run.holdsLock && (facts.lockedBy ?? null) !== null;

/** Steps that only the lock keeps from starting: their entry holds. */
export function stepsWaitingForLock(turn: Turn): readonly StepRun[] {
  const stage = openStage(turn.state);
  if (!stage || turn.definition.onLocked === "fail") return [];
  return stepsOf(turn.state, stage.id).filter((step) => {
    if (step.status !== "not_started" || !isLockedOut(turn, step)) return false;
    return proofOf(turn, entryOf(turn, step))?.met === true;
  });
}

/** One lock for the run, shared by its steps: taken by the first of them. */
export function takeLock(turn: Turn, step: StepRun): void {
  const { record, holdsLock } = turn.state.run;
  if (holdsLock || record === null || !locks(turn.definition, turn.state, step)) return;
  emit(turn, { type: "record-locked", recordId: record.id });
  turn.effects.push({ type: "lock-record", recordId: record.id });
}

/** Gives the lock up once no step in progress needs it. */
export function releaseLock(turn: Turn): void {
  const { definition, state } = turn;
  const { holdsLock, record } = state.run;
  if (!holdsLock || record === null) return;
  const isNeeded = state.steps.some((step) => step.status === "in_progress" && locks(definition, state, step));
  if (isNeeded) return;
  emit(turn, { type: "record-unlocked", recordId: record.id });
  turn.effects.push({ type: "unlock-record", recordId: record.id });
}
