import { and, asc, eq, inArray, notInArray, sql } from "drizzle-orm";
import { queueMails } from "../../db/outbox";
import { outbox } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { compose } from "../../emails/compose";
import type { DigestLine, MailContent } from "../../emails/content";
import { AN_HOUR, type Bound, isDue, isUnder } from "./queries/told-within-hour";

/** What a digest names, in its order; of the rest it says how many there are. */
const MAX_LINES = 50;

type Mail = typeof outbox.$inferSelect;

/**
 * All that is due to a recipient beyond a bound, but for what was just taken: a sign-in link is skipped; what leads a person to a page
 * becomes a line of their digest, which goes when there is room again; what has to be read itself waits until then.
 */
export async function holdBack(tx: Tx, bound: Bound, taken: readonly string[]): Promise<void> {
  const held = await tx.db
    .select()
    .from(outbox)
    .where(and(isUnder(bound), isDue, notInArray(outbox.messageId, [...taken])))
    .orderBy(asc(outbox.createdAt), asc(outbox.messageId))
    .for("update");
  const reason = `over ${AN_HOUR[bound.of]} in an hour`;
  if (bound.of === "link") return skip(tx, held, reason);
  const lines = held.flatMap((mail) => lineOf(mail) ?? []);
  if (lines.length > 0) await tellInDigest(tx, bound, lines);
  await skip(
    tx,
    held.filter((mail) => lineOf(mail)),
    `${reason}: told in a digest`,
  );
  const waiting = idsOf(held.filter((mail) => !lineOf(mail)));
  await tx.db
    .update(outbox)
    .set({ nextAttemptAt: whenThereIsRoom(bound), lastError: reason })
    .where(inArray(outbox.messageId, waiting));
}

const idsOf = (mails: readonly Mail[]) => mails.map(({ messageId }) => messageId);

async function skip(tx: Tx, mails: readonly Mail[], reason: string): Promise<void> {
  const secretless = sql`case when ${outbox.kind} = 'sign_in_link' then '{}'::jsonb else ${outbox.content} end`;
  await tx.db
    .update(outbox)
    .set({ status: "skipped", lastError: reason, nextAttemptAt: null, content: secretless })
    .where(inArray(outbox.messageId, idsOf(mails)));
}

/** When the oldest mail of the last hour is an hour old. */
const whenThereIsRoom = ({ key }: Bound) => sql`greatest(
  clock_timestamp() + interval '1 minute',
  (select min(told.sent_at) + interval '1 hour' from outbox told
   where coalesce(told.recipient_id, told.recipient) = ${key} and told.kind <> 'sign_in_link'
     and told.sent_at > clock_timestamp() - interval '1 hour'))`;

/** A person's mail as a line of a digest; null for what has no page that says it. */
function lineOf({ kind, content, recipientId }: Mail): DigestLine | null {
  const mail = { kind, content } as MailContent;
  if (recipientId === null) return null;
  if (mail.kind !== "assignment" && mail.kind !== "submission" && mail.kind !== "failure") return null;
  return { subject: compose(mail, "").subject, path: mail.content.path };
}

/** Adds to the digest that waits for this person, or begins one. */
async function tellInDigest(tx: Tx, bound: Bound, lines: readonly DigestLine[]): Promise<void> {
  const isOpen = and(isUnder(bound), eq(outbox.kind, "digest"), eq(outbox.status, "queued"), eq(outbox.attempts, 0));
  const [open] = await tx.db.select().from(outbox).where(isOpen).for("update");
  const mail = open && ({ kind: open.kind, content: open.content } as MailContent);
  const before = mail?.kind === "digest" ? mail.content : { lines: [], count: 0 };
  const content = { lines: [...before.lines, ...lines].slice(0, MAX_LINES), count: before.count + lines.length };
  if (!open) await queueMails(tx, [{ kind: "digest", content, recipientId: bound.key }]);
  await tx.db
    .update(outbox)
    .set({ content, nextAttemptAt: whenThereIsRoom(bound) })
    .where(isOpen);
}
