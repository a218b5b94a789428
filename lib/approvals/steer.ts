import type { Tx } from "../../db/transaction";
import { recordSecurityEvent } from "../audit/commands";
import { may } from "../gate";
import type { Finished } from "../interviews/schema";
import type { Person } from "../people/current-person";
import { holdPerson } from "../people/hold-person";
import { ok, type Result, refuse } from "../result";
import { dispatch, lookAhead, type Seen } from "../runs/dispatch";
import { subjectOf } from "../runs/may-ask";
import { startRecallPath } from "../runs/recall-path";
import { completeItem } from "../work/commands/complete-item";
import { doorOf } from "../work/fingerprint";
import { isChanged } from "../work/is-changed";
import { judgeDecision } from "../work/judge-decision";
import { lookAtItem } from "../work/look-at-item";
import { see } from "../work/see";
import { findApproval } from "./find-approval";

/** What is done around a decision, by admins, approvers and submitters (semantics 6.7). */
type Told = Result<{ workItemId: string }>;

export type Override = {
  readonly workItemId: string;
  readonly outcome: string;
  readonly comments: string;
  /** The fingerprint of what the admin was shown; absent: not said. */
  readonly shownAs?: string | undefined;
  /** Whether the admin has just given their password again. */
  readonly isConfirmed?: boolean;
};

/**
 * An admin decides openly in the place of an item's approvers. Refusals: `not-found`, `not-your-work`, `item-closed`, `not-an-approval`,
 * `unknown-outcome`, `own-submission`, `facts-changed`, and those of `judgeDecision`.
 */
export async function overrideItem(
  tx: Tx,
  person: Person,
  { workItemId, outcome, comments, shownAs, isConfirmed = false }: Override,
): Promise<Told> {
  const seen = await lookAtItem(tx, person, workItemId);
  const found = await findApproval(tx, workItemId);
  const shown = await see(tx, person, { workItemId, door: doorOf(shownAs) });
  const command = { type: "override-work-item", workItemId, outcome, comments, ...(shown && { seen: shown }) } as const;
  const done = await dispatch(tx, person, { workItemId, command, seen });
  if (!done.ok) return done;
  const changed = shown && isChanged(shown, shownAs);
  if (changed) return changed;
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
  const [seen, isThere] = await Promise.all([lookAhead(tx, person, { workItemId }), holdPerson(tx, userId)]);
  if (!isThere) return refuse("unknown-assignee");
  const to = { type: "user", id: userId } as const;
  const command = { type: "add-approver", workItemId, to, reason } as const;
  const done = await dispatch(tx, person, { workItemId, command, seen });
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
  const [seen, isThere] = await Promise.all([lookAhead(tx, person, { workItemId }), holdPerson(tx, userId)]);
  if (!isThere) return refuse("unknown-assignee");
  const to = { type: "user", id: userId } as const;
  const done = await dispatch(tx, person, {
    ...{ workItemId, seen },
    command: { type: "ask-question", workItemId, to, text },
  });
  return done.ok ? ok({ workItemId }) : done;
}

/** Answers what an approver asked, or sends again what was sent back. Refusals: those of `completeItem`, `not-a-question`, `reason-needed`, `needs-screens`. */
export async function answerItem(
  tx: Tx,
  person: Person,
  { workItemId, text, seen: known }: { workItemId: string; text: string; seen?: Seen },
): Promise<Result<Finished>> {
  const seen = known ?? (await lookAhead(tx, person, { workItemId }));
  const found = await findApproval(tx, workItemId);
  if (!found) return refuse("not-found");
  const { held, item, step } = found;
  if (item.kind !== "question" && item.kind !== "revision") {
    const subject = { ...subjectOf(held.state, item), askedBy: null };
    return refuse(may(person, "item.read", subject) ? "not-a-question" : "not-found");
  }
  const done = await completeItem(tx, person, { workItemId, outputs: { answer: text, comments: text }, seen });
  const hasForm = item.kind === "question" && step?.answers !== undefined;
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
