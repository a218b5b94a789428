import { and, eq, isNull, sql } from "drizzle-orm";
import { enqueue, enqueueNew } from "../../db/jobs";
import { job, wait } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import type { DeferredEffect } from "../engine/effect";

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

/** What is queued for a step that ended otherwise is void, and so is what its flow waits for. A running job finds out by itself. */
async function cancelJobs(tx: Tx, runId: string, stepRunId: string): Promise<void> {
  await tx.db
    .update(job)
    .set({ status: "done", endedAt: sql`clock_timestamp()`, lastError: "void: its step ended otherwise" })
    .where(and(eq(job.runId, runId), eq(job.stepRunId, stepRunId), eq(job.status, "queued")));
  await tx.db
    .update(wait)
    .set({ resolvedAt: sql`clock_timestamp()` })
    .where(and(eq(wait.runId, runId), eq(wait.stepRunId, stepRunId), isNull(wait.resolvedAt)));
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
