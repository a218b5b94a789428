import { ok, type Result, refuse } from "../result";
import type { Ask, Command } from "./command";
import {
  assigneeFound,
  assigneeMissing,
  escalationFound,
  evaluationFailed,
  flowFailed,
  flowFinished,
  flowHandedOn,
} from "./commands/answers";
import {
  addApprover,
  askQuestion,
  memberLeft,
  overrideWorkItem,
  recall,
  sealSubmission,
  sealTimeOut,
} from "./commands/approvals";
import { failStepByHand, goToStage, resume, skipStep, suspend } from "./commands/control";
import { cancel, retry, wake, wakeFailed } from "./commands/runs";
import { start } from "./commands/start";
import {
  claimWorkItem,
  completeWorkItem,
  mailUndelivered,
  nobodyLeft,
  reassignWorkItem,
  releaseWorkItem,
  somebodyCame,
} from "./commands/work-items";
import type { Orchestration } from "./definition";
import type { Effect } from "./effect";
import { assertInvariants } from "./invariants";
import { keepLock, releaseLock } from "./locks";
import { isOwnRequest, isSteering } from "./own-request";
import { settle } from "./settle";
import type { RunState } from "./state";
import { successorFound } from "./step-aside";
import { beginTurn, type DescribedEvent, type Turn } from "./turn";

export type Decision = {
  readonly events: readonly DescribedEvent[];
  readonly effects: readonly Effect[];
  /** The fold of the events over the state that was given. */
  readonly state: RunState;
};

/**
 * What follows from one command: events and wishes, or a refusal that changes nothing. No clock, no randomness, no I/O, no await; it
 * throws only when an invariant is broken, which is a fault. `state` is null for `start`.
 */
export function decide(definition: Orchestration, state: RunState | null, ask: Ask): Result<Decision> {
  const begun = begin(definition, state, ask);
  if (!begun.ok) return begun;
  const turn = begun.value;
  // What could not be looked at must not be looked at by the command that says so; and evidence moves nothing.
  const { type } = ask.command;
  if (type !== "wake-failed" && type !== "seal-submission" && type !== "seal-time-out") settle(turn);
  const isAsking = turn.effects.some(({ type }) => type === "evaluate-flow");
  // An event now would make the questions stale that were just asked, and nobody would ask again; their answers settle, and release it.
  if (!isAsking) releaseLock(turn);
  assertInvariants(turn.state, { isAsking, allowsOwn: definition.approval?.allowsSelfApproval ?? false });
  return ok({ events: turn.happened, effects: turn.effects, state: turn.state });
}

function begin(definition: Orchestration, state: RunState | null, ask: Ask): Result<Turn> {
  const { command, env } = ask;
  if (command.type === "start") return state ? refuse("run-exists") : start(definition, command, ask);
  if (!state) return refuse("not-found");
  const turn = beginTurn({ definition, state, env });
  if (env.actor.type === "user" && isSteering(command) && isOwnRequest(turn, [env.actor.id]))
    return refuse("own-submission");
  if (command.type === "seal-submission") return sealSubmission(turn, command);
  if (command.type === "seal-time-out") return sealTimeOut(turn, command);
  const { status } = state.run;
  if (status === "in_progress") return ofOpenRun(turn, command);
  return status === "suspended" ? ofSuspendedRun(turn, command) : ofClosedRun(turn, command);
}

type Later = Exclude<Command, { type: "start" | "seal-submission" | "seal-time-out" }>;

const OF_APPROVALS = ["override-work-item", "add-approver", "ask-question", "member-left", "recall"] as const;

/** What may still be asked of a run in each state other than in progress; everything else is refused with the state's own code. */
const OF_SUSPENDED: ReadonlySet<Later["type"]> = new Set<Later["type"]>([
  "mail-undelivered",
  "nobody-left",
  "somebody-came",
  "complete-work-item",
  "claim-work-item",
  "release-work-item",
  "reassign-work-item",
  ...OF_APPROVALS,
  "answer-assignee",
  "answer-no-assignee",
  "answer-successor",
  "flow-finished",
  "flow-failed",
  "flow-handed-on",
  "keep-lock",
  "skip-step",
  "fail-step",
  "resume",
  "cancel",
  "wake",
]);
/** A run that ended answers about its items; in Error it may be canceled, resumed, or led to a stage. */
const OF_CLOSED: ReadonlySet<Later["type"]> = new Set<Later["type"]>([
  "complete-work-item",
  "claim-work-item",
  "release-work-item",
  "reassign-work-item",
  ...OF_APPROVALS,
  "cancel",
  "retry",
  "go-to-stage",
  "wake",
]);

function ofSuspendedRun(turn: Turn, command: Later): Result<Turn> {
  if (command.type === "wake-failed") return ok(turn);
  return OF_SUSPENDED.has(command.type) ? ofOpenRun(turn, command) : refuse("run-suspended");
}

/** What comes too late to matter leaves no trace, but for the event that a flow published (A10). */
function ofClosedRun(turn: Turn, command: Later): Result<Turn> {
  if (command.type === "wake-failed") return ok(turn);
  if (OF_CLOSED.has(command.type)) return ofOpenRun(turn, command);
  return refuse("run-closed", { details: { status: turn.state.run.status } });
}

function ofOpenRun(turn: Turn, command: Later): Result<Turn> {
  switch (command.type) {
    case "complete-work-item":
      return completeWorkItem(turn, command);
    case "claim-work-item":
      return claimWorkItem(turn, command);
    case "release-work-item":
      return releaseWorkItem(turn, command);
    case "reassign-work-item":
      return reassignWorkItem(turn, command);
    case "mail-undelivered":
      return mailUndelivered(turn, command);
    case "nobody-left":
      return nobodyLeft(turn, command);
    case "somebody-came":
      return somebodyCame(turn, command);
    case "override-work-item":
      return overrideWorkItem(turn, command);
    case "add-approver":
      return addApprover(turn, command);
    case "ask-question":
      return askQuestion(turn, command);
    case "member-left":
      return memberLeft(turn, command);
    case "recall":
      return recall(turn, command);
    case "wake":
      return wake(turn, command);
    case "wake-failed":
      return wakeFailed(turn, command);
    case "cancel":
      return cancel(turn, command);
    case "retry":
      return retry(turn, command);
    case "suspend":
      return suspend(turn, command);
    case "resume":
      return resume(turn, command);
    case "skip-step":
      return skipStep(turn, command);
    case "fail-step":
      return failStepByHand(turn, command);
    case "go-to-stage":
      return goToStage(turn, command);
    case "keep-lock":
      return keepLock(turn, command);
    default:
      return ofAnswer(turn, command);
  }
}

type Answer = Extract<Later, { type: `answer-${string}` | `flow-${string}` }>;

/** What the world answers to the run's own questions. */
function ofAnswer(turn: Turn, command: Answer): Result<Turn> {
  switch (command.type) {
    case "flow-finished":
      return flowFinished(turn, command);
    case "flow-failed":
      return flowFailed(turn, command);
    case "flow-handed-on":
      return flowHandedOn(turn, command);
    case "answer-assignee":
      return assigneeFound(turn, command);
    case "answer-no-assignee":
      return assigneeMissing(turn, command);
    case "answer-escalation":
      return escalationFound(turn, command);
    case "answer-successor":
      return successorFound(turn, command);
    case "answer-evaluation":
      return ok({ ...turn, evaluations: { ...turn.evaluations, [command.key]: command.proof } });
    case "answer-evaluation-failed":
      return evaluationFailed(turn, command);
  }
}
