import { ownProperty } from "../logic/value";
import { definitionOf, isMachine, openItemsOf, openStage, stepsOf } from "./find";
import { outcomeNamed, saysNo } from "./outcomes";
import type { StageRun, StepRun, Submission } from "./state";
import { emit, type Turn } from "./turn";
import { waitForNothing } from "./waits";

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
    if (isMachine(step)) turn.effects.push({ type: "cancel-jobs", stepRunId: step.id });
  }
}

/** The run reached its end: Completed, and its submission is decided. */
export function completeRun(turn: Turn): void {
  emit(turn, { type: "run-completed" });
  closeSubmission(turn, endOf(turn));
  leaveRest(turn);
}

/**
 * How a submission ends (6.3): one rejection rejects it, but for those that led back to a step which has decided since; none at all approves.
 * Where no approval step was reached the author says (A12).
 */
function endOf({ definition, state }: Turn): "approved" | "rejected" {
  const decided = state.steps.filter((step) => {
    const defined = definitionOf(definition, state, step);
    return defined.kind === "approval" && outcomeNamed(defined, ownProperty(step.outputs, "approvalDecision")) !== null;
  });
  if (decided.length === 0) return definition.approval?.whenNoStepRan ?? "approved";
  const isRejected = decided.some((step) => {
    const defined = definitionOf(definition, state, step);
    if (defined.kind !== "approval" || !saysNo(defined, step.outputs)) return false;
    const isLedBack = typeof defined.onReject === "object";
    return !isLedBack || decided.findLast(({ name }) => name === step.name) === step;
  });
  return isRejected ? "rejected" : "approved";
}

/**
 * Ends the run in Error (A4, matrix 2.6). A stage that is open by now is Discontinued, because the run failed outside it; one that failed
 * itself has ended before (`failStage`).
 */
export function failRun(turn: Turn, { error, stepRunId = null }: { error: string; stepRunId?: string | null }): void {
  const stage = openStage(turn.state);
  if (stage) {
    stopSteps(turn, stage, "step-discontinued");
    emit(turn, { type: "stage-discontinued", stageRunId: stage.id });
  }
  emit(turn, { type: "run-failed", error });
  closeSubmission(turn, "error");
  turn.effects.push({ type: "notify-failure", error, stepRunId });
  leaveRest(turn);
}

export function closeSubmission(turn: Turn, to: Submission["status"]): void {
  const { submission } = turn.state;
  if (!submission || submission.status === to) return;
  emit(turn, { type: "submission-changed", submissionId: submission.id, from: submission.status, to });
  if (to !== "in_progress") turn.effects.push({ type: "notify-submitter", submissionId: submission.id, status: to });
}

/** What ended, or was suspended, waits for nothing and is not stalled. */
export function leaveRest(turn: Turn): void {
  waitForNothing(turn);
  if (turn.state.run.stalledSince !== null) emit(turn, { type: "run-unstalled" });
}
