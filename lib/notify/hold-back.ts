import { and, asc, inArray, notInArray, sql } from "drizzle-orm";
import { outbox } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { AN_HOUR, type Bound, isDue, isUnder } from "./queries/told-within-hour";
import { lineOf, type Mail, tellInDigest } from "./tell-in-digest";

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
  const mails = held.filter((mail) => lineOf(mail));
  await tellInDigest(tx, { recipientId: bound.key, because: null, mails, at: whenThereIsRoom(bound), reason });
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
