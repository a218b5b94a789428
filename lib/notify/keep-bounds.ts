import { asc, sql } from "drizzle-orm";
import { outbox } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { gather } from "./gather";
import { holdBack } from "./hold-back";
import { AN_HOUR, type Bound, countTold, isDue } from "./queries/told-within-hour";

/** One sender claims at a time, so that a recipient's mails are counted right. */
const LOCK = "baton mail claim";

/** Up to `most` mails that are due and within their recipient's bounds, oldest first, locked. What is beyond is held back, and what is to be gathered is. */
export async function keepBounds(tx: Tx, most: number): Promise<string[]> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${LOCK}, 0))`;
  for (;;) {
    const due = await tx.db
      .select({
        id: outbox.messageId,
        key: sql<string>`coalesce(${outbox.recipientId}, ${outbox.recipient})`,
        kind: outbox.kind,
      })
      .from(outbox)
      .where(isDue)
      .orderBy(asc(outbox.nextAttemptAt), asc(outbox.messageId))
      .limit(most)
      .for("update", { skipLocked: true });
    const within: string[] = [];
    for (const [, mails] of Map.groupBy(
      await gather(tx, due),
      ({ key, kind }) => `${kind === "sign_in_link"} ${key}`,
    )) {
      const [{ key, kind } = { key: "", kind: "" }] = mails;
      const bound: Bound = { key, of: kind === "sign_in_link" ? "link" : "mail" };
      const room = Math.max(0, AN_HOUR[bound.of] - (await countTold(tx, bound)));
      const ids = mails.slice(0, room).map(({ id }) => id);
      within.push(...ids);
      if (mails.length > room) await holdBack(tx, bound, ids);
    }
    if (within.length > 0 || due.length === 0) return within;
  }
}
