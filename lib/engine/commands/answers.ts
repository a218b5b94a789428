import { ok, type Result, refuse } from "../../result";
import type { Command } from "../command";
import { ownerOfKey } from "../conditions";
import { failStep, failStepOrStore } from "../fail-stage";
import { awaitsAnswer, definitionOf, isMachine, stepById } from "../find";
import type { StepRun } from "../state";
import { failEvaluation, mailOf, takeOutputs } from "../steps";
import { emit, newId, type Turn } from "../turn";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

const stepInProgress = (turn: Turn, stepRunId: string) => {
  const step = stepById(turn.state, stepRunId);
  return step?.status === "in_progress" ? step : null;
};

/**
 * The flow or operation of a step ended. Refused with `step-not-open` when the step ended meanwhile, or has its outputs: then these are
 * nobody's. While the run is suspended they are stored and taken at resume (A20b).
 */
export function flowFinished(turn: Turn, { stepRunId, outputs }: Of<"flow-finished">): Result<Turn> {
  const step = stepInProgress(turn, stepRunId);
  if (!step || !isMachine(step) || hasAnswered(step)) return refuse("step-not-open");
  emit(turn, {
    type: "step-outputs-stored",
    stepRunId,
    outputs,
    ...(step.isAsynchronous && { publishes: true as const }),
  });
  if (turn.state.run.status === "in_progress") takeOutputs(turn, step);
  return ok(turn);
}

const hasAnswered = ({ outputs, storedFailure }: StepRun): boolean => outputs !== null || storedFailure !== null;

/** A step's flow or operation failed, or the screens of a person's step whose definition says that this is an error (A5). */
export function flowFailed(turn: Turn, { stepRunId, error, element }: Of<"flow-failed">): Result<Turn> {
  const step = stepInProgress(turn, stepRunId);
  if (!step || hasAnswered(step)) return refuse("step-not-open");
  failStepOrStore(turn, step, { error, element });
  return ok(turn);
}

/** The assignee is known: the work item comes to be, and its mail with it. */
export function assigneeFound(turn: Turn, command: Of<"answer-assignee">): Result<Turn> {
  const step = stepInProgress(turn, command.stepRunId);
  if (!step || !awaitsAnswer(turn.state, step) || step.kind === "background" || step.kind === "external")
    return refuse("step-not-open");
  const { assignee, flag, record, stepRunId } = command;
  const workItemId = newId(turn, "workItem");
  const { label } = definitionOf(turn.definition, turn.state, step);
  emit(turn, { type: "work-item-created", workItemId, stepRunId, kind: step.kind, label, assignee, record, flag });
  turn.effects.push({ type: "notify-assignment", workItemId, assignmentNo: 1, assignee, ...mailOf(turn, step) });
  return ok(turn);
}

/** Neither the assignee nor a fallback was found: the step cannot be set up (semantics 2.5). */
export function assigneeMissing(turn: Turn, { stepRunId, error }: Of<"answer-no-assignee">): Result<Turn> {
  const step = stepInProgress(turn, stepRunId);
  if (!step) return refuse("step-not-open");
  failStep(turn, step, { error, element: null });
  return ok(turn);
}

/** An evaluation flow could not be run. Its answer matters only to the point of the history that asked. */
export function evaluationFailed(turn: Turn, { key, error }: Of<"answer-evaluation-failed">): Result<Turn> {
  failEvaluation(turn, ownerOfKey(key).owner, error);
  return ok(turn);
}
