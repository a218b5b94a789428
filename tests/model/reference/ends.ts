import type { CompletionKind, StageStatus, StepStatus } from "../../../lib/engine/status";
import type { ModelRun, ModelStage, ModelStep } from "./run";
import { walk } from "./walk";

/** How steps, stages and runs end (semantics B 2.5, 2.6, A4, A11, A26). */

/** A text that only the engine knows: that there is one is compared, not what it says. */
export const SOME_TEXT = "(some text)";

export function completeStep(run: ModelRun, step: ModelStep): void {
  step.status = "completed";
  step.completedAt = run.world.now;
  closeItem(step, "withdrawn");
  mapOutputs(run, step);
  if (stops(step)) {
    leaveStage(step.stage, "completed");
    endRun(run);
  }
}

/** A rejection that stops the process (A11). */
const stops = ({ definition, outputs }: ModelStep): boolean =>
  definition.kind === "approval" && definition.onReject === "stop" && outputs?.approvalDecision === "Reject";

/** What was brought takes effect: a machine's step is done, a person's too when nothing else is asked of it. */
export function takeEffect(run: ModelRun, step: ModelStep): void {
  const { definition } = step;
  if (stops(step) || !("exit" in definition) || definition.exit.type === "flow_completed") completeStep(run, step);
}

/** A26; a step that brought nothing changes nothing. */
export function mapOutputs(run: ModelRun, { definition, outputs }: ModelStep): void {
  if (outputs) for (const { from, to } of definition.outputs) run.variables[to] = outputs[from] ?? null;
}

export function failStep(run: ModelRun, step: ModelStep, error: string | null): void {
  step.status = "error";
  step.stored = null;
  step.hasError = true;
  closeItem(step, "withdrawn");
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
      closeItem(step, "withdrawn");
    }
}

export function failRun(run: ModelRun): void {
  run.status = "error";
  run.hasError = true;
  if (run.submission) run.submission = "error";
}

export function endRun(run: ModelRun): void {
  run.status = "completed";
  // What an admin says instead of its approvers is a decision too.
  const isRejected = run.steps.some(
    ({ definition, outputs }) => definition.kind === "approval" && outputs?.approvalDecision === "Reject",
  );
  if (run.submission) run.submission = isRejected ? "rejected" : "approved";
}

export function closeItem({ item }: ModelStep, kind: CompletionKind): void {
  if (item?.status !== "assigned") return;
  item.status = "completed";
  item.completionKind = kind;
}
