import { type ClaimedJob, type JobKind, JobLost } from "../../db/jobs";
import { HeldByOthers } from "../../db/transaction";
import { log } from "../log";
import { askAgain } from "./ask-again";
import { callOperation } from "./call-operation";
import { putOff, releaseJob, retryLater } from "./end-job";
import { giveUp } from "./give-up";
import type { Holder } from "./holder";
import { noteUndelivered } from "./note-undelivered";
import { runFlow } from "./run-flow";
import { wake } from "./wake";

/** Does one job, and commits its effects and its end together. Answers with the run's next job when that commit took it as well. */
type Performer = (job: ClaimedJob, signal: AbortSignal) => Promise<ClaimedJob | null>;

const PERFORMERS: Readonly<Record<JobKind, Performer>> = {
  run_flow: runFlow,
  resume_flow: runFlow,
  call_operation: callOperation,
  wake,
  ask_again: askAgain,
  note_undelivered: noteUndelivered,
};

/**
 * Does a claimed job and those of the same run that follow at once. Never throws for what a job does: one bad job must not stop the others.
 * `stopping` ends the row of jobs between two of them.
 */
export async function perform(first: ClaimedJob, holder: Holder, stopping: AbortSignal): Promise<void> {
  for (let job: ClaimedJob | null = first; job; ) {
    if (stopping.aborted && job !== first) return releaseJob(job);
    job = await performOne(job, holder, stopping);
  }
}

async function performOne(job: ClaimedJob, holder: Holder, stopping: AbortSignal): Promise<ClaimedJob | null> {
  const { signal, release } = holder.keep(job);
  try {
    if (job.attempts > job.maxAttempts) {
      await giveUp(job, job.lastError ?? "its worker died each time");
      return null;
    }
    return await PERFORMERS[job.kind](job, signal);
  } catch (error) {
    await afterFailure(job, error, stopping.aborted && signal.aborted);
    return null;
  } finally {
    release();
  }
}

async function afterFailure(job: ClaimedJob, error: unknown, isStopped: boolean): Promise<void> {
  const { jobId, kind, runId, attempts } = job;
  if (error instanceof JobLost) {
    log().warn({ jobId, kind, runId, fence: job.fence }, "job lost to another worker: nothing was written");
    return;
  }
  try {
    if (isStopped) return await releaseJob(job);
    const reason = error instanceof Error ? error.message : String(error);
    log().warn({ jobId, kind, runId, attempts, err: error }, "job failed");
    // A call went out before anything was waited for, and goes out again.
    if (error instanceof HeldByOthers && kind !== "call_operation") await putOff(job, reason);
    else if (attempts >= job.maxAttempts) await giveUp(job, reason);
    else await retryLater(job, reason);
  } catch (second) {
    // The database is away, or somebody else has the job: its lease runs out, and then it is claimed again.
    log().error({ jobId, kind, runId, err: second }, "the failure of a job could not be written down");
  }
}
