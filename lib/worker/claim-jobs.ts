import type postgres from "postgres";
import { type ClaimedJob, JOB_KINDS, type JobKind, LEASE_SECONDS } from "../../db/jobs";
import { type Tx, transaction } from "../../db/transaction";
import { newId } from "../ids";

/** Tries after which a job whose worker died is done with nothing beside it: the death may be its own doing. */
const SUSPECT_AFTER = 2;

const KEYS_GIVEN_UP = (Object.keys(JOB_KINDS) as JobKind[]).filter((kind) => !JOB_KINDS[kind].keepsKey);

/** Attempts are counted before anything is tried, so that a job that kills its worker ends too; the fence shuts out whoever had it before. */
const claim = (tx: Tx, ids: postgres.PendingQuery<postgres.Row[]>) => tx.sql<ClaimedJob[]>`
  update job set status = 'running', attempts = attempts + 1, fence = fence + 1,
    lease_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second',
    dedupe_key = case when kind = any(${KEYS_GIVEN_UP}) then null else dedupe_key end
  where job_id in (${ids})
  returning job_id as "jobId", fence::float8 as fence, kind, run_id as "runId", step_run_id as "stepRunId", payload, attempts,
    max_attempts as "maxAttempts", last_error as "lastError"`;

/** Takes up to `count` jobs: those whose worker let its lease run out, but for suspects, then those that are due, oldest first. */
export const claimJobs = (count: number): Promise<ClaimedJob[]> =>
  transaction({ commandId: newId("command"), actorId: null }, (tx) =>
    claim(
      tx,
      tx.sql`
        with abandoned as (
          select job_id from job where status = 'running' and lease_until < clock_timestamp() and attempts < ${SUSPECT_AFTER}
          order by run_at, job_id limit ${count} for update skip locked
        ), due as (
          select job_id from job where status = 'queued' and run_at <= clock_timestamp()
          order by run_at, job_id limit greatest(0, ${count} - (select count(*) from abandoned)) for update skip locked
        )
        select job_id from abandoned union all select job_id from due`,
    ),
  );

/** Jobs that were tried before, and whose worker died at it now. */
const suspects = (tx: Tx) => tx.sql`
  select job_id from job where status = 'running' and lease_until < clock_timestamp() and attempts >= ${SUSPECT_AFTER}
  order by run_at, job_id limit 1`;

export const isAnySuspect = (): Promise<boolean> =>
  transaction({ commandId: newId("command"), actorId: null }, async (tx) => (await suspects(tx)).length > 0);

/** One suspect, for a worker that does nothing else meanwhile. */
export const claimSuspect = (): Promise<ClaimedJob | null> =>
  transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    const [suspect] = await claim(tx, tx.sql`${suspects(tx)} for update skip locked`);
    return suspect ?? null;
  });

/** One more job of that run, in the transaction that ended the one before. */
export async function claimNextOf(tx: Tx, runId: string): Promise<ClaimedJob | null> {
  const [next] = await claim(
    tx,
    tx.sql`
      select job_id from job where run_id = ${runId} and status = 'queued' and run_at <= clock_timestamp()
      order by run_at, job_id limit 1 for update skip locked`,
  );
  return next ?? null;
}
