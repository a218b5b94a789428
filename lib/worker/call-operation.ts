import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { db } from "../../db/client";
import { type ClaimedJob, holdJob, holdJobAndNext } from "../../db/jobs";
import { stepRun } from "../../db/schema";
import { type Tx, transaction } from "../../db/transaction";
import { runCommand } from "../command";
import { type Call, callOperation as call } from "../connect/call-operation";
import type { Outcome } from "../connect/map-answer";
import { callableOperation } from "../connect/queries/callable-operation";
import type { Command } from "../engine/command";
import { newId } from "../ids";
import { log } from "../log";
import { ok } from "../result";
import { finishJob, retryLater } from "./end-job";
import { noteOf, tellRun } from "./tell-run";

const payloadSchema = z.object({ operation: z.string(), inputs: z.record(z.string(), z.json()) });

type Step = { readonly runId: string; readonly stepRunId: string };
type Told = Extract<Command, { type: "flow-finished" | "flow-failed" }>;

/**
 * Calls the operation of an external step: asks whether the step is still in progress, calls outside of any transaction, then tells the run
 * and ends the job in one. A try that failed in passing is made again later, with the same `Idempotency-Key` and no sooner than the other
 * system asked, up to the operation's own number; then the step errs. A crash between the call and the commit makes the call again: the key
 * is what lets the other system do it once.
 */
export async function callOperation(
  job: ClaimedJob,
  signal: AbortSignal,
  { resolve }: Pick<Call, "resolve"> = {},
): Promise<ClaimedJob | null> {
  const { runId, stepRunId, attempts } = job;
  const wanted = payloadSchema.safeParse(job.payload);
  if (!wanted.success) throw new Error("the job names no operation", { cause: wanted.error });
  if (runId === null || stepRunId === null) throw new Error("the job names no step");
  const step = { runId, stepRunId };
  if (!(await isInProgress(job, step))) return end(job, step, null);
  const operation = await callableOperation(db(), wanted.data.operation);
  if (!operation.ok) return end(job, step, failed(step, `${operation.refusal}.`));
  const { maxAttempts } = operation.value;
  if (attempts > maxAttempts) return end(job, step, failed(step, job.lastError ?? "its worker died each time"));

  const idempotencyKey = `${job.jobId}-${stepRunId}`;
  const outcome = await call({
    operation: operation.value,
    inputs: wanted.data.inputs,
    idempotencyKey,
    signal,
    ...(resolve ? { resolve } : {}),
  });
  log().info(
    { jobId: job.jobId, operation: wanted.data.operation, status: outcome.status, attempts },
    "operation called",
  );
  if (outcome.type === "failed" && outcome.mayRetry && attempts < maxAttempts) {
    await retryLater(job, outcome.error, outcome.retryAfterSeconds);
    return null;
  }
  return end(job, step, commandOf(step, outcome, attempts));
}

function commandOf(step: Step, outcome: Outcome, attempts: number): Told {
  if (outcome.type === "finished")
    return { type: "flow-finished", stepRunId: step.stepRunId, outputs: outcome.outputs };
  return failed(step, attempts > 1 ? `${outcome.error} (tried ${attempts} times)` : outcome.error);
}

const failed = ({ stepRunId }: Step, error: string): Told => ({ type: "flow-failed", stepRunId, error, element: null });

const isInProgress = (job: ClaimedJob, { runId, stepRunId }: Step): Promise<boolean> =>
  transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    await holdJob(tx, job);
    const [row] = await tx.db
      .select({ status: stepRun.status, storedFailure: stepRun.storedFailure })
      .from(stepRun)
      .where(and(eq(stepRun.runId, runId), eq(stepRun.stepRunId, stepRunId)));
    // One that was failed while its run is suspended (A20b) is over, too.
    return row?.status === "in_progress" && row.storedFailure === null;
  });

/** `told` is null when nobody waits for an answer any more. */
async function end(job: ClaimedJob, { runId }: Step, told: Told | null): Promise<ClaimedJob | null> {
  const header = {
    kind: told?.type ?? "flow-finished",
    actorId: null,
    key: `${job.jobId}:${job.fence}`,
    subjectId: runId,
  };
  const done = await runCommand<ClaimedJob | null>(header, async (tx: Tx) => {
    await holdJobAndNext(tx, job);
    const note = told ? noteOf(await tellRun(tx, runId, told)) : "the step was no longer in progress";
    return ok(await finishJob(tx, job, note));
  });
  if (!done.ok) throw new Error(`the call's commit was refused: ${done.refusal.code}`);
  return done.value;
}
