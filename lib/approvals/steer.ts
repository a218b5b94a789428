import { eq } from "drizzle-orm";
import { workItem } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { recordSecurityEvent } from "../audit/commands";
import { may } from "../gate";
import type { Finished } from "../interviews/schema";
import type { Person } from "../people/current-person";
import { holdPerson } from "../people/hold-person";
import { ok, type Result, refuse } from "../result";
import { dispatch } from "../runs/dispatch";
import { startRecallPath } from "../runs/recall-path";
import { completeItem } from "../work/commands/complete-item";
import { judgeDecision } from "../work/judge-decision";
import { see } from "../work/see";
import { tellItem } from "../work/tell-item";
import { findApproval } from "./find-approval";

/** What is done around a decision, by admins, approvers and submitters (semantics 6.7). */
type Told = Result<{ workItemId: string }>;

export type Override = {
  readonly workItemId: string;
  readonly outcome: string;
  readonly comments: string;
  /** Whether the admin has just given their password again. */
  readonly isConfirmed?: boolean;
};

/**
 * An admin decides openly in the place of an item's approvers. Refusals: `not-found`, `not-your-work`, `item-closed`, `not-an-approval`,
 * `unknown-outcome`, `own-submission`, and those of `judgeDecision`.
 */
export async function overrideItem(
  tx: Tx,
  person: Person,
  { workItemId, outcome, comments, isConfirmed = false }: Override,
): Promise<Told> {
  const found = await findApproval(tx, workItemId);
  const seen = await see(tx, person, workItemId);
  const command = { type: "override-work-item", workItemId, outcome, comments, ...(seen && { seen }) } as const;
  const done = await tellItem(tx, person, command);
  if (!done.ok) return done;
  const refusal =
    found?.step && judgeDecision(found.body, { step: found.step, said: outcome }, { comments, isConfirmed });
  if (refusal) return { ok: false, refusal };
  const what = { action: "item-override", actorId: person.userId, objectId: workItemId, allowed: true };
  await recordSecurityEvent(tx, { ...what, details: { outcome } });
  return ok({ workItemId });
}

/** One more approver of a step that goes on. Refusals: as above, `unknown-assignee`, `already-approver`, `already-asked`. */
export async function addApprover(
  tx: Tx,
  person: Person,
  { workItemId, userId, reason }: { workItemId: string; userId: string; reason: string },
): Promise<Told> {
  if (!(await holdPerson(tx, userId))) return refuse("unknown-assignee");
  const to = { type: "user", id: userId } as const;
  const done = await tellItem(tx, person, { type: "add-approver", workItemId, to, reason });
  if (!done.ok) return done;
  const what = { action: "item-add-approver", actorId: person.userId, objectId: workItemId, allowed: true };
  await recordSecurityEvent(tx, { ...what, details: { to: userId } });
  return ok({ workItemId });
}

/** The approver asks somebody, and keeps the item. Refusals: as above, `already-asked`, `already-approver`. */
export async function askQuestion(
  tx: Tx,
  person: Person,
  { workItemId, userId, text }: { workItemId: string; userId: string; text: string },
): Promise<Told> {
  if (!(await holdPerson(tx, userId))) return refuse("unknown-assignee");
  const to = { type: "user", id: userId } as const;
  const done = await tellItem(tx, person, { type: "ask-question", workItemId, to, text });
  return done.ok ? ok({ workItemId }) : done;
}

/** Answers what an approver asked, or sends again what was sent back. Refusals: those of `completeItem`, `not-a-question`, `reason-needed`, `needs-screens`. */
export async function answerItem(
  tx: Tx,
  person: Person,
  { workItemId, text }: { workItemId: string; text: string },
): Promise<Result<Finished>> {
  const [item] = await tx.db.select().from(workItem).where(eq(workItem.workItemId, workItemId));
  if (!item) return refuse("not-found");
  if (item.kind !== "question" && item.kind !== "revision")
    return refuse(may(person, "item.read", { ...item, startedBy: null }) ? "not-a-question" : "not-found");
  const done = await completeItem(tx, person, { workItemId, outputs: { answer: text, comments: text } });
  const hasForm = item.kind === "question" && (await findApproval(tx, workItemId))?.step?.answers !== undefined;
  return done.ok && hasForm ? refuse("needs-screens") : done;
}

/** The submitter, or an admin, takes a submission back; its recall path begins (A21). Refusals: `not-found`, `not-recallable`. */
export async function recallSubmission(
  tx: Tx,
  person: Person,
  { runId, reason }: { runId: string; reason: string },
): Promise<Result<{ runId: string; recallRunId: string | null }>> {
  const done = await dispatch(tx, person, { runId, command: { type: "recall", reason } });
  if (!done.ok) return done;
  return ok({ runId, recallRunId: await startRecallPath(tx, { type: "user", id: person.userId }, runId) });
}
