import type { Actor, Command } from "../../../lib/engine/command";
import type { ApprovalStep } from "../../../lib/engine/definition";
import { hasSaid, hasStoodIn, isPartElsewhere, partInRun, partOf } from "./approvals";
import { decide, deciderOf } from "./decide";
import { takeEffect } from "./ends";
import { closeItem } from "./items";
import { brings, type ModelItem, type ModelRun, type ModelStep } from "./run";
import { stepAside } from "./step-aside";

/** What people do with work items (semantics B 5, A14, A20, I36). Each gives a refusal's code or null. */
type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** An item by its key, or the latest one of a step by the step's. */
export function find(run: ModelRun, key: string): { step: ModelStep; item: ModelItem } | string {
  const step = run.steps.find((one) => one.key === key.split(":")[0]);
  const item = key.includes(":") ? step?.items.find((one) => one.key === key) : step?.items.at(-1);
  if (!step || !item) return "not-found";
  return item.status === "assigned" ? { step, item } : "item-closed";
}

export function finish(run: ModelRun, { workItemId, outputs }: Of<"complete-work-item">, actor: Actor): string | null {
  const found = find(run, workItemId);
  if (typeof found === "string") return found;
  const { step, item } = found;
  if (actor.type !== "user") return "not-your-work";
  const by = deciderOf(actor);
  const refused = notTheirs(run, found, by);
  if (refused) return refused;
  if (item.voting) return "vote-on-own-item";
  if (item.claimedBy !== null && item.claimedBy !== by.id && item.claimedBy !== by.onBehalfOf)
    return "claimed-by-other";
  if (item.kind === "approval") {
    const barred = notTheirSay(run, found, by);
    if (barred) return barred;
    decide(run, found, { by, outputs });
    if (item.completionKind === "done" && by.onBehalfOf !== null) stepAside(run, by.id);
    return null;
  }
  const wasBarred = isOwnRequest(run, [by.id]);
  const { answer, comments, Comments } = outputs;
  if (item.kind === "question" && (typeof answer !== "string" || answer.trim() === "")) return "reason-needed";
  const words = item.kind === "question" ? answer : item.kind === "revision" ? comments : Comments;
  const said = { completedBy: by.id, onBehalfOf: by.onBehalfOf, decidedAs: by.as };
  closeItem(step, item, "done", { ...said, comments: typeof words === "string" && words !== "" ? words : null });
  if (item.kind === "revision") {
    if (!wasBarred && isOwnRequest(run, [by.id])) stepAside(run, by.id);
    run.agenda.push({ step, ask: "assignee" });
  }
  if (item.kind !== "interactive") return null;
  brings(step, { outputs });
  if (run.status === "in_progress") takeEffect(run, step);
  return null;
}

type By = { readonly id: string; readonly onBehalfOf: string | null };

/** One say on a step each, none for oneself after one for another, and two steps are two people's unless the process asks one twice (S31). */
export function notTheirSay(
  run: ModelRun,
  { step, item }: { step: ModelStep; item: ModelItem },
  by: By,
): string | null {
  if (item.kind !== "approval") return null;
  if (hasSaid(step, by.id)) return "said-already";
  if (by.onBehalfOf === null && hasStoodIn(run, by.id)) return "decided-in-place";
  if (!item.byHand || item.assignee.type === "user") return null;
  const isElsewhere = isPartElsewhere(run, step, by.id) || isPartElsewhere(run, step, by.onBehalfOf ?? by.id);
  return isElsewhere ? "decides-elsewhere" : null;
}

/** Nobody decides what they submitted, nor what is another's (I35, I36). */
export function notTheirs(run: ModelRun, { step, item }: { step: ModelStep; item: ModelItem }, by: By) {
  if (item.kind === "approval" && isOwn(run, step, [by.id, by.onBehalfOf])) return "own-submission";
  return item.assignee.type === "user" && item.assignee.id !== (by.onBehalfOf ?? by.id) ? "not-your-work" : null;
}

/** Whether that would be somebody's decision on what they submitted. */
export const isOwn = (run: ModelRun, { definition }: ModelStep, users: readonly (string | null)[]): boolean =>
  definition.kind === "approval" && isOwnRequest(run, users);

