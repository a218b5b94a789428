import type { Command } from "./command";
import type { Orchestration } from "./definition";
import { isSaidBy, standInsOf } from "./part-in-step";
import type { RunState, WorkItem } from "./state";
import { submittersOf } from "./submitters";

export type Request = { readonly definition: Orchestration; readonly state: RunState };

/** Whether one of these people submitted what the run decides on, and the process does not let them have a hand in that (I36). */
export function isOwnRequest({ definition, state }: Request, people: readonly (string | null)[]): boolean {
  return !definition.approval?.allowsSelfApproval && submittersOf(state).some((id) => people.includes(id));
}

/**
 * By id who is not asked to decide anything more on the run's request: whoever submitted it, unless the process lets them (I36), and whoever
 * decided on it in somebody's place, because two approvals are two people's (S31).
 */
export function barredFrom({ definition, state }: Request): readonly string[] {
  const submitters = definition.approval?.allowsSelfApproval ? [] : submittersOf(state);
  return [...new Set([...submitters, ...standInsOf(state).map(({ userId }) => userId)])];
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
