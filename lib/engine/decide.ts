import { ok, type Result, refuse } from "../result";
import type { Ask, Command } from "./command";
import { assigneeFound, assigneeMissing, evaluationFailed, flowFailed, flowFinished } from "./commands/answers";
import { cancel, retry, wake, wakeFailed } from "./commands/runs";
import { start } from "./commands/start";
import {
  claimWorkItem,
  completeWorkItem,
  mailUndelivered,
  reassignWorkItem,
  releaseWorkItem,
} from "./commands/work-items";
import type { Orchestration } from "./definition";
import type { Effect } from "./effect";
import { assertInvariants } from "./invariants";
import { settle } from "./settle";
import type { RunState } from "./state";
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
  // What could not be looked at must not be looked at by the command that says so.
  if (ask.command.type !== "wake-failed") settle(turn);
  assertInvariants(
    turn.state,
    turn.effects.some(({ type }) => type === "evaluate-flow"),
  );
  return ok({ events: turn.happened, effects: turn.effects, state: turn.state });
}

function begin(definition: Orchestration, state: RunState | null, ask: Ask): Result<Turn> {
  const { command, env } = ask;
  if (command.type === "start") return state ? refuse("run-exists") : start(definition, command, ask);
  if (!state) return refuse("not-found");
  const turn = beginTurn({ definition, state, env });
  return state.run.status === "in_progress" ? ofOpenRun(turn, command) : ofClosedRun(turn, command);
}

/** A run that ended answers about its items, may be canceled or resumed when it is in Error, and takes no note of anything else. */
function ofClosedRun(turn: Turn, command: Exclude<Command, { type: "start" }>): Result<Turn> {
  switch (command.type) {
    case "cancel":
      return cancel(turn, command);
    case "retry":
      return retry(turn, command);
    case "wake":
    case "wake-failed":
      return ok(turn);
    case "complete-work-item":
    case "claim-work-item":
    case "release-work-item":
    case "reassign-work-item":
      return ofOpenRun(turn, command);
    default:
      return refuse("run-closed", { details: { status: turn.state.run.status } });
  }
}

function ofOpenRun(turn: Turn, command: Exclude<Command, { type: "start" }>): Result<Turn> {
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
    case "flow-finished":
      return flowFinished(turn, command);
    case "flow-failed":
      return flowFailed(turn, command);
    case "answer-assignee":
      return assigneeFound(turn, command);
    case "answer-no-assignee":
      return assigneeMissing(turn, command);
    case "answer-evaluation":
      return ok({ ...turn, evaluations: { ...turn.evaluations, [command.key]: command.proof } });
    case "answer-evaluation-failed":
      return evaluationFailed(turn, command);
    case "wake":
      return wake(turn);
    case "wake-failed":
      return wakeFailed(turn, command);
    case "cancel":
      return cancel(turn, command);
    case "retry":
      return retry(turn, command);
  }
}
