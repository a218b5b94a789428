import { inArray, sql } from "drizzle-orm";
import { outbox, user } from "../../db/schema";
import { type Tx, transaction } from "../../db/transaction";
import type { MailContent } from "../../emails/content";
import { newId } from "../ids";
import { keepBounds } from "./keep-bounds";

/** Longer than a slow server may take for one mail, so that a mail is its sender's alone. */
const LEASE_SECONDS = 120;

export type ClaimedMail = {
  readonly messageId: string;
  readonly fence: number;
  readonly attempts: number;
  /** By the database's clock, since it was queued. */
  readonly ageSeconds: number;
  readonly mail: MailContent;
  /** A user as their row says now, or somebody outside; null when there is none. */
  readonly recipient: Recipient | null;
  /** What it belongs to, if it does. */
  readonly runId: string | null;
  readonly workItemId: string | null;
  readonly assignmentNo: number | null;
};

type Recipient = {
  /** Null for somebody outside. */
  readonly userId: string | null;
  readonly name: string;
  readonly email: string;
  readonly isActive: boolean;
  readonly timeZone: string | null;
};

/** Takes up to `count` mails that are due, oldest first. Attempts are counted before anything is tried, so a mail that kills the worker ends too. */
export const claimMails = (count: number): Promise<ClaimedMail[]> =>
  transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    const due = await keepBounds(tx, count);
    const claimed = await tx.db
      .update(outbox)
      .set({
        attempts: sql`${outbox.attempts} + 1`,
        fence: sql`${outbox.fence} + 1`,
        leaseUntil: sql`clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'`,
      })
      .where(inArray(outbox.messageId, due))
      .returning({
        messageId: outbox.messageId,
        fence: outbox.fence,
        attempts: outbox.attempts,
        ageSeconds: sql<number>`extract(epoch from clock_timestamp() - ${outbox.createdAt})::float8`,
        kind: outbox.kind,
        content: outbox.content,
        recipientId: outbox.recipientId,
        address: outbox.recipient,
        runId: outbox.runId,
        workItemId: outbox.workItemId,
        assignmentNo: outbox.assignmentNo,
      });
    const recipients = await recipientsOf(
      tx,
      claimed.flatMap(({ recipientId }) => (recipientId ? [recipientId] : [])),
    );
    return claimed.map(({ kind, content, recipientId, address, ...claim }) => ({
      ...claim,
      mail: { kind, content } as MailContent,
      recipient: recipientId === null ? outsider(address) : (recipients.get(recipientId) ?? null),
    }));
  });

const outsider = (address: string | null): Recipient | null =>
  address === null ? null : { userId: null, name: "", email: address, isActive: true, timeZone: null };

async function recipientsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, Recipient>> {
  if (ids.length === 0) return new Map();
  const { userId, name, email, active: isActive, timeZone } = user;
  const rows = await tx.db
    .select({ userId, name, email, isActive, timeZone })
    .from(user)
    .where(inArray(userId, [...ids]));
  return new Map(rows.map((recipient) => [recipient.userId, recipient]));
}
