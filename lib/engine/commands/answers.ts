import { ok, type Result, refuse } from "../../result";
import { askApprover } from "../ask-approver";
import { sentBack, tellOf } from "../ask-for-assignee";
import type { Command } from "../command";
import { ownerOfKey } from "../conditions";
import type { HumanStep } from "../definition";
import { dueAtOf } from "../due";
import { failStepOrStore } from "../fail-stage";
import { awaitsAnswer, definitionOf, isMachine, stepById } from "../find";
import { moveItem } from "../move-item";
import { openItem } from "../open-item";
import { barredFrom } from "../own-request";
import { partInRun } from "../part-in-step";
import type { StepRun } from "../state";
import { failEvaluation, takeOutputs } from "../steps";
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

/** The flow of a synchronous step is left to a job. Refused with `step-not-open` unless the step waits for it in this transaction. */
export function flowHandedOn(turn: Turn, { stepRunId }: Of<"flow-handed-on">): Result<Turn> {
  const step = stepInProgress(turn, stepRunId);
  const defined = step && definitionOf(turn.definition, turn.state, step);
  if (!step?.flow || defined?.kind !== "background" || !awaitsAnswer(turn.state, step)) return refuse("step-not-open");
  emit(turn, { type: "step-handed-on", stepRunId });
  const {
    flow: { version },
    runAs,
  } = step;
  turn.effects.push({ type: "queue-flow", stepRunId, flow: defined.flow, version, runAs });
  return ok(turn);
}

/** A step's flow or operation failed, or the screens of a person's step whose definition says that this is an error (A5). */
export function flowFailed(turn: Turn, { stepRunId, error, element }: Of<"flow-failed">): Result<Turn> {
  const step = stepInProgress(turn, stepRunId);
  if (!step || hasAnswered(step)) return refuse("step-not-open");
  failStepOrStore(turn, step, { error, element });
  return ok(turn);
}

/** The assignee is known: the work item comes to be, and its mail with it. Where each member votes, one for each beneath the group's own. */
export function assigneeFound(turn: Turn, command: Of<"answer-assignee">): Result<Turn> {
  const step = stepInProgress(turn, command.stepRunId);
  if (!step || !awaitsAnswer(turn.state, step) || step.kind === "background" || step.kind === "external")
    return refuse("step-not-open");
  const { assignee, flag, record, stepRunId } = command;
  const members = assignee.type === "user" ? undefined : command.members;
  const { label, due } = definitionOf(turn.definition, turn.state, step) as HumanStep;
  const back = sentBack(turn, step);
  const dueAt = back ? null : dueAtOf(due, turn.env.now);
  const common = { stepRunId, record, ...(dueAt !== null && { dueAt }) };
  const workItemId = newId(turn, "workItem");
  if (back) {
    const asked = {
      kind: "revision",
      label: `Revise: ${label}`,
      ...(back.comments && { prompt: back.comments }),
    } as const;
    emit(turn, { type: "work-item-created", workItemId, ...common, ...asked, assignee, flag });
  } else {
    const voting = members && { voting: true as const };
    emit(turn, { type: "work-item-created", workItemId, ...common, kind: step.kind, label, assignee, flag, ...voting });
  }
  tellOf(turn, step, { workItemId, assignee });
  for (const id of members ?? [])
    askApprover(turn, step, { assignee: { type: "user", id }, record, flag: null, parentId: workItemId, dueAt });
  if (!back) addAgain(turn, step, { command, parentId: members ? workItemId : null, dueAt });
  return ok(turn);
}

type Beside = {
  readonly command: Of<"answer-assignee">;
  /** The item of the group that votes; null: nobody votes. */
  readonly parentId: string | null;
  readonly dueAt: string | null;
};

/** Whoever was added before it was sent back, or is tried again, decides again beside those that the process asks, but for who may not any more. */
function addAgain(turn: Turn, step: StepRun, { command, ...hung }: Beside): void {
  const { record, added = [] } = command;
  for (const assignee of added) {
    const mayVote = hung.parentId === null || assignee.type === "user";
    if (!mayVote || barredFrom(turn).includes(assignee.id) || partInRun(turn.state, step, assignee)) continue;
    askApprover(turn, step, { assignee, record, flag: null, reason: ADDED_BEFORE, ...hung });
  }
}

const ADDED_BEFORE = "They had been added to those who decide this";

/** Neither the assignee nor a fallback was found: the step cannot be set up (semantics 2.5). */
export function assigneeMissing(turn: Turn, { stepRunId, error }: Of<"answer-no-assignee">): Result<Turn> {
  const step = stepInProgress(turn, stepRunId);
  if (!step) return refuse("step-not-open");
  failStepOrStore(turn, step, { error, element: null });
  return ok(turn);
}

/** Nobody did it in time, so it is somebody else's now; when there is nobody, it stays and is flagged. */
export function escalationFound(turn: Turn, { workItemId, assignee }: Of<"answer-escalation">): Result<Turn> {
  const found = openItem(turn, workItemId);
  if (!found.ok) return ok(turn);
  const move = { type: "reassign-work-item", workItemId, reason: ESCALATED } as const;
  const moved = assignee && moveItem(turn, { ...move, to: assignee }, "rule");
  if (moved?.ok) return moved;
  emit(turn, { type: "work-item-flagged", workItemId, flag: "not_escalated" });
  return ok(turn);
}

const ESCALATED = "It was not done in time, so it was escalated";

/** An evaluation flow could not be run. Its answer matters only to the point of the history that asked. */
export function evaluationFailed(turn: Turn, { key, error }: Of<"answer-evaluation-failed">): Result<Turn> {
  failEvaluation(turn, ownerOfKey(key).owner, error);
  return ok(turn);
}
