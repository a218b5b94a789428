import { definitionOf, openItemsOf, openStage, stepsOf } from "./find";
import type { StageRun, StepRun, Submission } from "./state";
import { emit, type Turn } from "./turn";

/** Closes a step's open item without work, because its step ended otherwise (A1). */
export function withdrawItems(turn: Turn, step: StepRun): void {
  for (const item of openItemsOf(turn.state, step.id)) {
    emit(turn, {
      type: "work-item-completed",
      workItemId: item.id,
      completionKind: "withdrawn",
      completedBy: null,
      onBehalfOf: null,
      outcome: null,
      comments: null,
    });
    turn.effects.push({ type: "withdraw-assignment", workItemId: item.id });
  }
}

/** Ends the steps of a stage that are still in progress, items first. */
export function stopSteps(turn: Turn, stage: StageRun, as: "step-discontinued" | "step-canceled"): void {
  for (const step of stepsOf(turn.state, stage.id)) {
    if (step.status !== "in_progress") continue;
    withdrawItems(turn, step);
    emit(turn, { type: as, stepRunId: step.id });
  }
}

/** The run reached its end: Completed, and its submission is decided (6.3: one rejected item rejects it; none at all approves). */
export function completeRun(turn: Turn): void {
  emit(turn, { type: "run-completed" });
  const isRejected = turn.state.items.some(({ outcome }) => outcome === "reject");
  closeSubmission(turn, isRejected ? "rejected" : "approved");
  leaveRest(turn);
}

type Failure = { readonly error: string; readonly failedStage?: StageRun };

/**
 * Ends the run in Error (A4, matrix 2.6). The stage that failed goes to Error; a stage that was merely open when the run failed
 * outside it is Discontinued.
 */
export function failRun(turn: Turn, { error, failedStage }: Failure): void {
  const stage = openStage(turn.state);
  if (stage) {
    stopSteps(turn, stage, "step-discontinued");
    emit(turn, { type: stage.id === failedStage?.id ? "stage-failed" : "stage-discontinued", stageRunId: stage.id });
  }
  emit(turn, { type: "run-failed", error });
  closeSubmission(turn, "error");
  turn.effects.push({ type: "notify-failure", error });
  leaveRest(turn);
}

/** A step's flow failed, or the step could not be set up: step, stage and run go to Error, its siblings are Discontinued. */
export function failStep(turn: Turn, step: StepRun, because: { error: string; element: string | null }): void {
  withdrawItems(turn, step);
  emit(turn, { type: "step-failed", stepRunId: step.id, ...because });
  const { label } = definitionOf(turn.definition, turn.state, step);
  const failedStage = openStage(turn.state);
  failRun(turn, { error: `“${label}” failed: ${because.error}`, ...(failedStage && { failedStage }) });
}

export function closeSubmission(turn: Turn, to: Exclude<Submission["status"], "recalled">): void {
  const { submission } = turn.state;
  if (!submission || submission.status === to) return;
  emit(turn, { type: "submission-changed", submissionId: submission.id, from: submission.status, to });
  if (to !== "in_progress") turn.effects.push({ type: "notify-submitter", submissionId: submission.id, status: to });
}

/** What ended waits for nothing and is not stalled. */
export function leaveRest(turn: Turn): void {
  if (turn.state.run.waitsForRecord) emit(turn, { type: "wait-closed" });
  if (turn.state.run.stalledSince !== null) emit(turn, { type: "run-unstalled" });
}
