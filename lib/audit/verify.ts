import { and, asc, gt, isNotNull } from "drizzle-orm";
import type { Database } from "../../db/client";
import { securityEvent } from "../../db/schema/queue";
import { CHAIN_START, hashOf } from "./chain";

const BATCH = 1_000;

/**
 * Recomputes the chain of security events from its start, and says where it does not hold: an event that was edited, removed, inserted,
 * swapped or numbered anew. At most one complaint, because after a break every later link is in doubt.
 */
export async function verifySecurityChain(database: Database): Promise<string[]> {
  let prevHash = CHAIN_START;
  for (let seq = 0; ; ) {
    const events = await database
      .select()
      .from(securityEvent)
      .where(and(isNotNull(securityEvent.seq), gt(securityEvent.seq, seq)))
      .orderBy(asc(securityEvent.seq))
      .limit(BATCH);
    for (const event of events) {
      seq++;
      if (event.seq !== seq) return [`security event ${seq} is missing`];
      if (event.prevHash !== prevHash) return [`security event ${seq} does not follow the one before it`];
      if (event.hash !== hashOf(prevHash, { ...event, seq })) return [`security event ${seq} is not what was sealed`];
      prevHash = event.hash;
    }
    if (events.length < BATCH) return [];
  }
}
