import { sql } from "drizzle-orm";
import { newId } from "../lib/ids";
import { askedTogether } from "./asked-together";
import { job } from "./schema/queue";
import { later, type Tx } from "./transaction";
import { writeRows } from "./write-rows";

/** NOTIFY on it says that a job was queued: a hint, never the truth (the worker also looks every 2 s). */
export const JOBS_CHANNEL = "baton_jobs";

/** A job is its worker's for this long by the database's clock, unless renewed; then anybody may claim it again. */
export const LEASE_SECONDS = 15;
/** A transaction of the job renews the lease when less is left of it: so one commit a job writes its row once, at the end. */
const RENEW_BELOW_SECONDS = 11;

/**
 * What the worker knows how to do, a file of `lib/worker` each.
 *
 * `keepsKey`: whether the dedupe key stays taken while the job runs. A flow must never run twice at once, so it does. A wake that runs may
 * already have read what the next asker is about to commit, so it gives its key up when claimed, and the next one is a job of its own.
 */
export const JOB_KINDS = {
  run_flow: { keepsKey: true, maxAttempts: 5 },
  /** Something happened that a flow may wait for, or its time has come. */
  resume_flow: { keepsKey: false, maxAttempts: 5 },
  /** The operation says how often; this is the most that one may say. */
  call_operation: { keepsKey: true, maxAttempts: 10 },
  wake: { keepsKey: false, maxAttempts: 20 },
  /** A flow that conditions ask has another version: runs ask it once more. */
  ask_again: { keepsKey: true, maxAttempts: 20 },
  /** Nobody could be told of an assignment. */
  note_undelivered: { keepsKey: true, maxAttempts: 5 },
} as const;
export type JobKind = keyof typeof JOB_KINDS;

export type NewJob = {
  readonly kind: JobKind;
  /** At most one job with it is queued (see `keepsKey` for running ones); asking again is then answered by the job that is there. */
  readonly dedupeKey?: string;
  readonly runId?: string;
  readonly stepRunId?: string;
  readonly payload?: unknown;
  /** Not before that instant; now unless said. */
  readonly runAt?: Date;
  /** Claims, the first included, before the job is dead. */
  readonly maxAttempts?: number;
};

/** A job that is due now: rounded up to its column's milliseconds it would not be yet. */
const NOW = "date_trunc('milliseconds', clock_timestamp())";

const OF_NEW_JOB = {
  runAt: `coalesce(given."runAt", ${NOW})`,
  createdAt: "clock_timestamp()",
  leaseUntil: `case when given.status = 'running' then clock_timestamp() + interval '${LEASE_SECONDS} seconds' end`,
};

/** Of how many claims in between an asker puts up with before it is a fault. */
const MAX_TRIES = 10;

/**
 * Leaves something to be done later, committed with the state that wants it. No wake-up is lost: where a queued twin answers for this job,
 * it is locked until this transaction ends, so that no worker can start it on what was there before.
 */
export async function enqueue(tx: Tx, wanted: NewJob): Promise<void> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    if ((await insertJobs(tx, [wanted])).length > 0) return;
    if ((await lockTwins(tx, [wanted])).size > 0) return;
  }
  throw new Error(`the job ${wanted.dedupeKey} was claimed ${MAX_TRIES} times while it was asked for`);
}

/** Jobs in one statement. */
const BATCH = 1_000;

/** As `enqueue`, for as many as there are, with two statements for many; all have keys. */
export async function enqueueAll(tx: Tx, wanted: readonly (NewJob & { readonly dedupeKey: string })[]): Promise<void> {
  for (let at = 0; at < wanted.length; at += BATCH) {
    const batch = wanted.slice(at, at + BATCH);
    const left = new Set(await insertJobs(tx, batch));
    const others = batch.filter(({ dedupeKey }) => !left.has(dedupeKey));
    const locked = await lockTwins(tx, others);
    // Claimed in between.
    for (const one of others) if (!locked.has(one.dedupeKey)) await enqueue(tx, one);
  }
}

/** The keys of those that had no twin and were written. */
async function insertJobs(tx: Tx, wanted: readonly NewJob[]): Promise<(string | null)[]> {
  const rows = wanted.map(({ runAt, ...one }) => ({
    maxAttempts: JOB_KINDS[one.kind].maxAttempts,
    ...one,
    jobId: newId("job"),
    runAt: runAt ?? sql.raw(NOW),
  }));
  const inserted = await tx.db
    .insert(job)
    .values(rows)
    .onConflictDoNothing({ target: job.dedupeKey, where: sql`status in ('queued','running')` })
    .returning({ dedupeKey: job.dedupeKey });
  if (inserted.length > 0) tx.hints.push({ channel: JOBS_CHANNEL, payload: "" });
  return inserted.map(({ dedupeKey }) => dedupeKey);
}

/**
 * As `enqueue`, for a job whose key nobody can have taken, because it names what only now came to be; sent and not awaited. Where the worker
 * goes on with this run (`goOnWith`) it is the worker's at once.
 */
