import { and, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../../../db/client";
import { decodeCursor, PAGE_SIZE, type Page, pageOf } from "../../../db/page";
import { mailboxMessage } from "../../../db/schema";
import { env } from "../../env";
import type { Person } from "../../people/current-person";

/** Whether mails come to the app's own mailbox: demo mode, and no mail server that was configured. */
export const isDemo = (): boolean => env().BATON_DEMO === true && env().SMTP_URL === undefined;

/** Whose mails a person sees: an admin everybody's, which is null, others those to their own address. */
export const mailboxOf = ({ role, email }: Person): string | null => (role === "admin" ? null : email);

export type MailboxMessage = typeof mailboxMessage.$inferSelect;
/** A row of the list: all but what it says. */
export type MailboxRow = Omit<MailboxMessage, "textBody" | "htmlBody" | "messageId" | "replyTo">;

const rowColumns = {
  mailboxMessageId: mailboxMessage.mailboxMessageId,
  recipient: mailboxMessage.recipient,
  sender: mailboxMessage.sender,
  subject: mailboxMessage.subject,
  receivedAt: mailboxMessage.receivedAt,
  isRead: mailboxMessage.isRead,
};

const isInstant = (value: unknown): value is string => z.iso.datetime().safeParse(value).success;

/** What the demo's mailbox holds, newest first; of one recipient, or of all with null. */
export async function listMailbox(
  database: Database,
  recipient: string | null,
  cursor: string | null,
): Promise<Page<MailboxRow>> {
  const after = decodeCursor(cursor, 2);
  const rows = await database
    .select(rowColumns)
    .from(mailboxMessage)
    .where(
      and(
        recipient === null ? undefined : eq(mailboxMessage.recipient, recipient),
        isInstant(after?.[0])
          ? sql`(${mailboxMessage.receivedAt}, ${mailboxMessage.mailboxMessageId}) < (${after[0]}::timestamptz, ${String(after[1])})`
          : undefined,
      ),
    )
    .orderBy(desc(mailboxMessage.receivedAt), desc(mailboxMessage.mailboxMessageId))
    .limit(PAGE_SIZE + 1);
  return pageOf(rows, PAGE_SIZE, (row) => [row.receivedAt.toISOString(), row.mailboxMessageId]);
}

/** One message, if it went to that recipient; any with null. */
export async function readMessage(
  database: Database,
  id: string,
  recipient: string | null,
): Promise<MailboxMessage | null> {
  const [row] = await database
    .select()
    .from(mailboxMessage)
    .where(
      and(
        eq(mailboxMessage.mailboxMessageId, id),
        recipient === null ? undefined : eq(mailboxMessage.recipient, recipient),
      ),
    )
    .limit(1);
  return row ?? null;
}
