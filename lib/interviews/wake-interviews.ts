import { and, eq, isNotNull, isNull, or } from "drizzle-orm";
import { enqueueAll } from "../../db/jobs";
import { wait } from "../../db/schema/runs";
import type { RecordChange, Tx } from "../../db/transaction";
import { isAwaited } from "./is-awaited";
import type { WaitDetail } from "./open-waits";

type Waiting = Pick<typeof wait.$inferSelect, "runId" | "waitId" | "stepRunId" | "detail">;

/** The waits of flows that this change may be for. */
export const waitsOfFlows = async (tx: Tx, change: RecordChange): Promise<Waiting[]> =>
  tx.db
    .select({ runId: wait.runId, waitId: wait.waitId, stepRunId: wait.stepRunId, detail: wait.detail })
    .from(wait)
    .where(
      and(
        isNull(wait.resolvedAt),
        isNotNull(wait.stepRunId),
        or(eq(wait.recordId, change.id), eq(wait.objectName, change.object)),
      ),
    )
    .orderBy(wait.waitId);

/**
 * Leaves a job for each of them that has waited for it, in the transaction that saves the record. A wait for a condition only looks again; a wait
 * for a change is held against the record as it was saved, here and now, because the next save may change it back.
 */
export async function wakeInterviews(tx: Tx, change: RecordChange, waiting: readonly Waiting[]): Promise<void> {
  const jobs: Parameters<typeof enqueueAll>[1][number][] = [];
  for (const { runId, waitId, stepRunId, detail } of waiting) {
    const { event } = detail as WaitDetail;
    if (stepRunId === null || !(await isAwaited(tx, detail as WaitDetail, change))) continue;
    const recordId = event.type === "record_change" && change.after !== null ? { recordId: change.id } : {};
    // Two records that are saved are two events: the flow may be let see one of them only.
    const dedupeKey = `resume:${waitId}:${recordId.recordId ?? ""}`;
    jobs.push({ kind: "resume_flow", runId, stepRunId, dedupeKey, payload: { waitId, ...recordId } });
  }
  await enqueueAll(tx, jobs);
}