export function enqueueNew(tx: Tx, wanted: NewJob): Promise<void> {
  const going = goings.get(tx);
  const isTaken = going !== undefined && going.runId === wanted.runId && !going.next && !wanted.runAt;
  const { kind, dedupeKey = null, runId = null, stepRunId = null, payload = {}, runAt = null } = wanted;
  const maxAttempts = wanted.maxAttempts ?? JOB_KINDS[kind].maxAttempts;
  const claims = isTaken ? 1 : 0;
  const claimed: ClaimedJob = {
    jobId: newId("job"),
    fence: claims,
    attempts: claims,
    kind,
    runId,
    stepRunId,
    payload,
    maxAttempts,
    lastError: null,
  };
  if (going && isTaken) going.next = claimed;
  else tx.hints.push({ channel: JOBS_CHANNEL, payload: "" });
  writeRows(tx, [
    {
      table: job,
      how: "insert",
      rows: [
        { ...claimed, dedupeKey, runAt, createdAt: null, status: isTaken ? "running" : "queued", leaseUntil: null },
      ],
      derived: OF_NEW_JOB,
    },
  ]);
  return Promise.resolve();
}

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

type Going = { readonly runId: string | null; next: ClaimedJob | null };
const goings = new WeakMap<Tx, Going>();

/** The jobs that a transaction holds, by id and fence. */
const holds = new WeakMap<Tx, Set<string>>();
const nameOf = ({ jobId, fence }: JobHold): string => `${jobId}:${fence}`;

/** Throws `JobLost` unless this transaction holds the job under that fence. */
export function assertHeld(tx: Tx, job: JobHold): void {
  if (!holds.get(tx)?.has(nameOf(job))) throw new JobLost(`the job ${job.jobId} is not held under fence ${job.fence}`);
}

/** The next job of the run, where the transaction that holds this one (`holdJobAndNext`) left it. */
export const nextJobOf = (tx: Tx): ClaimedJob | null => goings.get(tx)?.next ?? null;

/** As `holdJob`, by a worker that goes on with the run's next job itself: a chain of steps costs one commit a step. */
export function holdJobAndNext(tx: Tx, job: ClaimedJob): Promise<void> {
  goings.set(tx, { runId: job.runId, next: null });
  return holdJob(tx, job);
}

/**
 * The keys of those whose twins answer for them. KEY SHARE: askers do not wait for one another, and the worker's claim (FOR UPDATE, skipping what is
 * locked) passes the rows by.
 */
async function lockTwins(tx: Tx, wanted: readonly NewJob[]): Promise<ReadonlySet<string>> {
  const keysOf = (of: readonly NewJob[]) => of.flatMap(({ dedupeKey }) => dedupeKey ?? []);
  const keys = keysOf(wanted);
  if (keys.length === 0) return new Set();
  const keeping = keysOf(wanted.filter(({ kind }) => JOB_KINDS[kind].keepsKey));
  const twins = await tx.sql<{ key: string }[]>`
    select dedupe_key as key from job
    where dedupe_key = any(${keys}::text[]) and status in ('queued', 'running') and (status = 'queued' or dedupe_key = any(${keeping}::text[]))
    order by job_id for key share`;
  return new Set(twins.map(({ key }) => key));
}

/** A claim on a job: the fence tells it from the claims before and after. */
export type JobHold = { readonly jobId: string; readonly fence: number };

/** Thrown when the job has meanwhile been given to somebody else, or ended: whatever this transaction wrote must not stay. */
export class JobLost extends Error {
  override name = "JobLost";
}

type Locked = JobHold & { readonly isOld: boolean };

/** Those that are held still, locked. */
const lockJobs = (tx: Tx, holds: readonly JobHold[]): Promise<Locked[]> => tx.sql<Locked[]>`
  select job.job_id as "jobId", job.fence::float8 as fence,
    lease_until < clock_timestamp() + ${RENEW_BELOW_SECONDS} * interval '1 second' as "isOld"
  from unnest(${holds.map(({ jobId }) => jobId)}::text[], ${holds.map(({ fence }) => fence)}::bigint[]) as given (id, fence), job
  where job.job_id = given.id and job.fence = given.fence and status = 'running' and given.id || '' = given.id
  order by job.job_id for update of job`;
const lockTogether = askedTogether(lockJobs);

/**
 * First statement of every transaction that a job leads to: locks the job's row, refuses a fence that has moved on by throwing `JobLost`, and
 * renews a lease that has run for a while. Until the transaction ends nobody can claim the job. What a job that was tried before leads to must
 * not use up its tries: flows behind it become jobs with tries of their own.
 */
export async function holdJob(
  tx: Tx,
  { jobId, fence, attempts = 1 }: JobHold & { readonly attempts?: number },
): Promise<void> {
  if (attempts > 1) tx.runsNoFlows = true;
  const locked = tx.isShared ? lockTogether(tx, { jobId, fence }) : lockJobs(tx, [{ jobId, fence }]);
  const held = (await locked).find((one) => one.jobId === jobId && one.fence === fence);
  if (!held) throw new JobLost(`the job ${jobId} is no longer held under fence ${fence}`);
  holds.set(tx, (holds.get(tx) ?? new Set()).add(nameOf({ jobId, fence })));
  if (!held.isOld) return;
  later(
    tx,
    tx.sql`update job set lease_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second' where job_id = ${jobId}`,
  );
}
