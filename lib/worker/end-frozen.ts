import { sql } from "drizzle-orm";
import { db, STATEMENT_TIMEOUT_MS } from "../../db/client";
import { log } from "../log";

/**
 * Ends transactions whose process stands still, so that what they have locked can be had by others: a job whose lease has run out is passed over while
 * its row is locked. The server's own timeouts do not see a process that froze between the two halves of a statement (it was described, and waits to be
 * bound): that counts neither as idle nor as running. Nobody alive keeps a transaction for so long (`db/transaction.ts`), so nobody alive is hit.
 * Answers with how many were ended.
 */
export async function endFrozen(): Promise<number> {
  const ended = await db().execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pg_has_role(usesysid, 'usage') and application_name = 'baton' and pid <> pg_backend_pid()
      and wait_event = 'ClientRead' and xact_start < clock_timestamp() - ${STATEMENT_TIMEOUT_MS} * interval '1 millisecond'`);
  if (ended.length > 0)
    log().warn({ transactions: ended.length }, "transactions of a process that stands still were ended");
  return ended.length;
}
