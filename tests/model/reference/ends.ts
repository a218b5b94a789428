import type { StageStatus, StepStatus } from "../../../lib/engine/status";
import { withdrawAll } from "./items";
import type { ModelRun, ModelStage, ModelStep } from "./run";
import { meaningOf } from "./sayings";
import { walk } from "./walk";

/** How steps, stages and runs end (semantics B 2.5, 2.6, A4, A11, A26). */

/** A text that only the engine knows: that there is one is compared, not what it says. */
export const SOME_TEXT = "(some text)";

export function completeStep(run: ModelRun, step: ModelStep): void {
  step.status = "completed";
  step.completedAt = run.world.now;
  withdrawAll(step);
  mapOutputs(run, step);
  const way = wayOf(step.definition, step.outputs);
  if (way === undefined) return;
  leaveStage(step.stage, "completed");
  if (way === null) endRun(run);
  else walk(run, way);
}

/** Where a decision leads at once: a rejection that stops the process to its end (A11), one that leads back or a sending back to where it says. */
function wayOf(definition: ModelStep["definition"], outputs: ModelStep["outputs"]): string | null | undefined {
  if (definition.kind !== "approval" || outputs === null) return undefined;
  const said = meaningOf(definition, outputs.approvalDecision);
  if (said?.does === "send_back" && said.to !== null) return said.to;
  if (said?.does !== "reject" || definition.onReject === "continue") return undefined;
  return definition.onReject === "stop" ? null : definition.onReject.goTo;
}

export const leads = (definition: ModelStep["definition"], outputs: ModelStep["outputs"]): boolean =>
  wayOf(definition, outputs) !== undefined;

/** What was brought takes effect: a machine's step is done, a person's too when nothing else is asked of it. */
export function takeEffect(run: ModelRun, step: ModelStep): void {
  const { definition } = step;
  if (leads(definition, step.outputs) || !("exit" in definition) || definition.exit.type === "flow_completed")
    completeStep(run, step);
}

/** A26; a step that brought nothing changes nothing. */
function mapOutputs(run: ModelRun, { definition, outputs }: ModelStep): void {
  if (outputs) for (const { from, to } of definition.outputs) run.variables[to] = outputs[from] ?? null;
}

export function failStep(run: ModelRun, step: ModelStep, error: string | null): void {
  step.status = "error";
  step.stored = null;
  step.hasError = true;
  withdrawAll(step);
  failStage(run, step.stage, error);
}

/** Error of a stage: its fault path, if it has one, else the run's Error. */
export function failStage(run: ModelRun, stage: ModelStage, error: string | null): void {
  leaveStage(stage, "error");
  const { faultNext } = stage.definition;
  if (faultNext === undefined) return failRun(run);
  run.faultMessage = error ?? SOME_TEXT;
  walk(run, faultNext);
}

/** The stage ends, and with it whatever runs in it. */
export function leaveStage(stage: ModelStage, status: StageStatus, running: StepStatus = "discontinued"): void {
  stage.status = status;
  for (const step of stage.steps)
    if (step.status === "in_progress") {
      step.status = running;
      step.stored = null;
      withdrawAll(step);
    }
}

export function failRun(run: ModelRun): void {
  run.status = "error";
  run.hasError = true;
  if (run.submission) run.submission = "error";
}

/** How a submission ends (B 6.3, A12): what led back to a step that was decided anew does not count against it. */
export function endRun(run: ModelRun): void {
  run.status = "completed";
  if (!run.submission) return;
  // What an admin says instead of its approvers is a decision too.
  const decided = run.steps.filter(
    ({ definition, outputs }) => definition.kind === "approval" && meaningOf(definition, outputs?.approvalDecision),
  );
  const isRejection = ({ definition, outputs }: ModelStep, at: number): boolean => {
    if (definition.kind !== "approval" || meaningOf(definition, outputs?.approvalDecision)?.does !== "reject")
      return false;
    const isLedBack = typeof definition.onReject === "object";
    return !isLedBack || decided.slice(at + 1).every((later) => later.definition.name !== definition.name);
  };
  if (decided.length === 0) run.submission = run.definition.approval?.whenNoStepRan ?? "approved";
  else run.submission = decided.some(isRejection) ? "rejected" : "approved";
}
