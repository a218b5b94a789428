import { and, eq } from "drizzle-orm";
import { enqueue, enqueueNew } from "../../db/jobs";
import { job, wait } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { writeRows } from "../../db/write-rows";
import type { DeferredEffect } from "../engine/effect";
import { closeBackground } from "../interviews/store-interview";

type JobEffect = Extract<DeferredEffect, { type: "queue-flow" | "call-operation" | "cancel-jobs" | "wake-at" }>;

/** What the engine wants done later, as a job of the same commit. */
export async function leaveJob(tx: Tx, runId: string, effect: JobEffect): Promise<void> {
  switch (effect.type) {
    case "queue-flow": {
      const { stepRunId, flow, version, runAs } = effect;
      const payload = { flow, version, runAs };
      return enqueueNew(tx, { kind: "run_flow", runId, stepRunId, dedupeKey: `flow:${stepRunId}`, payload });
    }
    case "call-operation": {
      const { stepRunId, operation, inputs } = effect;
      const payload = { operation, inputs };
      return enqueueNew(tx, { kind: "call_operation", runId, stepRunId, dedupeKey: `call:${stepRunId}`, payload });
    }
    case "cancel-jobs":
      return cancelJobs(tx, runId, effect.stepRunId);
    case "wake-at":
      return wakeAt(tx, runId, new Date(effect.at));
  }
}

/** One object for all, by which the writes of many steps become one. */
const OF_JOB = { endedAt: "clock_timestamp()" };
const OF_WAIT = { resolvedAt: "clock_timestamp()" };

/** What is queued for a step that ended otherwise is void, its flow is over, and so is what that waits for. A running job finds out by itself. Sent and not awaited. */
function cancelJobs(tx: Tx, runId: string, stepRunId: string): void {
  const by = ["runId", "stepRunId"];
  const ended = { status: "done", endedAt: null, lastError: "void: its step ended otherwise" };
  writeRows(tx, [
    {
      ...{ table: job, how: "update", by, only: "job.status = 'queued'", derived: OF_JOB },
      rows: [{ runId, stepRunId, ...ended }],
    },
    {
      ...{ table: wait, how: "update", by, only: "wait.resolved_at is null" },
      ...{ derived: OF_WAIT, rows: [{ runId, stepRunId, resolvedAt: null }] },
    },
  ]);
  closeBackground(tx, { runId, stepRunId });
}

/** One clock a run: a job that is queued for another instant is moved. */
async function wakeAt(tx: Tx, runId: string, runAt: Date): Promise<void> {
  const dedupeKey = `clock:${runId}`;
  const moved = await tx.db
    .update(job)
    .set({ runAt })
    .where(and(eq(job.dedupeKey, dedupeKey), eq(job.status, "queued")))
    .returning({ jobId: job.jobId });
  if (moved.length === 0) await enqueue(tx, { kind: "wake", runId, dedupeKey, runAt, payload: { type: "clock" } });
}
