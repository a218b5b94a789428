import type { Assignee, RunState, WorkItem } from "./state";

/** The items by which a step was asked for last: since it was sent again by its submitter, or all of them. */
export function askedItems({ items }: RunState, stepRunId: string): readonly WorkItem[] {
  const own = items.filter((item) => item.stepRunId === stepRunId);
  return own.slice(own.findLastIndex(({ kind }) => kind === "revision") + 1);
}

/** Whether that person decided an item of the step since it was last asked for. What an admin says openly is nobody's own say. */
export const hasSaid = (state: RunState, stepRunId: string, userId: string): boolean =>
  askedItems(state, stepRunId).some(
    ({ kind, voting, completionKind, completedBy, decidedAs }) =>
      kind === "approval" && !voting && completionKind === "done" && completedBy === userId && decidedAs !== "admin",
  );

/** Whether somebody cannot decide an item any more, because they have had their say on its step. */
export const isSaidBy = (state: RunState, { kind, stepRunId }: WorkItem, userId: string): boolean =>
  kind === "approval" && hasSaid(state, stepRunId, userId);

type Part = "already-approver" | "already-asked" | null;

/** What somebody has open of a step: nobody has two items of one (I18). */
export function openPartIn({ items }: RunState, stepRunId: string, { type, id }: Assignee): Part {
  const open = items.filter(
    ({ status, stepRunId: of, assignee }) =>
      status === "assigned" && of === stepRunId && assignee.type === type && assignee.id === id,
  );
  if (open.some(({ kind }) => kind === "question")) return "already-asked";
  return open.length > 0 ? "already-approver" : null;
}

/** Everybody who gets no further item of a step, as `partIn` says of each. */
export const takenIn = (state: RunState, stepRunId: string): string[] => [
  ...state.items.flatMap((item) =>
    item.status === "assigned" && item.stepRunId === stepRunId ? [item.assignee.id] : [],
  ),
  ...askedItems(state, stepRunId).flatMap(({ completedBy }) =>
    completedBy !== null && hasSaid(state, stepRunId, completedBy) ? [completedBy] : [],
  ),
];

/** Why somebody gets no further item to decide or do of a step, or null: they have one, are asked something, or have had their say (S31). */
export const partIn = (state: RunState, stepRunId: string, to: Assignee): Part =>
  openPartIn(state, stepRunId, to) ??
  (to.type === "user" && hasSaid(state, stepRunId, to.id) ? "already-approver" : null);
