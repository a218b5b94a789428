import { inArray } from "drizzle-orm";
import { run } from "../../db/schema";
import type { Tx } from "../../db/transaction";

/** Locks the runs that these belong to, in the order in which every command that needs several takes them. */
export async function lockRuns(tx: Tx, theirs: readonly { readonly runId: string }[]): Promise<void> {
  const ids = [...new Set(theirs.map(({ runId }) => runId))];
  if (ids.length === 0) return;
  await tx.db.select({ id: run.runId }).from(run).where(inArray(run.runId, ids)).orderBy(run.runId).for("update");
}
