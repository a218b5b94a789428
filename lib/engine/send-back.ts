import { askForAssignee } from "./ask-for-assignee";
import { definitionOf, isHuman } from "./find";
import type { StepRun } from "./state";
import type { Turn } from "./turn";

/** The step goes on: its submitter gets an item to revise what was asked for, and the approvers a new one once that is done. */
export function askAgain(turn: Turn, step: StepRun): void {
  const defined = definitionOf(turn.definition, turn.state, step);
  if (isHuman(defined)) askForAssignee(turn, step, defined);
}
