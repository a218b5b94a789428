import type { Actor, Command } from "../../../lib/engine/command";
import type { ApprovalStep } from "../../../lib/engine/definition";
import type { Assignee } from "../../../lib/engine/state";
import { count, decide, deciderOf } from "./decide";
import { leaveStage } from "./ends";
import { addItem, closeItem } from "./items";
import { type ModelItem, type ModelRun, type ModelStep, openItems, openStage } from "./run";
import { meaningOf } from "./sayings";
import { find, isOwn, notTheirSay, notTheirs } from "./work";

/** What is done around a decision (semantics A15, A21, B 6.7, 6.9). Each gives a refusal's code or null. */
type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** An admin decides in the place of an item's approvers, openly. */
export function override(
  run: ModelRun,
  { workItemId, outcome, comments }: Of<"override-work-item">,
  actor: Actor,
): string | null {
  const found = find(run, workItemId);
  if (typeof found === "string") return found;
  const { step, item } = found;
  if (actor.type !== "user" || item.kind !== "approval") return "not-an-approval";
  if (isOwn(run, step, [actor.id])) return "own-submission";
  if (hasDecided(run, actor)) return "decided-as-approver";
  if (!meaningOf(step.definition as ApprovalStep, outcome)) return "unknown-outcome";
  const by = { id: actor.id, onBehalfOf: null, as: "admin" } as const;
  decide(run, found, { by, outputs: { approvalDecision: outcome, approvalComments: comments || null } });
  return null;
}

/** Whether they had a say on the request, for themselves or another, or another had theirs. */
export const hasDecided = (run: ModelRun, actor: Actor): boolean =>
  !run.debug &&
  approvals(run.steps).some(
    ({ completionKind, completedBy, onBehalfOf, decidedAs }) =>
      completionKind === "done" &&
      decidedAs !== "admin" &&
      actor.type === "user" &&
      (completedBy === actor.id || onBehalfOf === actor.id),
  );

/** One more has to approve: beside the one who does, or with a vote in a group that votes. */
export function addApprover(run: ModelRun, { workItemId, to }: Of<"add-approver">): string | null {
  const found = find(run, workItemId);
  if (typeof found === "string") return found;
  const { step, item } = found;
  if (item.kind !== "approval") return "not-an-approval";
  if (to.type === "user" && isOwn(run, step, [to.id])) return "own-submission";
  const parent = item.voting ? item : item.parent;
  const hasVote =
    parent && step.items.some((one) => one.parent === parent && one.kind === "approval" && one.assignee.id === to.id);
  const part = hasVote ? "already-approver" : partInRun(run, step, to);
  if (part) return part;
  if (parent && to.type !== "user") return "unknown-assignee";
  addItem(run, step, { kind: "approval", assignee: to, parent, dueAt: item.dueAt, byHand: true });
  return null;
}

/** One thing at a time of one step for one person (I18). */
function openPart(step: ModelStep, to: Assignee): string | null {
  const open = openItems(step).filter(({ assignee }) => assignee.type === to.type && assignee.id === to.id);
  if (open.length === 0) return null;
  return open.some(({ kind }) => kind === "question") ? "already-asked" : "already-approver";
}

/** Who has had their say since the step was last asked decides nothing more of it (S31). */
export const partOf = (step: ModelStep, to: Assignee): string | null =>
  openPart(step, to) ?? (to.type === "user" && hasSaid(step, to.id) ? "already-approver" : null);

const approvals = (steps: readonly ModelStep[]): ModelItem[] =>
  steps.flatMap(({ items }) => items.filter(({ kind, voting }) => kind === "approval" && !voting));

/** By hand nobody becomes an approver of a second step of one request (S31). */
export function partInRun({ steps }: ModelRun, step: ModelStep, to: Assignee): string | null {
  const hasPart = isPartElsewhere({ steps }, step, to.id) || hasStoodIn({ steps }, to.id);
  return partOf(step, to) ?? (to.type === "user" && hasPart ? "already-approver" : null);
}

/** Whether that person decides, or did, or somebody did in their place, at another step; or somebody in their place at this one. */
export function isPartElsewhere({ steps }: Pick<ModelRun, "steps">, step: ModelStep, user: string): boolean {
  const elsewhere = approvals(steps.filter(({ definition }) => definition.name !== step.definition.name));
  const isTaken = elsewhere.some(({ status, assignee, completionKind, completedBy, onBehalfOf, decidedAs }) =>
    status === "assigned"
      ? assignee.type === "user" && assignee.id === user
      : completionKind === "done" && decidedAs !== "admin" && (completedBy === user || onBehalfOf === user),
  );
  const asked = step.items.slice(step.items.findLastIndex(({ kind }) => kind === "revision") + 1);
  return isTaken || asked.some(({ kind, voting, onBehalfOf }) => kind === "approval" && !voting && onBehalfOf === user);
}

/** Whether that person decided on the request in another's place (S31). */
export const hasStoodIn = ({ steps }: Pick<ModelRun, "steps">, user: string): boolean =>
  approvals(steps).some(
    ({ completionKind, completedBy, onBehalfOf }) =>
      completionKind === "done" && completedBy === user && onBehalfOf !== null,
  );

/** Whether that person decided an item of the step since it was last asked, not counting what an admin says openly. */
export function hasSaid({ items }: ModelStep, user: string): boolean {
  const asked = items.slice(items.findLastIndex(({ kind }) => kind === "revision") + 1);
  return asked.some(
    ({ kind, voting, completionKind, completedBy, decidedAs }) =>
      kind === "approval" && !voting && completionKind === "done" && completedBy === user && decidedAs !== "admin",
  );
}

export function ask(run: ModelRun, { workItemId, to }: Of<"ask-question">, actor: Actor): string | null {
  const found = find(run, workItemId);
  if (typeof found === "string") return found;
  const { step, item } = found;
  if (item.kind !== "approval" || !(step.definition as ApprovalStep).mayAskQuestions) return "not-an-approval";
  if (actor.type !== "user") return "not-your-work";
  const refused = notTheirs(run, found, deciderOf(actor)) ?? notTheirSay(run, found, deciderOf(actor));
  if (refused) return refused;
  const part = openPart(step, to);
  if (part) return part;
  addItem(run, step, { kind: "question", assignee: to, parent: item });
  return null;
}

/** A vote that will not come: the others' may decide by that. When there are none, somebody must look. */
export function leave(run: ModelRun, { workItemId }: Of<"member-left">): string | null {
  const found = find(run, workItemId);
  if (typeof found === "string") return found;
  const { step, item } = found;
  const group = item.parent;
  if (item.kind !== "approval" || !group) return "not-a-vote";
  closeItem(step, item, "withdrawn");
  const votes = step.items.filter(({ parent, kind }) => parent === group && kind === "approval");
  const latest = votes
    .filter(({ completionKind }) => completionKind === "done")
    .reduce<ModelItem | null>((last, one) => (last && last.closedAs > one.closedAs ? last : one), null);
  if (latest) count(run, step, { group, last: latest });
  else if (votes.every(({ status }) => status === "completed")) group.flag = "nobody_left";
  return null;
}

/** A21: the run ends first; its recall path is another run's business. */
export function recall(run: ModelRun): string | null {
  const stage = openStage(run);
  const isOpen = run.status === "in_progress" || run.status === "suspended";
  if (run.submission !== "in_progress" || !isOpen || !stage || run.definition.approval?.allowsRecall === false)
    return "not-recallable";
  leaveStage(stage, "canceled", "canceled");
  run.status = "canceled";
  run.submission = "recalled";
  return null;
}
