import { ok, type Result, refuse } from "../../result";
import type { Command } from "../command";
import { closeSubmission, leaveRest, stopSteps } from "../end-run";
import { definitionOf, openStage, stageNamed, stepById, stepsOf } from "../find";
import type { StageRun, StepRun } from "../state";
import { startStep } from "../steps";
import { emit, type Turn } from "../turn";
import { createStep, walk } from "../walk";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** The run's own record changed (A8). Conditions are evaluated with its values as they are now. */
export function wake(turn: Turn): Result<Turn> {
  if (turn.state.run.waitsForRecord) emit(turn, { type: "record-changed" });
  return ok(turn);
}

const MAX_REASON_CHARACTERS = 500;

/** Nobody may notice that a run missed a change which it waits for: it is stalled until it has looked again, by a next change or by `retry`. */
export function wakeFailed(turn: Turn, { error }: Of<"wake-failed">): Result<Turn> {
  const { waitsForRecord, stalledSince } = turn.state.run;
  const reason = `The record changed, but the run could not look at it again: ${error}`.slice(0, MAX_REASON_CHARACTERS);
  if (waitsForRecord && stalledSince === null) emit(turn, { type: "run-stalled", reason });
  return ok(turn);
}

/** Ends a run for ever (A6b, matrix 2.6). `run-closed` when it has ended already; a run in Error may still be canceled. */
export function cancel(turn: Turn, { reason }: Of<"cancel">): Result<Turn> {
  const { status } = turn.state.run;
  if (status !== "in_progress" && status !== "error") return refuse("run-closed", { details: { status } });
  const stage = openStage(turn.state);
  if (stage) {
    stopSteps(turn, stage, "step-canceled");
    emit(turn, { type: "stage-canceled", stageRunId: stage.id });
  }
  emit(turn, { type: "run-canceled", reason });
  closeSubmission(turn, "canceled");
  leaveRest(turn);
  return ok(turn);
}

/**
 * Resumes a run in Error (A6): its stage is in progress again, each errored step and each discontinued sibling gets a new attempt. What a
 * sibling's person had already answered is carried over, so that a step that only waited for its exit need not be done twice. A stalled
 * run looks again, and is stalled anew if that moves nothing.
 */
export function retry(turn: Turn, { reason }: Of<"retry">): Result<Turn> {
  const { run, stages } = turn.state;
  if (run.status === "in_progress" && run.stalledSince !== null) {
    emit(turn, { type: "run-unstalled", reason });
    return ok(turn);
  }
  if (run.status !== "error")
    return run.status === "in_progress"
      ? refuse("nothing-to-retry")
      : refuse("run-closed", { details: { status: run.status } });
  emit(turn, { type: "run-resumed", reason });
  closeSubmission(turn, "in_progress");
  const last = stages.at(-1);
  // It failed between stages, at a decision: the way is walked again.
  if (!last || last.status === "completed") {
    walk(turn, last ? stageNamed(turn.definition, last.name).next : turn.definition.start.next);
    return ok(turn);
  }
  const stopped = stepsOf(turn.state, last.id).filter(({ status }) => status === "error" || status === "discontinued");
  emit(turn, { type: "stage-resumed", stageRunId: last.id, from: last.status === "error" ? "error" : "discontinued" });
  for (const step of stopped) tryAgain(turn, last, step);
  return ok(turn);
}

function tryAgain(turn: Turn, stage: StageRun, former: StepRun): void {
  // An attempt that cannot be set up ends the stage again.
  if (openStage(turn.state)?.id !== stage.id || !former.entryProof) return;
  const defined = definitionOf(turn.definition, turn.state, former);
  const stepRunId = createStep(turn, defined, { stageRunId: stage.id, attempt: former.attempt + 1 });
  const attempt = stepById(turn.state, stepRunId);
  if (!attempt) return;
  startStep(turn, attempt, former.entryProof);
  if (former.outputs && former.status === "discontinued")
    emit(turn, { type: "step-outputs-stored", stepRunId, outputs: former.outputs });
}
