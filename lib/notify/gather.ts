import { and, asc, count, eq, gt, inArray, notInArray, or, sql } from "drizzle-orm";
import { mailPreference, outbox } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { isDue } from "./queries/told-within-hour";
import { GATHERED, tellInDigest } from "./tell-in-digest";

/** Single mails within ten minutes of whoever wants the others bundled. */
const AT_ONCE = 5;

type Wish = typeof mailPreference.$inferSelect;
type Due = { readonly id: string; readonly key: string; readonly kind: string };

/** Of mails that are due those that their recipients want one by one; the others have gone into their digests. */
export async function gather<T extends Due>(tx: Tx, due: readonly T[]): Promise<T[]> {
  const people = [...new Set(due.filter(({ kind }) => GATHERED.includes(kind)).map(({ key }) => key))];
  if (people.length === 0) return [...due];
  const wishes = await tx.db
    .select()
    .from(mailPreference)
    .where(and(inArray(mailPreference.userId, people), sql`${mailPreference.mode} <> 'each'`));
  const kept = [...due];
  for (const wish of wishes) {
    const mine = ({ key, kind }: Due) => key === wish.userId && GATHERED.includes(kind);
    const single = kept.filter(mine).slice(0, wish.mode === "daily" ? 0 : await roomFor(tx, wish));
    const others = kept.filter((mail) => !mine(mail));
    if (single.length === kept.length - others.length) continue;
    await gatherAll(
      tx,
      wish,
      single.map(({ id }) => id),
    );
    kept.splice(0, kept.length, ...others, ...single);
  }
  return kept;
}

/** How many more may come one by one now. */
async function roomFor(tx: Tx, { userId }: Wish): Promise<number> {
  const isSent = gt(outbox.sentAt, sql`clock_timestamp() - interval '10 minutes'`);
  const isOnItsWay = and(eq(outbox.status, "queued"), gt(outbox.leaseUntil, sql`clock_timestamp()`));
  const [row] = await tx.db
    .select({ told: count() })
    .from(outbox)
    .where(
      and(sql`coalesce(${outbox.recipientId}, ${outbox.recipient}) = ${userId}`, isGathered, or(isSent, isOnItsWay)),
    );
  return Math.max(0, AT_ONCE - (row?.told ?? 0));
}

const isGathered = inArray(outbox.kind, [...GATHERED]);

/** Everything that is due to this person but for those mails. */
async function gatherAll(tx: Tx, wish: Wish, single: readonly string[]): Promise<void> {
  const { userId: recipientId, mode, hour } = wish;
  const mails = await tx.db
    .select()
    .from(outbox)
    .where(and(eq(outbox.recipientId, recipientId), isGathered, isDue, notInArray(outbox.messageId, [...single])))
    .orderBy(asc(outbox.createdAt), asc(outbox.messageId))
    .for("update");
  if (mode === "daily")
    return tellInDigest(tx, {
      recipientId,
      because: "daily",
      mails,
      at: nextHour(recipientId, hour),
      reason: "once a day",
    });
  const at = sql`clock_timestamp() + interval '10 minutes'`;
  return tellInDigest(tx, { recipientId, because: "bundle", mails, at, reason: "over 5 in ten minutes" });
}

/** When it is that hour next where the person lives; without a zone of theirs, in UTC. */
const nextHour = (userId: string, hour: number) => sql`(
  select min((day + make_interval(hours => ${hour}::int)) at time zone zone)
  from (select coalesce(u.time_zone, 'UTC') as zone from "user" u where u.user_id = ${userId}) theirs,
    generate_series(date_trunc('day', clock_timestamp() at time zone zone), date_trunc('day', clock_timestamp() at time zone zone) + interval '2 days', interval '1 day') as day
  where (day + make_interval(hours => ${hour}::int)) at time zone zone > clock_timestamp())`;
