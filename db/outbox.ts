import { and, eq, sql } from "drizzle-orm";
import type { MailContent } from "../emails/content";
import { newId } from "../lib/ids";
import { outbox } from "./schema/queue";
import type { Tx } from "./transaction";

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

/** Leaves mails to be sent, committed with what they tell of. Nouns below `notify` call it too, which is why it is here. */
export async function queueMails(tx: Tx, mails: readonly NewMail[]): Promise<void> {
  if (mails.length === 0) return;
  const rows = mails.map((mail) => ({
    ...mail,
    messageId: newId("mail"),
    status: "queued" as const,
    createdAt: sql`clock_timestamp()`,
    nextAttemptAt: sql`clock_timestamp()`,
  }));
  await tx.db.insert(outbox).values(rows).onConflictDoNothing({ target: outbox.dedupeKey });
  await tx.sql`select pg_notify(${MAIL_CHANNEL}, '')`;
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

/** What was queued about an assignment that is void. A mail on its way just now may still arrive; its row then says so. */
export async function withdrawMails(tx: Tx, workItemId: string, reason: string): Promise<void> {
  await tx.db
    .update(outbox)
    .set({ status: "withdrawn", lastError: reason, nextAttemptAt: null })
    .where(and(eq(outbox.workItemId, workItemId), eq(outbox.kind, "assignment"), eq(outbox.status, "queued")));
}
