import type { Command } from "./command";
import type { Orchestration } from "./definition";
import type { RunState } from "./state";

type Request = { readonly definition: Orchestration; readonly state: RunState };

/** Whether one of these people asked for what the run decides on, and the process does not let them have a hand in that (I36). */
export function isOwnRequest({ definition, state }: Request, people: readonly (string | null)[]): boolean {
  const submitter = state.submission?.submittedBy;
  return submitter !== undefined && !definition.approval?.allowsSelfApproval && people.includes(submitter);
}

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
