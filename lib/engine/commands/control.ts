import { ownProperty } from "../../logic/value";
import { ok, type Result, refuse } from "../../result";
import type { Command } from "../command";
import { closeSubmission, leaveRest, stopSteps, withdrawItems } from "../end-run";
import { failStep, failStepOrStore } from "../fail-stage";
import {
  currentStage,
  definitionOf,
  hasOpenApproval,
  hasStage,
  inOrderOfAnswers,
  isMachine,
  openStage,
  stepById,
  stepsOf,
} from "../find";
import { outcomeNamed } from "../outcomes";
import { hasDecided } from "../part-in-step";
import type { StepRun, Values } from "../state";
import { goTheWay, setVariables, takeOutputs, wayAfter } from "../steps";
import { emit, type Turn } from "../turn";
import { walk } from "../walk";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** No step starts any more. What is going on goes on, and what ends is stored (2.8, A20b). Only a run in progress. */
export function suspend(turn: Turn, { reason }: Of<"suspend">): Result<Turn> {
  const stage = openStage(turn.state);
  if (!stage) return refuse("run-closed", { details: { status: turn.state.run.status } });
  emit(turn, { type: "stage-suspended", stageRunId: stage.id });
  emit(turn, { type: "run-suspended", reason });
  leaveRest(turn);
  return ok(turn);
}

/** The run goes on: first what was stored meanwhile takes effect, in the order in which it came, then everything is evaluated anew. */
export function resume(turn: Turn, { reason }: Of<"resume">): Result<Turn> {
  const { status } = turn.state.run;
  const stage = currentStage(turn.state);
  if (status !== "suspended" || !stage) return refuse("not-suspended", { details: { status } });
  emit(turn, { type: "run-resumed", reason });
  emit(turn, { type: "stage-resumed", stageRunId: stage.id, from: "suspended" });
  for (const { id } of inOrderOfAnswers(stepsOf(turn.state, stage.id))) {
    const step = stepById(turn.state, id);
    // A step that fails or rejects ends the stage, and with it what its siblings had stored.
    if (openStage(turn.state)?.id !== stage.id) break;
    if (step?.status !== "in_progress") continue;
    if (step.storedFailure) failStep(turn, step, step.storedFailure);
    else if (step.outputs !== null) takeOutputs(turn, step);
  }
  return ok(turn);
}

/** A step of the stage that the run is in, as its newest attempt, in one of these statuses; or `step-not-open`. */
function stepInStage(turn: Turn, stepRunId: string, statuses: readonly StepRun["status"][]): Result<StepRun> {
  const stage = currentStage(turn.state);
  const step = stage && stepsOf(turn.state, stage.id).find(({ id }) => id === stepRunId);
  return step && statuses.includes(step.status) ? ok(step) : refuse("step-not-open");
}

/**
 * Straight to Completed, with the outputs that the admin gives it or none (A20a); an open item is withdrawn. An approval step may be given a
 * decision by it, which leads where it would if it had been overridden; in a suspended run only one that leads nowhere else. As with an override,
 * nobody skips an approval who decided on the request.
 */
export function skipStep(turn: Turn, { stepRunId, reason, outputs }: Of<"skip-step">): Result<Turn> {
  const found = stepInStage(turn, stepRunId, ["not_started", "in_progress"]);
  if (!found.ok) return found;
  const step = found.value;
  if (step.kind === "approval" && isDecider(turn)) return refuse("decided-as-approver");
  const wrong = wrongDecision(turn, step, outputs);
  if (wrong) return wrong;
  const way = wayAfter(definitionOf(turn.definition, turn.state, step), outputs);
  if (way !== undefined && turn.state.run.status === "suspended") return refuse("run-suspended");
  withdrawItems(turn, step);
  if (step.status === "in_progress" && isMachine(step)) turn.effects.push({ type: "cancel-jobs", stepRunId });
  emit(turn, { type: "step-skipped", stepRunId, reason, outputs });
  setVariables(turn, step, outputs);
  goTheWay(turn, way);
  return ok(turn);
}

/** Why an approval step may not be skipped with that decision: one by which it would be over, in a process that asks for no password with it. */
function wrongDecision(turn: Turn, step: StepRun, outputs: Values | null): Result<never> | null {
  const defined = definitionOf(turn.definition, turn.state, step);
  const said = ownProperty(outputs, "approvalDecision");
  if (defined.kind !== "approval" || said === null) return null;
  const outcome = outcomeNamed(defined, said);
  if (!outcome || (outcome.does === "send_back" && outcome.to === null))
    return refuse("unknown-outcome", { details: { outcome: String(said) } });
  return turn.definition.approval?.asksPassword ? refuse("skip-undecided") : null;
}

/** Whether whoever does it decided on the request: two approvals are two people's, so they lead it past nobody else's. */
const isDecider = ({ state, env: { actor } }: Turn): boolean => actor.type === "user" && hasDecided(state, actor.id);

/** A step in progress goes to Error by an admin's word, and its stage with it: not by the word of who decided, while others are to approve there. */
export function failStepByHand(turn: Turn, { stepRunId, reason }: Of<"fail-step">): Result<Turn> {
  const found = stepInStage(turn, stepRunId, ["in_progress"]);
  if (!found.ok) return found;
  if (isDecider(turn) && hasOpenApproval(turn.state)) return refuse("decided-as-approver");
  if (isMachine(found.value)) turn.effects.push({ type: "cancel-jobs", stepRunId });
  failStepOrStore(turn, found.value, { error: reason, element: null });
  return ok(turn);
}

/**
 * Leaves the running stage, which is Discontinued, and enters the named one as a new round. A run in Error goes on there. Whoever decided on the
 * request does not: it could pass by somebody else's approval. Refusals: `no-such-stage`, `run-suspended`, `run-closed`, `decided-as-approver`.
 */
export function goToStage(turn: Turn, { stage: name, reason }: Of<"go-to-stage">): Result<Turn> {
  const { status } = turn.state.run;
  if (status === "suspended") return refuse("run-suspended");
  if (status !== "in_progress" && status !== "error") return refuse("run-closed", { details: { status } });
  // A recall path has no ways: what failed in it is retried.
  if (turn.state.run.kind === "recall" || !hasStage(turn.definition, name))
    return refuse("no-such-stage", { details: { stage: name } });
  if (isDecider(turn)) return refuse("decided-as-approver");
  const stage = openStage(turn.state);
  emit(turn, { type: "went-to-stage", stageName: name, reason });
  if (stage) {
    stopSteps(turn, stage, "step-discontinued");
    emit(turn, { type: "stage-discontinued", stageRunId: stage.id });
  }
  if (status === "error") {
    emit(turn, { type: "run-resumed", reason });
    closeSubmission(turn, "in_progress");
  }
  walk(turn, name);
  return ok(turn);
}
