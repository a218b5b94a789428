import { sql } from "drizzle-orm";
import type { MailContent } from "../emails/content";
import { newId } from "../lib/ids";
import { outbox } from "./schema/queue";
import type { Tx } from "./transaction";
import { writeRows } from "./write-rows";

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

/** Whether the person is to be told: always, unless it is said what happens otherwise. */
const TOLD = `select given.skipped is null
  or coalesce((select u.active from "user" u where u.user_id = given."recipientId"), false) as told`;

const derived = {
  recipientId: `case when told then given."recipientId" end`,
  dedupeKey: `case when told then given."dedupeKey" else given.skipped->>'dedupeKey' end`,
  status: "case when told then 'queued' else 'skipped' end",
  lastError: "case when not told then given.skipped->>'reason' end",
  createdAt: "clock_timestamp()",
  nextAttemptAt: "case when told then date_trunc('milliseconds', clock_timestamp()) end",
};

function insertMails(tx: Tx, mails: readonly (NewMail & Partial<Skipped>)[]): void {
  const nothing = { workItemId: null, assignmentNo: null, runId: null, recipientId: null, recipient: null };
  const rows = mails.map((mail) => ({
    ...nothing,
    ...{ dedupeKey: null, skipped: null, status: null, lastError: null, createdAt: null, nextAttemptAt: null },
    ...mail,
    messageId: newId("mail"),
  }));
  writeRows(tx, [
    { table: outbox, how: "insert", unlessThere: true, rows, beside: { skipped: "jsonb" }, derived, lateral: TOLD },
  ]);
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
export function withdrawMails(
  tx: Tx,
  { workItemId, recipientId }: { readonly workItemId: string; readonly recipientId: string | null },
  reason: string,
): Promise<void> {
  const whose = recipientId === null ? { workItemId } : { workItemId, recipientId };
  const row = { ...whose, status: "withdrawn", lastError: reason, nextAttemptAt: null };
  const only = "outbox.kind in ('assignment', 'notice') and outbox.status = 'queued'";
  writeRows(tx, [{ table: outbox, how: "update", by: Object.keys(whose), only, rows: [row] }]);
  return Promise.resolve();
}
