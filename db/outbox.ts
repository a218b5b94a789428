import { sql } from "drizzle-orm";
import type { MailContent } from "../emails/content";
import { newId } from "../lib/ids";
import { outbox } from "./schema/queue";
import { later, type Tx } from "./transaction";

/** NOTIFY on it says that a mail waits: a hint, like that of jobs. */
export const MAIL_CHANNEL = "baton_mail";

export type NewMail = MailContent & Recipient & MailPurpose;

/** A user, whose name and address are read when the mail is sent (S8); or, for what a flow says to people outside, one address that was checked. */
type Recipient = { readonly recipientId: string } | { readonly recipient: string };

type MailPurpose = {
  /** A mail with it is queued once, however often asked for. */
  readonly dedupeKey?: string;
  readonly runId?: string;
  readonly workItemId?: string;
  readonly assignmentNo?: number;
};

/** Leaves mails to be sent, committed with what they tell of; sent and not awaited. Nouns below `notify` call it too, which is why it is here. */
export function queueMails(tx: Tx, mails: readonly NewMail[]): Promise<void> {
  if (mails.length > 0) {
    insertMails(tx, mails);
    tx.hints.push({ channel: MAIL_CHANNEL, payload: "" });
  }
  return Promise.resolve();
}

type Skipped = { readonly skipped: { readonly reason: string; readonly dedupeKey: string } };

/**
 * A mail to one person who is told only if they are active; else there is a row that says why nobody was, so that each assignment can be
 * accounted for (I20).
 */
export function queueMailIfActive(tx: Tx, mail: NewMail & Skipped): void {
  insertMails(tx, [mail]);
  tx.hints.push({ channel: MAIL_CHANNEL, payload: "" });
}

function insertMails(tx: Tx, mails: readonly (NewMail & Partial<Skipped>)[]): void {
  const rows = mails.map((mail) => ({ ...mail, messageId: newId("mail") }));
  later(
    tx,
    tx.sql`
      insert into outbox (message_id, kind, work_item_id, assignment_no, run_id, recipient, content, created_at,
        recipient_id, dedupe_key, status, last_error, next_attempt_at)
      select "messageId", kind, "workItemId", "assignmentNo", "runId", recipient, content, clock_timestamp(),
        case when told then "recipientId" end, case when told then "dedupeKey" else skipped->>'dedupeKey' end,
        case when told then 'queued' else 'skipped' end, case when not told then skipped->>'reason' end, case when told then date_trunc('milliseconds', clock_timestamp()) end
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as mail ("messageId" text, kind text, "dedupeKey" text, "workItemId" text,
        "assignmentNo" int, "runId" text, "recipientId" text, recipient text, content jsonb, skipped jsonb),
        lateral (select skipped is null or coalesce((select u.active from "user" u where u.user_id = "recipientId"), false) as told) as decided
      on conflict (dedupe_key) do nothing`,
  );
}

/** A mail that nobody can be sent leaves a row as well, so that each assignment can be accounted for (I20). */
export async function skipMail(tx: Tx, mail: MailContent & MailPurpose, reason: string): Promise<void> {
  await tx.db
    .insert(outbox)
    .values({
      ...mail,
      messageId: newId("mail"),
      status: "skipped",
      lastError: reason,
      createdAt: sql`clock_timestamp()`,
    })
    .onConflictDoNothing({ target: outbox.dedupeKey });
}

/** What was queued about an assignment that is void; sent and not awaited. A mail on its way just now may still arrive; its row then says so. */
export function withdrawMails(tx: Tx, workItemId: string, reason: string): Promise<void> {
  later(
    tx,
    tx.sql`
      update outbox set status = 'withdrawn', last_error = ${reason}, next_attempt_at = null
      where work_item_id = ${workItemId} and kind = 'assignment' and status = 'queued'`,
  );
  return Promise.resolve();
}
