import { and, asc, eq, inArray, lt, lte, type SQL, sql } from "drizzle-orm";
import { JOB_KINDS, type JobHold, type JobKind, LEASE_SECONDS } from "../../db/jobs";
import { job } from "../../db/schema/queue";
import { type Tx, transaction } from "../../db/transaction";
import { newId } from "../ids";

/** A job as the worker that holds it sees it. Survives JSON. */
export type ClaimedJob = JobHold & {
  readonly kind: JobKind;
  readonly runId: string | null;
  readonly stepRunId: string | null;
  readonly payload: unknown;
  /** This claim included. */
  readonly attempts: number;
  readonly maxAttempts: number;
  /** What went wrong last time. */
  readonly lastError: string | null;
};

const KEYS_GIVEN_UP = (Object.keys(JOB_KINDS) as JobKind[]).filter((kind) => !JOB_KINDS[kind].keepsKey);

/** Takes up to `count` jobs: those whose worker let its lease run out, then those that are due, oldest first. */
export const claimJobs = (count: number): Promise<ClaimedJob[]> =>
  transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    const left = await claimWhere(
      tx,
      and(eq(job.status, "running"), lt(job.leaseUntil, sql`clock_timestamp()`)),
      count,
    );
    const rest = count - left.length;
    return rest > 0 ? [...left, ...(await claimWhere(tx, isDue, rest))] : left;
  });

/** One more job of that run, in the transaction that ended the one before: a chain of steps costs one commit a step. */
export async function claimNextOf(tx: Tx, runId: string): Promise<ClaimedJob | null> {
  const [next] = await claimWhere(tx, and(isDue, eq(job.runId, runId)), 1);
  return next ?? null;
}

const isDue = and(eq(job.status, "queued"), lte(job.runAt, sql`clock_timestamp()`));

/** Attempts are counted before anything is tried, so that a job that kills its worker ends too; the fence shuts out whoever had it before. */
async function claimWhere(tx: Tx, condition: SQL | undefined, count: number): Promise<ClaimedJob[]> {
  const free = tx.db
    .select({ id: job.jobId })
    .from(job)
    .where(condition)
    .orderBy(asc(job.runAt), asc(job.jobId))
    .limit(count)
    .for("update", { skipLocked: true });
  const rows = await tx.db
    .update(job)
    .set({
      status: "running",
      attempts: sql`${job.attempts} + 1`,
      fence: sql`${job.fence} + 1`,
      leaseUntil: sql`clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'`,
      dedupeKey: sql`case when ${inArray(job.kind, KEYS_GIVEN_UP)} then null else ${job.dedupeKey} end`,
    })
    .where(inArray(job.jobId, free))
    .returning({
      jobId: job.jobId,
      fence: job.fence,
      kind: job.kind,
      runId: job.runId,
      stepRunId: job.stepRunId,
      payload: job.payload,
      attempts: job.attempts,
      maxAttempts: job.maxAttempts,
      lastError: job.lastError,
    });
  return rows.map((row) => ({ ...row, kind: row.kind as JobKind }));
}
