import type { ClaimedJob } from "../../db/jobs";
import { sleep } from "../clock";
import { log } from "../log";
import type { Bell } from "./bell";
import { claimJobs, claimSuspect, isAnySuspect } from "./claim-jobs";
import { makeHolder } from "./holder";
import { perform } from "./perform";

/** Jobs that one worker does at once. */
const AT_ONCE = 32;
const POLL_MS = 2_000;
/** What a suspect waits for at most, and what then waits for it: longer than a job takes. */
const LONGEST_WAIT_MS = 60_000;
/** After the signal: how long jobs may take to end by themselves, and then to be given back. */
const FINISH_MS = 10_000;
const GIVE_BACK_MS = 4_000;

/**
 * Claims and does jobs until the signal aborts; then claims no more, lets those at work end, and gives back what is left within 15 s.
 * The bell rings when a job was queued; without it the loop looks every 2 s. As often it looks for jobs whose workers died, and does each of them
 * with nothing beside it, so that one that ends the process uses up no other's tries.
 */
export async function runJobs(bell: Bell, signal: AbortSignal): Promise<void> {
  const atWork = new Set<Promise<void>>();
  const holder = makeHolder();
  const ended = new AbortController();
  const renewing = holder.renewUntil(ended.signal);
  const begin = (job: ClaimedJob) => {
    const work: Promise<void> = perform(job, holder, signal)
      .catch((error: unknown) => log().error({ jobId: job.jobId, err: error }, "job loop"))
      .finally(() => {
        atWork.delete(work);
        bell.ring();
      });
    atWork.add(work);
  };
  let lookedAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    if (performance.now() - lookedAt > POLL_MS) {
      await doSuspects({ atWork, begin }, signal).catch(onDatabaseAway);
      lookedAt = performance.now();
    }
    const wanted = AT_ONCE - atWork.size;
    const jobs = wanted > 0 ? await claimJobs(wanted).catch(onDatabaseAway) : [];
    for (const job of jobs) begin(job);
    if (jobs.length === 0 || atWork.size >= AT_ONCE) await bell.wait(POLL_MS, signal);
  }
  await settledWithin(atWork, FINISH_MS);
  holder.abortAll("the worker is stopping");
  await settledWithin(atWork, GIVE_BACK_MS);
  ended.abort();
  await renewing;
}

type Bench = { readonly atWork: ReadonlySet<Promise<void>>; readonly begin: (job: ClaimedJob) => void };

async function doSuspects({ atWork, begin }: Bench, signal: AbortSignal): Promise<void> {
  if (!(await isAnySuspect())) return;
  await settledWithin(atWork, LONGEST_WAIT_MS, signal);
  while (!signal.aborted) {
    const suspect = await claimSuspect();
    if (!suspect) return;
    begin(suspect);
    await settledWithin(atWork, LONGEST_WAIT_MS, signal);
  }
}

function onDatabaseAway(error: unknown): [] {
  log().warn({ err: error }, "jobs could not be claimed");
  return [];
}

async function settledWithin(
  work: ReadonlySet<Promise<void>>,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<void> {
  const enough = new AbortController();
  const waits = signal ? AbortSignal.any([signal, enough.signal]) : enough.signal;
  await Promise.race([Promise.allSettled(work), sleep(milliseconds, waits)]);
  enough.abort();
}
