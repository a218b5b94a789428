import type { Tx } from "../../db/transaction";
import type { Waits } from "../engine/state";

/** Ids of what nobody changes unseen: this transaction holds it, or its wait was there before. */
export type HeldWaits = { readonly records: Set<string>; readonly locks: Set<string> };

export const heldBefore = (waits: Waits | null): HeldWaits => ({
  records: new Set(waits?.records),
  locks: new Set(waits?.lock ? [waits.lock] : []),
});

/**
 * Keeps what a run begins to wait for as it is until this commits: whoever saves such a record, or gives up such a lock, comes after, and then
 * sees the wait. True when there was anything that is not yet `held`, and now is; then what was read before must be read again.
 */
export async function holdWaits(tx: Tx, held: HeldWaits, waits: Waits): Promise<boolean> {
  const records = waits.records.filter((id) => !held.records.has(id));
  const lock = waits.lock === null || held.locks.has(waits.lock) ? null : waits.lock;
  // One flight; the connection takes them in this order.
  await Promise.all([
    records.length > 0 && tx.sql`select 1 from record where record_id = any(${records}) order by record_id for share`,
    records.length > 0 && tx.sql`select 1 from "user" where user_id = any(${records}) order by user_id for share`,
    lock !== null && tx.sql`select 1 from record_lock where record_id = ${lock} for share`,
  ]);
  for (const id of records) held.records.add(id);
  if (lock !== null) held.locks.add(lock);
  return records.length > 0 || lock !== null;
}
