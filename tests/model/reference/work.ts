import type { Actor, Command } from "../../../lib/engine/command";
import { takeEffect } from "./ends";
import type { ModelItem, ModelRun, ModelStep } from "./run";
import { take } from "./start-step";

/** What people do with work items (semantics B 5, A14, A20, I36). Each gives a refusal's code or null. */
type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

function find(run: ModelRun, key: string): { step: ModelStep; item: ModelItem } | string {
  const step = run.steps.find((one) => one.key === key);
  if (!step?.item) return "not-found";
  return step.item.status === "assigned" ? { step, item: step.item } : "item-closed";
}

export function finish(run: ModelRun, { workItemId, outputs }: Of<"complete-work-item">, actor: Actor): string | null {
  const found = find(run, workItemId);
  if (typeof found === "string") return found;
  const { step, item } = found;
  if (actor.type !== "user") return "not-your-work";
  const isTheirs = item.assignee.type !== "user" || item.assignee.id === actor.id;
  if (isOwn(run, step, actor.id)) return "own-submission";
  if (!isTheirs) return "not-your-work";
  if (item.claimedBy !== null && item.claimedBy !== actor.id) return "claimed-by-other";
  const isApproval = step.definition.kind === "approval";
  const { approvalDecision, approvalComments, Comments } = outputs;
  const outcome = { Approve: "approve", Reject: "reject" } as const;
  const said = isApproval && typeof approvalDecision === "string" ? approvalDecision : "";
  const words = isApproval ? approvalComments : Comments;
  if (isApproval && said !== "Approve" && said !== "Reject") {
    take(run, step, outputs);
    return null;
  }
  Object.assign(item, {
    status: "completed",
    completionKind: "done",
    completedBy: actor.id,
    outcome: isApproval ? outcome[said as "Approve" | "Reject"] : null,
    comments: typeof words === "string" ? words : null,
  } satisfies Partial<ModelItem>);
  take(run, step, outputs);
  if (run.status === "in_progress") takeEffect(run, step);
  return null;
}

const isOwn = (run: ModelRun, { definition }: ModelStep, user: string): boolean =>
  definition.kind === "approval" && run.submission !== null && run.startedBy === user;

export function claim(run: ModelRun, { workItemId, takeOver }: Of<"claim-work-item">, actor: Actor): string | null {
  const found = find(run, workItemId);
  if (typeof found === "string") return found;
  const { step, item } = found;
  if (actor.type !== "user") return "not-your-work";
  if (isOwn(run, step, actor.id)) return "own-submission";
  if (item.assignee.type === "user") return item.assignee.id === actor.id ? "not-claimable" : "not-your-work";
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
  if (to.type === "user" && isOwn(run, step, to.id)) return "own-submission";
  Object.assign(item, { assignee: to, assignmentNo: item.assignmentNo + 1, claimedBy: null, flag: flag ?? null });
  return null;
}

/** A16: mails about the present assignment reached nobody; about an earlier one nothing is to be said. */
export function flagUnsent(run: ModelRun, { workItemId, assignmentNo }: Of<"mail-undelivered">): string | null {
  if (run.status !== "in_progress" && run.status !== "suspended") return "run-closed";
  const found = find(run, workItemId);
  if (typeof found !== "string" && found.item.assignmentNo === assignmentNo) found.item.flag ??= "not_notified";
  return null;
}
