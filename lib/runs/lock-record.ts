import { and, eq, isNull, sql } from "drizzle-orm";
import { enqueueAll } from "../../db/jobs";
import { recordLock, wait } from "../../db/schema";
import type { Tx } from "../../db/transaction";

/** Thrown when another run took the lock since this one looked: the transaction is tried again and finds it taken. */
class LockTaken extends Error {
  readonly code = "40001";
}

/** The run's lock of its record (A22), in the transaction that tells of it; or another editor of it. */
export async function lockRecord(
  tx: Tx,
  runId: string,
  { recordId, editorId }: { readonly recordId: string; readonly editorId: string | null },
): Promise<void> {
  const taken = await tx.db
    .insert(recordLock)
    .values({ recordId, runId, editorId, since: sql`clock_timestamp()` })
    .onConflictDoUpdate({ target: recordLock.recordId, set: { editorId }, setWhere: eq(recordLock.runId, runId) })
    .returning({ recordId: recordLock.recordId });
  if (taken.length === 0) throw new LockTaken(`the record ${recordId} was locked by another run meanwhile`);
}

/** Gives the lock up and wakes the runs that wait for it; the first of them to look takes it. */
export async function unlockRecord(tx: Tx, runId: string, recordId: string): Promise<void> {
  await tx.db.delete(recordLock).where(and(eq(recordLock.recordId, recordId), eq(recordLock.runId, runId)));
  const waiting = await tx.db
    .select({ runId: wait.runId })
    .from(wait)
    .where(and(eq(wait.recordId, recordId), eq(wait.kind, "lock"), isNull(wait.resolvedAt)))
    .orderBy(wait.createdAt, wait.runId);
  await enqueueAll(
    tx,
    waiting.map((next) => ({
      kind: "wake",
      runId: next.runId,
      dedupeKey: `lock:${next.runId}`,
      payload: { type: "lock" },
    })),
  );
}
