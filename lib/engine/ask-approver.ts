import { tellOf } from "./ask-for-assignee";
import type { Event } from "./event";
import { definitionOf, itemById } from "./find";
import type { StepRun } from "./state";
import { emit, newId, type Turn } from "./turn";

type Made = Pick<Extract<Event, { type: "work-item-created" }>, "assignee" | "record" | "flag" | "reason"> & {
  /** The item of the group in which they vote; null: they decide beside the step's other approvers. */
  readonly parentId: string | null;
  readonly dueAt: string | null;
};

/** One who has to approve a step, with an item and a mail of their own. A group that nobody was left in is somebody's again with their vote. */
export function askApprover(turn: Turn, step: StepRun, { parentId, dueAt, ...made }: Made): void {
  const workItemId = newId(turn, "workItem");
  const { label } = definitionOf(turn.definition, turn.state, step);
  const hung = { ...(parentId !== null && { parentId }), ...(dueAt !== null && { dueAt }) };
  emit(turn, { type: "work-item-created", workItemId, stepRunId: step.id, kind: "approval", label, ...made, ...hung });
  if (parentId !== null && itemById(turn.state, parentId)?.flag === "nobody_left")
    emit(turn, { type: "work-item-flagged", workItemId: parentId, flag: null });
  tellOf(turn, step, { workItemId, assignee: made.assignee });
}
