import { ok, type Result, refuse } from "../result";
import type { Command } from "./command";
import { entryOf, proofOf } from "./conditions";
import type { Orchestration } from "./definition";
import { definitionOf, openStage, stepById, stepsOf } from "./find";
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
  if (!turn.state.run.holdsLock && locks(turn.definition, turn.state, step)) take(turn, null);
}

function take(turn: Turn, editorId: string | null): void {
  const { record, holdsLock } = turn.state.run;
  if (record === null) return;
  if (!holdsLock) emit(turn, { type: "record-locked", recordId: record.id });
  turn.effects.push({ type: "lock-record", recordId: record.id, editorId });
}

/**
 * The action of a background step's flow that locks the run's record, or unlocks it (2.10, 6.8: "lock in a background step before and unlock after").
 * Refusals: `step-not-open`, `not-a-background-step`, `no-record-to-lock`, and `record-locked` when another run holds it: a flow that is under way waits for nobody.
 */
export function keepLock(turn: Turn, { stepRunId, keeps, editorId }: KeepLock): Result<Turn> {
  const step = stepById(turn.state, stepRunId);
  const { record, holdsLock } = turn.state.run;
  if (step?.status !== "in_progress") return refuse("step-not-open");
  if (definitionOf(turn.definition, turn.state, step).kind !== "background") return refuse("not-a-background-step");
  if (record === null) return refuse("no-record-to-lock");
  const { lockedBy = null } = keeps && !holdsLock ? turn.facts : {};
  if (lockedBy)
    return refuse("record-locked", { details: { by: lockedBy.label, runId: lockedBy.runId, since: lockedBy.since } });
  emit(turn, { type: "lock-kept", stepRunId, keeps, editorId: keeps ? editorId : null });
  if (keeps || holdsLock) take(turn, keeps ? editorId : null);
  return ok(turn);
}
type KeepLock = Extract<Command, { type: "keep-lock" }>;

/**
 * Gives the lock up once no step in progress needs it, and no flow keeps it any more. What a flow keeps stays through an Error, which is no end
 * (A6): nobody would take it again when the run is repaired, since the step that locked is completed. A run that ended for ever keeps none.
 */
export function releaseLock(turn: Turn): void {
  const { definition, state } = turn;
  const { holdsLock, keepsLock, record, status } = state.run;
  if (!holdsLock || record === null) return;
  if (keepsLock && status !== "completed" && status !== "canceled") return;
  const isNeeded = state.steps.some((step) => step.status === "in_progress" && locks(definition, state, step));
  if (isNeeded) return;
  emit(turn, { type: "record-unlocked", recordId: record.id });
  turn.effects.push({ type: "unlock-record", recordId: record.id });
}
