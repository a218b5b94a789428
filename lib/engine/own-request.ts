import type { Command } from "./command";
import type { Orchestration } from "./definition";
import { isSaidBy, standInsOf } from "./part-in-step";
import type { RunState, WorkItem } from "./state";

export type Request = { readonly definition: Orchestration; readonly state: RunState };

/** Whether one of these people asked for what the run decides on, and the process does not let them have a hand in that (I36). */
export function isOwnRequest({ definition, state }: Request, people: readonly (string | null)[]): boolean {
  const submitter = state.submission?.submittedBy;
  return submitter !== undefined && !definition.approval?.allowsSelfApproval && people.includes(submitter);
}

/**
 * By id who is not asked to decide anything more on the run's request: whoever asked for it, unless the process lets them (I36), and whoever
 * decided on it in somebody's place, because two approvals are two people's (S31).
 */
export function barredFrom({ definition, state }: Request): readonly string[] {
  const submitter = state.submission?.submittedBy;
  const isBarred = submitter !== undefined && isOwnRequest({ definition, state }, [submitter]);
  return [...new Set([...(isBarred ? [submitter] : []), ...standInsOf(state).map(({ userId }) => userId)])];
}

/** Whether somebody may not decide an item for themselves; never so of work that is no approval. */
export const isBarredFrom = (request: Request, item: WorkItem, userId: string): boolean =>
  item.kind === "approval" && (isOwnRequest(request, [userId]) || isSaidBy(request.state, item, userId));

/**
 * Whether a command changes by whom a request is decided, or what it comes to without a decision: nothing for whoever asked for it. What is
 * moved because its assignee was deactivated goes where the rule says, whoever deactivates them.
 */
export function isSteering(command: Command): boolean {
  switch (command.type) {
    case "skip-step":
    case "fail-step":
    case "go-to-stage":
    case "add-approver":
      return true;
    case "reassign-work-item":
      return command.flag !== "inactive_assignee";
    case "retry":
      return Object.keys(command.inputs ?? {}).length > 0;
    default:
      return false;
  }
}
