import { eq, sql } from "drizzle-orm";
import { db } from "../../db/client";
import { job } from "../../db/schema";
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

/** All tries of everything that is left to be done for a run, whenever they would be. */
export async function workToTheEnd(runId: string): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await db().update(job).set({ runAt: sql`clock_timestamp()` }).where(eq(job.runId, runId));
    await work();
  }
}
