import { sql } from "drizzle-orm";
import { askOnce } from "../../db/ask-once";
import type { Tx } from "../../db/transaction";
import type { Person } from "../people/current-person";
import { shapedRecord, type WholeRecord } from "../records/queries/shaped-record";
import { lookAhead, type Seen } from "../runs/dispatch";

const key = (recordId: string): string => `shaped ${recordId}`;

/** A record with its fields and files as it is now. Of one decision it is asked once. */
export const shapedOnce = (tx: Tx, recordId: string): Promise<WholeRecord | null> =>
  askOnce(tx, key(recordId), () => shapedRecord(tx.db, recordId));

/**
 * Locks the run of an item, asks who asks, and reads what the run is about, which whoever decides is shown: all in one flight, the lock first. To be
 * followed by the decision itself.
 */
export async function lookAtItem(tx: Tx, person: Person, workItemId: string): Promise<Seen> {
  const ofRun = sql`(select r.record_id from work_item w join run r using (run_id) where w.work_item_id = ${workItemId})`;
  const looking = lookAhead(tx, person, { workItemId });
  // The lock of commands that travel together is asked for behind what each of them sends at once.
  if (tx.isShared) await looking;
  const [seen, row] = await Promise.all([looking, shapedRecord(tx.db, ofRun)]);
  if (row) await askOnce(tx, key(row.recordId), async () => row);
  return seen;
}
