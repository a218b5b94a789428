import { asc, desc, isNotNull, isNull, sql } from "drizzle-orm";
import { securityEvent } from "../../db/schema/queue";
import { type Tx, transaction } from "../../db/transaction";
import { newId } from "../ids";
import { CHAIN_START, hashOf } from "./chain";

/** Events sealed in one transaction. */
const BATCH = 500;
/** Name of the advisory lock that makes this worker the only sealer while it seals. */
const LOCK = "baton audit seal";

/**
 * Numbers and chains the security events that are not sealed yet, oldest first, and says how many it sealed. In batches by the worker
 * instead of by each writer, because chaining at once would make all requests queue for the head of one chain (A18). 0 as well when another
 * worker is at it. An event that commits late gets a later number than a younger one: the chain orders by number, not by time.
 */
export const seal = (): Promise<number> => transaction({ commandId: newId("command"), actorId: null }, sealBatch);

async function sealBatch(tx: Tx): Promise<number> {
  const [lock] = await tx.sql<
    { held: boolean }[]
  >`select pg_try_advisory_xact_lock(hashtextextended(${LOCK}, 0)) as held`;
  if (!lock?.held) return 0;
  const waiting = await tx.db
    .select()
    .from(securityEvent)
    .where(isNull(securityEvent.seq))
    .orderBy(asc(securityEvent.at), asc(securityEvent.eventId))
    .limit(BATCH);
  if (waiting.length === 0) return 0;
  const [head] = await tx.db
    .select({ seq: securityEvent.seq, hash: securityEvent.hash })
    .from(securityEvent)
    .where(isNotNull(securityEvent.seq))
    .orderBy(desc(securityEvent.seq))
    .limit(1);
  let prevHash = head?.hash ?? CHAIN_START;
  const links = waiting.map((event, index) => {
    const seq = (head?.seq ?? 0) + index + 1;
    const link = { eventId: event.eventId, seq, prevHash, hash: hashOf(prevHash, { ...event, seq }) };
    prevHash = link.hash;
    return link;
  });
  await tx.db.execute(sql`
    update ${securityEvent} e set seq = l.seq, prev_hash = l.prev_hash, hash = l.hash
    from jsonb_to_recordset(${JSON.stringify(links.map(({ eventId, seq, prevHash: prev_hash, hash }) => ({ event_id: eventId, seq, prev_hash, hash })))}::jsonb)
      as l (event_id text, seq bigint, prev_hash text, hash text)
    where e.event_id = l.event_id`);
  return links.length;
}
