import { and, eq } from "drizzle-orm";
import { announce } from "../../db/live";
import { MAIL_CHANNEL, type NewMail, queueMailIfActive, queueMails, skipMail, withdrawMails } from "../../db/outbox";
import { mailboxMessage, mailPreference } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { may } from "../gate";
import type { Person } from "../people/current-person";
import { type Beginning, standInsToTell } from "../people/delegation/approval-subject";
import { findTeamToAssign } from "../people/find-assignee";
import { ok, type Result, refuse } from "../result";
import { isDemo, mailboxOf } from "./queries/list-mailbox";
import type { MailWish } from "./schema";

export type Assignment = {
  readonly runId: string;
  readonly workItemId: string;
  readonly assignmentNo: number;
  readonly kind: "interactive" | "approval" | "question" | "revision";
  readonly assignee: { readonly type: "user" | "group" | "queue"; readonly id: string };
  readonly label: string;
  readonly processLabel: string;
  readonly recordName: string | null;
  /** Path of the record's page; null: the work has no record, and opens in My work. */
  readonly recordPath: string | null;
  /** The step's own words, when it has some. */
  readonly subject: string | null;
  readonly body: string | null;
  /** Of an approval: whether somebody may not decide it, and is told of nothing to do. */
  readonly isBarred?: (userId: string) => boolean;
  /** Of an approval: what decides who is told in somebody's place. */
  readonly submission?: Beginning;
  /** What is asked, or to be done again. */
  readonly prompt?: string | null;
  /** Why nobody is to be told of it. */
  readonly skipBecause?: string;
};

/**
 * Queues a mail to the assignee, or one to each active member of the group or queue. With nobody to tell there is one row that says so.
 * Once for each assignment number, whatever is repeated.
 */
export async function queueAssignmentMails(tx: Tx, assignment: Assignment): Promise<void> {
  const { workItemId, assignmentNo, assignee } = assignment;
  const { type, id } = assignee;
  const isTeam = type !== "user";
  const found = isTeam ? await findTeamToAssign(tx, type, id) : null;
  const members = found?.members.map(({ userId }) => userId) ?? [];
  const recipients = members.filter((userId) => !assignment.isBarred?.(userId));
  const team = found?.label ?? null;
  const mail = {
    kind: "assignment" as const,
    content: contentOf(assignment, team),
    runId: assignment.runId,
    workItemId,
    assignmentNo,
  };
  const keyOf = (recipient: string) => `assignment:${workItemId}:${assignmentNo}:${recipient}`;
  const { skipBecause } = assignment;
  const nobody = keyOf("nobody");
  if (skipBecause !== undefined || (isTeam && recipients.length === 0))
    return skipMail(tx, { ...mail, dedupeKey: nobody }, skipBecause ?? `${team} has no active member`);
  await tellStandIns(tx, assignment, { mail, keyOf, holders: isTeam ? recipients : [assignee.id] });
  if (!isTeam) {
    const skipped = { reason: "the assignee is not active", dedupeKey: nobody };
    return queueMailIfActive(tx, { ...mail, recipientId: assignee.id, dedupeKey: keyOf(assignee.id), skipped });
  }
  await queueMails(
    tx,
    recipients.map((recipientId) => ({ ...mail, recipientId, dedupeKey: keyOf(recipientId) })),
  );
}

type Told = {
  readonly mail: Omit<NewMail & { kind: "assignment" }, "recipientId" | "recipient" | "dedupeKey">;
  readonly keyOf: (recipient: string) => string;
  /** Whose the work is. */
  readonly holders: readonly string[];
};

/** The same mail to those who decide in the holders' place now, with in whose. */
async function tellStandIns(tx: Tx, { submission }: Assignment, { mail, keyOf, holders }: Told): Promise<void> {
  const told = submission ? await standInsToTell(tx.db, holders, submission) : [];
  await queueMails(
    tx,
    told.map(({ delegateId: recipientId, delegatorName: inPlaceOf }) => {
      const content = { ...mail.content, inPlaceOf };
      return { ...mail, content, recipientId, dedupeKey: keyOf(recipientId) };
    }),
  );
}

function contentOf(
  { assignee, kind, label, processLabel, recordName, recordPath, workItemId, subject, body, prompt = null }: Assignment,
  team: string | null,
) {
  const path = `${recordPath ?? "/work"}?item=${encodeURIComponent(workItemId)}`;
  return { to: assignee.type, team, workKind: kind, label, processLabel, recordName, path, subject, body, prompt };
}

/** The assignment is void (done, withdrawn, given to somebody else), or for that one person: what was not sent yet is not sent (F41). */
export const withdrawAssignmentMails = (
  tx: Tx,
  workItemId: string,
  recipientId: string | null = null,
): Promise<void> => {
  const reason = "the work was done or given to somebody else before the mail went out";
  return withdrawMails(tx, { workItemId, recipientId }, reason);
};

/** Queues any other mail to one person. */
export const queueMail = (tx: Tx, mail: NewMail): Promise<void> => queueMails(tx, [mail]);

/** Marks a mail of the demo's mailbox as read. Refusal: `not-found`. */
export async function markRead(
  tx: Tx,
  person: Person,
  { messageId }: { readonly messageId: string },
): Promise<Result<null>> {
  if (!may(person, "mailbox.read", { isDemo: isDemo() })) return refuse("not-found");
  const recipient = mailboxOf(person);
  const marked = await tx.db
    .update(mailboxMessage)
    .set({ isRead: true })
    .where(
      and(
        eq(mailboxMessage.mailboxMessageId, messageId),
        recipient === null ? undefined : eq(mailboxMessage.recipient, recipient),
      ),
    )
    .returning({ id: mailboxMessage.mailboxMessageId });
  if (marked.length === 0) return refuse("not-found");
  announce(tx, { topic: "mailbox" });
  return ok(null);
}

/** Says how the person wants their mails from now on. A digest that waits for its hour goes now, because it may not have one any more. */
export async function prefer(tx: Tx, person: Person, wish: MailWish): Promise<Result<null>> {
  if (!may(person, "mail.prefer")) return refuse("not-found");
  const { userId } = person;
  await tx.db
    .insert(mailPreference)
    .values({ userId, ...wish })
    .onConflictDoUpdate({ target: mailPreference.userId, set: wish });
  await tx.sql`
    update outbox set next_attempt_at = clock_timestamp()
    where recipient_id = ${userId} and kind = 'digest' and status = 'queued' and content->>'because' is not null`;
  tx.hints.push({ channel: MAIL_CHANNEL, payload: "" });
  return ok(null);
}
