import { claimJobs } from "../../lib/worker/claim-jobs";
import { makeHolder } from "../../lib/worker/holder";
import { perform } from "../../lib/worker/perform";

/** Nobody stops the worker. */
export const never = new AbortController().signal;

/** Does every job that is due, one after another, as a worker would. */
export async function work(): Promise<void> {
  for (let jobs = await claimJobs(10); jobs.length > 0; jobs = await claimJobs(10))
    for (const claimed of jobs) await perform(claimed, makeHolder(), never);
}
