import { stepById } from "./find";
import type { Assignee, RunState, StepRun, WorkItem } from "./state";

/** The items by which a step was asked for last: since it was sent again by its submitter, or all of them. */
export function askedItems({ items }: RunState, stepRunId: string): readonly WorkItem[] {
  const own = items.filter((item) => item.stepRunId === stepRunId);
  return own.slice(own.findLastIndex(({ kind }) => kind === "revision") + 1);
}

/**
 * Who was added to those who decided a step, before it was sent back to its submitter last, or, of a new attempt, before the former one ended:
 * whose items and votes no rule made. Who had been taken out before it was sent back is not among them.
 */
export function addedBefore(state: RunState, step: StepRun): readonly Assignee[] {
  const own = state.items.filter(({ stepRunId }) => stepRunId === step.id);
  const isRevision = ({ kind }: WorkItem) => kind === "revision";
  const back = own.findLastIndex(isRevision);
  const round = back < 0 ? [] : own.slice(own.slice(0, back).findLastIndex(isRevision) + 1, back);
  if (back >= 0) return addedIn(round.filter((item) => !isAdded(item, round) || item.completionKind !== "withdrawn"));
  const former = state.steps.findLast(
    ({ id, stageRunId, name, attempt }) =>
      stageRunId === step.stageRunId && name === step.name && attempt < step.attempt && hasItems(state, id),
  );
  if (!former) return [];
  // As it ended, everything of it that was open was withdrawn.
  const last = askedItems(state, former.id);
  return last.length > 0 ? addedIn(last) : addedBefore(state, former);
}

const hasItems = ({ items }: RunState, id: string): boolean => items.some(({ stepRunId }) => stepRunId === id);

const isAdded = (item: WorkItem, round: readonly WorkItem[]): boolean => {
  const first = round.find(({ kind, parentId }) => kind === "approval" && parentId === null);
  return item.kind === "approval" && (item.parentId === null ? item !== first : item.byHand);
};

const addedIn = (round: readonly WorkItem[]): readonly Assignee[] =>
  round.flatMap((item) => (isAdded(item, round) ? [item.assignee] : []));

/** Whether that person decided an item of the step since it was last asked for. What an admin says openly is nobody's own say. */
export const hasSaid = (state: RunState, stepRunId: string, userId: string): boolean =>
  askedItems(state, stepRunId).some(
    ({ kind, voting, completionKind, completedBy, decidedAs }) =>
      kind === "approval" && !voting && completionKind === "done" && completedBy === userId && decidedAs !== "admin",
  );

/** Whether somebody cannot decide an item for themselves any more: they have had their say on its step, or on its request in another's place, or where somebody gave it on. */
export const isSaidBy = (state: RunState, item: WorkItem, userId: string): boolean =>
  item.kind === "approval" &&
  (hasSaid(state, item.stepRunId, userId) ||
    stoodInFor(state, userId) !== undefined ||
    isOthersThere(state, item, userId));

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

/** Who has had their say on a step since it was last asked for. */
const saidIn = (state: RunState, stepRunId: string): string[] =>
  askedItems(state, stepRunId).flatMap(({ completedBy }) =>
    completedBy !== null && hasSaid(state, stepRunId, completedBy) ? [completedBy] : [],
  );

/** Everybody who gets no further item of a step, as `partIn` says of each. */
export const takenIn = (state: RunState, stepRunId: string): string[] => [
  ...state.items.flatMap((item) =>
    item.status === "assigned" && item.stepRunId === stepRunId ? [item.assignee.id] : [],
  ),
  ...saidIn(state, stepRunId),
];

/** Why somebody gets no further item to decide or do of a step, or null: they have one, are asked something, or have had their say (S31). */
export const partIn = (state: RunState, stepRunId: string, to: Assignee): Part =>
  openPartIn(state, stepRunId, to) ??
  (to.type === "user" && hasSaid(state, stepRunId, to.id) ? "already-approver" : null);

/** The same of an approval, which nobody gets either who decided on the request in somebody's place. */
export const partInApproval = (state: RunState, stepRunId: string, to: Assignee): Part =>
  partIn(state, stepRunId, to) ?? (to.type === "user" && stoodInFor(state, to.id) ? "already-approver" : null);

/**
 * The same of an approval that is given to somebody by hand, where a say at another step of the run counts too: two approvals of one request are
 * two people's, unless its process itself asks one person twice (S31).
 */
export const partInRun = (state: RunState, step: StepRun, to: Assignee): Part =>
  partInApproval(state, step.id, to) ??
  (to.type === "user" && hasOtherPart(state, step, to.id) ? "already-approver" : null);

/** Whether that person approves another step of the run, or has, or a stand-in said for them what is to be said on this one. */
const hasOtherPart = (state: RunState, step: StepRun, userId: string): boolean =>
  hasPartElsewhere(state, step, userId) || isSaidFor(state, step.id, userId);

/** Whether an approval was given by hand to a group or queue of whose members this one does not decide it, by the rule of `partInRun`. */
export function isOthersThere(
  state: RunState,
  { kind, byHand, assignee, stepRunId }: WorkItem,
  userId: string,
): boolean {
  const step = stepById(state, stepRunId);
  const isHanded = kind === "approval" && byHand && assignee.type !== "user";
  return isHanded && step !== undefined && hasOtherPart(state, step, userId);
}

/**
 * Whether somebody decided on the run's request, in whosever place, or a stand-in did in theirs; openly as an admin is no say of theirs, nor is what
 * one person says who plays everybody in a debug run.
 */
export const hasDecided = ({ run, items }: RunState, userId: string): boolean =>
  run.debug === null &&
  items.some((item) => {
    const isSay = item.kind === "approval" && !item.voting && item.completionKind === "done";
    return isSay && item.decidedAs !== "admin" && [item.completedBy, item.onBehalfOf].includes(userId);
  });

/** Whether a stand-in decided for that person since the step was last asked for: their say it was, too. */
const isSaidFor = (state: RunState, stepRunId: string, userId: string): boolean =>
  askedItems(state, stepRunId).some(
    ({ kind, voting, completionKind, onBehalfOf }) =>
      kind === "approval" && !voting && completionKind === "done" && onBehalfOf === userId,
  );

/** Whether that person approves another step of the run, or has, be it that somebody did in their place. */
const hasPartElsewhere = (state: RunState, { name }: StepRun, userId: string): boolean =>
  state.items.some((item) => {
    if (item.kind !== "approval" || item.voting || stepById(state, item.stepRunId)?.name === name) return false;
    if (item.status === "assigned") return item.assignee.type === "user" && item.assignee.id === userId;
    const isSay = item.completionKind === "done" && item.decidedAs !== "admin";
    return isSay && [item.completedBy, item.onBehalfOf].includes(userId);
  });

/** In whose place each person decided on the run's request, of those who decided in somebody's. */
export const standInsOf = ({ items }: RunState): { readonly userId: string; readonly onBehalfOf: string }[] =>
  items.flatMap(({ kind, voting, completionKind, completedBy, onBehalfOf }) =>
    kind === "approval" && !voting && completionKind === "done" && completedBy !== null && onBehalfOf !== null
      ? [{ userId: completedBy, onBehalfOf }]
      : [],
  );

/** In whose place that person decided on the run's request; undefined: in nobody's. */
export const stoodInFor = (state: RunState, userId: string): string | undefined =>
  standInsOf(state).find((one) => one.userId === userId)?.onBehalfOf;
