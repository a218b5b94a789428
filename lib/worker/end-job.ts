import { randomInt } from "node:crypto";
import { assertHeld, type ClaimedJob, type JobHold, nextJobOf } from "../../db/jobs";
import { job } from "../../db/schema/queue";
import { type Tx, transaction } from "../../db/transaction";
import { writeRows } from "../../db/write-rows";
import { isFinal } from "../engine/status";
import { newId } from "../ids";
import { holdRun } from "../runs/hold-run";
import { claimNextOf } from "./claim-jobs";

/** Seconds before a failed job is tried again: doubled each time, with up to a quarter more so that many do not come at once. */
const FIRST_DELAY_SECONDS = 2;
const LONGEST_DELAY_SECONDS = 300;
const MAX_ERROR_CHARACTERS = 2_000;

/**
 * Marks the job done, in the transaction of its effects, which holds it, and takes the run's next job if there is one: what this transaction
 * left, or what waits. `note` says what became of the job, where that is not plain. Throws `JobLost` when the transaction does not hold it.
 */
export async function finishJob(tx: Tx, job: ClaimedJob, note: string | null = null): Promise<ClaimedJob | null> {
  end(tx, job, { status: "done", error: note });
  const next = nextJobOf(tx);
  if (next || job.runId === null) return next;
  // Nothing is left to be done at once for a run that is over; what was queued for it is found like any other job.
  const held = await holdRun(tx, { runId: job.runId });
  return held && isFinal(held.state.run.status) ? null : claimNextOf(tx, job.runId);
}

/** Marks the job dead: it will not be tried again. With its effects, like the above. */
export const buryJob = (tx: Tx, job: JobHold, error: string): void => end(tx, job, { status: "dead", error });

/** Marks a job as done that failed in a suspended run, which keeps the failure until it is resumed: no dead job leaves its step in progress (I32). */
export const endKept = (tx: Tx, job: JobHold, error: string): void =>
  end(tx, job, { status: "done", error: `kept until the run is resumed: ${error}` });

const OF_END = { endedAt: "clock_timestamp()" };

function end(
  tx: Tx,
  { jobId, fence }: JobHold,
  { status, error }: { status: "done" | "dead"; error: string | null },
): void {
  assertHeld(tx, { jobId, fence });
  const row = {
    jobId,
    fence,
    status,
    endedAt: null,
    leaseUntil: null,
    lastError: error?.slice(0, MAX_ERROR_CHARACTERS) ?? null,
  };
  writeRows(tx, [{ table: job, how: "update", by: ["jobId", "fence"], rows: [row], derived: OF_END }]);
}

/** Puts a job back that went wrong, to be tried again later. Nothing happens if it is no longer ours. */
export async function retryLater(
  { jobId, fence, attempts }: ClaimedJob,
  error: string,
  atLeastSeconds = 0,
): Promise<void> {
  const backoff = Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** Math.min(attempts - 1, 10));
  const delay = Math.max(backoff, atLeastSeconds);
  const milliseconds = delay * 1_000 + randomInt(delay * 250);
  await transaction(
    { commandId: newId("command"), actorId: null },
    (tx) => tx.sql`
    update job set status = 'queued', lease_until = null, last_error = ${error.slice(0, MAX_ERROR_CHARACTERS)},
      run_at = clock_timestamp() + ${milliseconds} * interval '1 millisecond'
    where job_id = ${jobId} and fence = ${fence} and status = 'running'`,
  );
}

const PUT_OFF_SECONDS = 5;

/** Puts a job back that others kept from being done, for a few seconds: no fault of its own, so not counted as an attempt. */
export async function putOff({ jobId, fence }: JobHold, why: string): Promise<void> {
  await transaction(
    { commandId: newId("command"), actorId: null },
    (tx) => tx.sql`
    update job set status = 'queued', lease_until = null, last_error = ${why.slice(0, MAX_ERROR_CHARACTERS)}, attempts = attempts - 1,
      run_at = clock_timestamp() + ${PUT_OFF_SECONDS * 1_000 + randomInt(1_000)} * interval '1 millisecond'
    where job_id = ${jobId} and fence = ${fence} and status = 'running'`,
  );
}

/** Gives back a job that this worker will not do because it is stopping: at once for anybody else, and not counted as an attempt. */
export async function releaseJob({ jobId, fence }: JobHold): Promise<void> {
  await transaction(
    { commandId: newId("command"), actorId: null },
    (tx) => tx.sql`
    update job set status = 'queued', lease_until = null, run_at = date_trunc('milliseconds', clock_timestamp()), attempts = attempts - 1
    where job_id = ${jobId} and fence = ${fence} and status = 'running'`,
  );
}
