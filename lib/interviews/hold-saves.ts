import { later, type RecordChange, type Tx } from "../../db/transaction";
import { isId } from "../ids";

/** Keeps these records and people from being changed until this transaction ends; one that is being saved is waited for. */
export async function holdRecords(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.sql`select 1 from record where record_id = any(${[...ids]}) order by record_id for share`;
  if (ids.some((id) => !isId("record", id)))
    await tx.sql`select 1 from "user" where user_id = any(${[...ids]}) order by user_id for share`;
}

/** Keeps what was saved of an object from being committed until this transaction ends; saves that have looked who waits are waited for. */
export async function holdObject(tx: Tx, name: string): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${name}, 21))`;
}

/** What a save shares with all others of its objects, before it looks who waits for them: so no wait begins between that and its commit. */
export function shareObjects(tx: Tx, changes: readonly RecordChange[]): void {
  const names = [...new Set(changes.map(({ object }) => object))].sort();
  for (const name of names) later(tx, tx.sql`select pg_advisory_xact_lock_shared(hashtextextended(${name}, 21))`);
}
