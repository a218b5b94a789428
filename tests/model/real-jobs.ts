import { and, eq, inArray, sql } from "drizzle-orm";
import { db } from "../../db/client";
import { enqueue } from "../../db/jobs";
import { job } from "../../db/schema";
import { type Tx, transaction } from "../../db/transaction";
import type { WakeCause } from "../../lib/engine/command";
import { newId } from "../../lib/ids";
import { claimJobs } from "../../lib/worker/claim-jobs";
import { makeHolder } from "../../lib/worker/holder";
import { perform } from "../../lib/worker/perform";

/** The worker's part, one job at a time: which is done when is the case's to say. */

/** Whoever brings what a job found out ends the job with it. */
export const endJobsOf = (tx: Tx, stepRunId: string) =>
  tx.db.update(job).set({ status: "done", endedAt: sql`clock_timestamp()` }).where(eq(job.stepRunId, stepRunId));

/** Of a step, or of a run and a kind; where there are several, the one that was left first. */
type Which =
  | { readonly stepRunId: string }
  | { readonly runId: string; readonly kind: "wake" | "note_undelivered" }
  | { readonly kind: "ask_again" };

const isThat = (which: Which) =>
  and(
    eq(job.status, "queued"),
    "stepRunId" in which ? eq(job.stepRunId, which.stepRunId) : eq(job.kind, which.kind),
    "runId" in which ? eq(job.runId, which.runId) : undefined,
  );

/** Does that job as a worker would, and no other; false where there is none. What is left to be done later is not waited for. */
export async function doJob(which: Which): Promise<boolean> {
  const [wanted] = await db()
    .select({ id: job.jobId })
    .from(job)
    .where(isThat(which))
    .orderBy(job.createdAt, job.jobId);
  if (!wanted) return false;
  const { status, kind, lastError } = await tryJob(wanted.id);
  if (status !== "done") throw new Error(`the job ${kind} is ${status}: ${lastError}`);
  return true;
}

/** As above, by its id and whenever it is due; gives the job as it is then. */
export async function tryJob(jobId: string): Promise<typeof job.$inferSelect> {
  const its = eq(job.jobId, jobId);
  await db()
    .update(job)
    .set({ runAt: new Date(0) })
    .where(its);
  const [claimed] = await claimJobs(1);
  if (claimed?.jobId !== jobId) throw new Error(`${claimed?.jobId} was claimed in the place of ${jobId}`);
  // Another job of the run that the same commit took up is given back.
  const stopping = AbortSignal.abort();
  await perform(claimed, makeHolder(), stopping);
  const [tried] = await db().select().from(job).where(its);
  if (!tried) throw new Error(`the job ${jobId} is gone`);
  return tried;
}

/** A wake, left and done. */
export async function wakeByJob(runId: string, cause: WakeCause): Promise<void> {
  await noJobs([runId]);
  await transaction({ commandId: newId("command"), actorId: null }, (tx) =>
    enqueue(tx, { kind: "wake", runId, payload: cause }),
  );
  await doJob({ runId, kind: "wake" });
}

/** Wakes that were left before are none of these. */
export const noJobs = (runIds: readonly string[]) =>
  db()
    .update(job)
    .set({ status: "done", endedAt: sql`clock_timestamp()` })
    .where(and(eq(job.status, "queued"), eq(job.kind, "wake"), inArray(job.runId, [...runIds])));
