import { and, count, eq, gt, isNull, lt, lte, ne, or, sql } from "drizzle-orm";
import { outbox } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";

/** How many mails a recipient gets in an hour: sign-in links, which anybody can have sent to anybody, and all others (S57). */
export const AN_HOUR = { link: 5, mail: 100 } as const;
/** Who is told and what of: what one bound counts. */
export type Bound = { readonly key: string; readonly of: keyof typeof AN_HOUR };

export const isDue = and(
  eq(outbox.status, "queued"),
  lte(outbox.nextAttemptAt, sql`clock_timestamp()`),
  or(isNull(outbox.leaseUntil), lt(outbox.leaseUntil, sql`clock_timestamp()`)),
);
/** The same expression as the index `outbox_told`. */
export const isUnder = ({ key, of }: Bound) =>
  and(
    sql`coalesce(${outbox.recipientId}, ${outbox.recipient}) = ${key}`,
    of === "link" ? eq(outbox.kind, "sign_in_link") : ne(outbox.kind, "sign_in_link"),
  );

/** What was sent within the hour or is on its way. */
export async function countTold(tx: Tx, bound: Bound): Promise<number> {
  const isSent = gt(outbox.sentAt, sql`clock_timestamp() - interval '1 hour'`);
  const isOnItsWay = and(eq(outbox.status, "queued"), gt(outbox.leaseUntil, sql`clock_timestamp()`));
  const [row] = await tx.db
    .select({ told: count() })
    .from(outbox)
    .where(and(isUnder(bound), or(isSent, isOnItsWay)));
  return row?.told ?? 0;
}
