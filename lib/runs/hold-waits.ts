import type { Tx } from "../../db/transaction";
import type { Waits } from "../engine/state";

/**
 * Keeps what a run begins to wait for as it is until this commits: whoever saves such a record, or gives up such a lock, comes after, and then
 * sees the wait. True when there is anything new to hold; then what was read before must be read again.
 */
export async function holdWaits(tx: Tx, before: Waits | null, after: Waits): Promise<boolean> {
  const records = after.records.filter((id) => !before?.records.includes(id));
  const lock = after.lock === (before?.lock ?? null) ? null : after.lock;
  // One flight; the connection takes them in this order.
  await Promise.all([
    records.length > 0 && tx.sql`select 1 from record where record_id = any(${records}) order by record_id for share`,
    records.length > 0 && tx.sql`select 1 from "user" where user_id = any(${records}) order by user_id for share`,
    lock !== null && tx.sql`select 1 from record_lock where record_id = ${lock} for share`,
  ]);
  return records.length > 0 || lock !== null;
}
