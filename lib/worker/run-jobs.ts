import { sleep } from "../clock";
import { log } from "../log";
import type { Bell } from "./bell";
import { claimJobs } from "./claim-jobs";
import { makeHolder } from "./holder";
import { perform } from "./perform";

/** Jobs that one worker does at once. */
const AT_ONCE = 32;
const POLL_MS = 2_000;
/** After the signal: how long jobs may take to end by themselves, and then to be given back. */
const FINISH_MS = 10_000;
const GIVE_BACK_MS = 4_000;

/**
 * Claims and does jobs until the signal aborts; then claims no more, lets those at work end, and gives back what is left within 15 s.
 * The bell rings when a job was queued; without it the loop looks every 2 s.
 */
export async function runJobs(bell: Bell, signal: AbortSignal): Promise<void> {
  const atWork = new Set<Promise<void>>();
  const holder = makeHolder();
  const ended = new AbortController();
  const renewing = holder.renewUntil(ended.signal);
  while (!signal.aborted) {
    const wanted = AT_ONCE - atWork.size;
    const jobs = wanted > 0 ? await claimJobs(wanted).catch(onDatabaseAway) : [];
    for (const job of jobs) {
      const work: Promise<void> = perform(job, holder, signal)
        .catch((error: unknown) => log().error({ jobId: job.jobId, err: error }, "job loop"))
        .finally(() => {
          atWork.delete(work);
          bell.ring();
        });
      atWork.add(work);
    }
    if (jobs.length === 0 || atWork.size >= AT_ONCE) await bell.wait(POLL_MS, signal);
  }
  await settledWithin(atWork, FINISH_MS);
  holder.abortAll("the worker is stopping");
  await settledWithin(atWork, GIVE_BACK_MS);
  ended.abort();
  await renewing;
}

function onDatabaseAway(error: unknown): [] {
  log().warn({ err: error }, "jobs could not be claimed");
  return [];
}

async function settledWithin(work: ReadonlySet<Promise<void>>, milliseconds: number): Promise<void> {
  const enough = new AbortController();
  await Promise.race([Promise.allSettled(work), sleep(milliseconds, enough.signal)]);
  enough.abort();
}