export const isOwnRequest = (run: ModelRun, users: readonly (string | null)[]): boolean =>
  submitters(run).some((id) => users.includes(id));

/** Who asked, and who sent it again, where these decide nothing of it. */
export function submitters(run: ModelRun): string[] {
  if (run.submission === null || run.definition.approval?.allowsSelfApproval) return [];
  const sent = run.steps.flatMap(({ items }) => items).filter(({ kind }) => kind === "revision" && run.debug === null);
  return [
    run.startedBy,
    ...sent.flatMap(({ completionKind, completedBy }) => (completionKind === "done" ? (completedBy ?? []) : [])),
  ];
}

export function claim(run: ModelRun, { workItemId, takeOver }: Of<"claim-work-item">, actor: Actor): string | null {
  const found = find(run, workItemId);
  if (typeof found === "string") return found;
  const { step, item } = found;
  if (actor.type !== "user") return "not-your-work";
  const refused = notTheirs(run, { step, item }, deciderOf(actor));
  if (refused) return refused;
  if (item.assignee.type === "user" || item.voting) return "not-claimable";
  const barred = notTheirSay(run, { step, item }, deciderOf(actor));
  if (barred) return barred;
  if (item.claimedBy !== null && item.claimedBy !== actor.id && !takeOver) return "claimed-by-other";
  item.claimedBy = actor.id;
  return null;
}

export function release(run: ModelRun, { workItemId }: Of<"release-work-item">): string | null {
  const found = find(run, workItemId);
  if (typeof found === "string") return found;
  if (found.item.claimedBy === null) return "not-claimed";
  found.item.claimedBy = null;
  return null;
}

/** A20: the same row with the next assignment; the claim falls. */
export function reassign(run: ModelRun, { workItemId, to, flag = undefined }: Of<"reassign-work-item">): string | null {
  const found = find(run, workItemId);
  if (typeof found === "string") return found;
  const { step, item } = found;
  if (item.assignee.type === to.type && item.assignee.id === to.id) return "same-assignee";
  if (item.voting || (item.kind === "approval" && item.parent)) return "child-not-reassignable";
  if (item.kind === "approval" && to.type === "user" && isOwn(run, step, [to.id])) return "own-submission";
  const isByHand = item.kind === "approval" && flag !== "inactive_assignee";
  if (isByHand && to.type !== "user" && (step.definition as ApprovalStep).rule.type !== "first") return "group-votes";
  const isFree = item.kind !== "approval" || to.type !== "user" || !hasStoodIn(run, to.id);
  const part = isByHand ? partInRun(run, step, to) : (partOf(step, to) ?? (isFree ? null : "already-approver"));
  if (part) return part;
  Object.assign(item, { assignee: to, assignmentNo: item.assignmentNo + 1, claimedBy: null, flag: flag ?? null });
  item.byHand = flag !== "inactive_assignee";
  return null;
}

/** A16: mails about the present assignment reached nobody; about an earlier one nothing is to be said. */
export function flagUnsent(run: ModelRun, { workItemId, assignmentNo }: Of<"mail-undelivered">): string | null {
  if (run.status !== "in_progress" && run.status !== "suspended") return "run-closed";
  const found = find(run, workItemId);
  if (typeof found !== "string" && found.item.assignmentNo === assignmentNo) found.item.flag ??= "not_notified";
  return null;
}

/** Somebody of the group or queue can do it again; votes that were taken out do not come back. */
export function somebodyCame(run: ModelRun, { workItemId }: Of<"somebody-came">): string | null {
  if (run.status !== "in_progress" && run.status !== "suspended") return "run-closed";
  const found = find(run, workItemId);
  if (typeof found === "string") return found;
  if (found.item.flag === "nobody_left" && !found.item.voting) found.item.flag = null;
  return null;
}

/** Nobody of the group or queue is left to do it. */
export function nobodyLeft(run: ModelRun, { workItemId }: Of<"nobody-left">): string | null {
  if (run.status !== "in_progress" && run.status !== "suspended") return "run-closed";
  const found = find(run, workItemId);
  if (typeof found === "string") return found;
  found.item.flag = "nobody_left";
  return null;
}
