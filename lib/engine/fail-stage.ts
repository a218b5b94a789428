import { failRun, stopSteps, withdrawItems } from "./end-run";
import { definitionOf, openStage, stageNamed, stepById } from "./find";
import type { Failure, StageRun, StepRun } from "./state";
import { emit, type Turn } from "./turn";
import { walk } from "./walk";

/** A step's flow failed, or the step could not be set up: the step goes to Error, and its stage with it (A4). */
export function failStep(turn: Turn, step: StepRun, because: Failure): void {
  withdrawItems(turn, step);
  emit(turn, { type: "step-failed", stepRunId: step.id, ...because });
  const { label } = definitionOf(turn.definition, turn.state, step);
  const stage = openStage(turn.state);
  if (stage) failStage(turn, stage, { error: `“${label}” failed: ${because.error}`, stepRunId: step.id });
}

/**
 * A stage goes to Error and its running steps are Discontinued. The run follows the stage's fault path when it has one (2.9), else it goes to
 * Error itself.
 */
export function failStage(turn: Turn, stage: StageRun, because: { error: string; stepRunId: string | null }): void {
  stopSteps(turn, stage, "step-discontinued");
  emit(turn, { type: "stage-failed", stageRunId: stage.id });
  const { faultNext } = stageNamed(turn.definition, stage.name);
  if (faultNext === undefined) return failRun(turn, because);
  emit(turn, { type: "fault-caught", stageName: stage.name, message: because.error });
  if (!wasTold(turn, stage, because)) turn.effects.push({ type: "notify-failure", ...because, isCaught: true });
  walk(turn, faultNext);
}

/** Whether the stage failed at the same step in a round before, which author and admins were told of: one mail for a run and step is enough. */
function wasTold(
  { state }: Turn,
  { id, name }: StageRun,
  { stepRunId }: { readonly stepRunId: string | null },
): boolean {
  const step = stepRunId === null ? null : stepById(state, stepRunId);
  const failedIn = (stageRunId: string) =>
    state.steps.filter((one) => one.stageRunId === stageRunId && one.status === "error");
  return state.stages.some((round) => {
    if (round.id === id || round.name !== name || round.status !== "error") return false;
    const failed = failedIn(round.id);
    return step ? failed.some((one) => one.name === step.name) : failed.length === 0;
  });
}

/** A failure now; or, while the run is suspended, one that takes effect when it is resumed (A20b). */
export function failStepOrStore(turn: Turn, step: StepRun, because: Failure): void {
  if (turn.state.run.status === "in_progress") return failStep(turn, step, because);
  withdrawItems(turn, step);
  emit(turn, { type: "step-failure-stored", stepRunId: step.id, ...because });
}
