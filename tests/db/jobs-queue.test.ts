import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { enqueue, enqueueAll, holdJob, JobLost } from "../../db/jobs";
import { job } from "../../db/schema";
import { type Tx, transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";
import { claimJobs } from "../../lib/worker/claim-jobs";
import { finishJob, releaseJob, retryLater } from "../../lib/worker/end-job";

const inTransaction = <T>(work: (tx: Tx) => Promise<T>) =>
  transaction({ commandId: newId("command"), actorId: null }, work);
const jobsOf = (runId: string) => db().select().from(job).where(eq(job.runId, runId)).orderBy(job.jobId);
const aRunId = () => newId("run");
const queueWake = (runId: string) =>
  inTransaction((tx) => enqueue(tx, { kind: "wake", dedupeKey: `wake:${runId}`, runId }));
const finish = (claimed: Awaited<ReturnType<typeof claimJobs>>[number]) =>
  inTransaction(async (tx) => {
    await holdJob(tx, claimed);
    return finishJob(tx, claimed);
  });

/** Ends what earlier tests left, so that claims see only their own test's jobs. */
async function drain(): Promise<void> {
  await db().execute(sql`update job set status = 'done', ended_at = now() where status in ('queued','running')`);
}

test("a job asked for twice is queued once", async () => {
  const runId = aRunId();
  await queueWake(runId);
  await queueWake(runId);
  expect(await jobsOf(runId)).toHaveLength(1);
  await drain();
});

test("many that are all queued already are asked for in a few statements, and still keep their twins from being started", async () => {
  const wakes = Array.from({ length: 1_500 }, () => {
    const runId = aRunId();
    return { kind: "wake", runId, dedupeKey: `wake:${runId}` } as const;
  });
  await inTransaction((tx) => enqueueAll(tx, wakes));
  const others = await claimJobs(20);
  const asked = await inTransaction(async (tx) => {
    const before = tx.slot.statements;
    await enqueueAll(tx, wakes);
    return { statements: tx.slot.statements - before, claimed: await claimJobs(10) };
  });
  expect(asked.statements).toBeLessThan(10);
  // Those that run already may not have seen what was done now: each is queued once more, and starts when this has committed.
  expect(asked.claimed).toEqual([]);
  const queued = await db().select({ key: job.dedupeKey }).from(job).where(eq(job.status, "queued"));
  expect(queued.map(({ key }) => key).toSorted()).toEqual(wakes.map(({ dedupeKey }) => dedupeKey).toSorted());
  expect(others).toHaveLength(20);
  await drain();
});

test("a wake asked for while its twin runs is a job of its own", async () => {
  const runId = aRunId();
  await queueWake(runId);
  const [running] = await claimJobs(1);
  await queueWake(runId);
  expect((await jobsOf(runId)).map(({ status }) => status)).toEqual(["running", "queued"]);
  expect(running && (await finish(running))).toMatchObject({ runId, kind: "wake" });
  await drain();
});

test("a flow asked for while its twin runs is not run twice at once", async () => {
  const [runId, stepRunId] = [aRunId(), newId("stepRun")];
  const queueFlow = () =>
    inTransaction((tx) => enqueue(tx, { kind: "run_flow", dedupeKey: `flow:${stepRunId}`, runId, stepRunId }));
  await queueFlow();
  await claimJobs(1);
  await queueFlow();
  expect(await jobsOf(runId)).toHaveLength(1);
  await drain();
});

test("no worker starts a queued wake while somebody who relies on it has not committed", async () => {
  const runId = aRunId();
  await queueWake(runId);
  await inTransaction(async (tx) => {
    await enqueue(tx, { kind: "wake", dedupeKey: `wake:${runId}`, runId });
    expect(await claimJobs(1)).toEqual([]);
  });
  expect(await claimJobs(1)).toHaveLength(1);
  await drain();
});

test("askers do not wait for one another", async () => {
  const runId = aRunId();
  await queueWake(runId);
  await inTransaction(async (tx) => {
    await enqueue(tx, { kind: "wake", dedupeKey: `wake:${runId}`, runId });
    await queueWake(runId);
  });
  await drain();
});

test("a wake asked for by many at once while it is claimed is never lost", async () => {
  const runId = aRunId();
  const asked = Array.from({ length: 40 }, () => queueWake(runId));
  const claimed = Array.from({ length: 20 }, () => claimJobs(1));
  await Promise.all([...asked, ...claimed]);
  const statuses = (await jobsOf(runId)).map(({ status }) => status);
  expect(statuses.length).toBeGreaterThan(0);
  expect(statuses.filter((status) => status === "queued").length).toBeLessThanOrEqual(1);
  await drain();
});

test("two workers never claim the same job", async () => {
  const runIds = Array.from({ length: 60 }, aRunId);
  await inTransaction(async (tx) => {
    for (const runId of runIds) await enqueue(tx, { kind: "wake", dedupeKey: `wake:${runId}`, runId });
  });
  const claims = (await Promise.all(Array.from({ length: 20 }, () => claimJobs(4)))).flat();
  expect(new Set(claims.map(({ jobId }) => jobId)).size).toBe(claims.length);
  const rest = await claimJobs(60);
  expect(claims.length + rest.length).toBe(60);
  await drain();
});

test("a job is not claimed before its time", async () => {
  const runId = aRunId();
  await inTransaction((tx) => enqueue(tx, { kind: "wake", runId, runAt: new Date(Date.now() + 60_000) }));
  expect(await claimJobs(1)).toEqual([]);
  await drain();
});

test("a job whose lease ran out is claimed again, and the worker that froze is shut out", async () => {
  const runId = aRunId();
  await queueWake(runId);
  const [frozen] = await claimJobs(1);
  if (!frozen) throw new Error("nothing claimed");
  await db()
    .update(job)
    .set({ leaseUntil: sql`clock_timestamp() - interval '1 second'` })
    .where(eq(job.jobId, frozen.jobId));
  const [second] = await claimJobs(1);
  expect(second).toMatchObject({ jobId: frozen.jobId, fence: frozen.fence + 1, attempts: 2 });
  await expect(inTransaction((tx) => holdJob(tx, frozen))).rejects.toThrow(JobLost);
  await expect(finish(frozen)).rejects.toThrow(JobLost);
  await retryLater(frozen, "too late");
  await releaseJob(frozen);
  expect(await jobsOf(runId)).toMatchObject([{ status: "running", fence: second?.fence }]);
  await drain();
});

test("what a shut-out worker wrote in its transaction does not stay", async () => {
  const [runId, other] = [aRunId(), aRunId()];
  await queueWake(runId);
  const [claimed] = await claimJobs(1);
  if (!claimed) throw new Error("nothing claimed");
  await expect(
    inTransaction(async (tx) => {
      await enqueue(tx, { kind: "wake", runId: other });
      await finishJob(tx, { ...claimed, fence: claimed.fence - 1 });
    }),
  ).rejects.toThrow(JobLost);
  expect(await jobsOf(other)).toEqual([]);
  await drain();
});

test("the next job of a run is taken by the commit that ends the one before", async () => {
  const runId = aRunId();
  await inTransaction((tx) => enqueue(tx, { kind: "wake", runId }));
  await inTransaction((tx) => enqueue(tx, { kind: "wake", runId }));
  const [first] = await claimJobs(1);
  expect(first && (await finish(first))).toMatchObject({ runId, attempts: 1 });
  expect((await jobsOf(runId)).map(({ status }) => status)).toEqual(["done", "running"]);
  await drain();
});

test("a job that failed waits longer each time, and one given back does not count", async () => {
  const runId = aRunId();
  await queueWake(runId);
  const [claimed] = await claimJobs(1);
  if (!claimed) throw new Error("nothing claimed");
  await releaseJob(claimed);
  const [again] = await claimJobs(1);
  expect(again).toMatchObject({ attempts: 1 });
  if (!again) throw new Error("nothing claimed");
  await retryLater(again, "the other side is down");
  const [row] = await jobsOf(runId);
  expect(row).toMatchObject({ status: "queued", lastError: "the other side is down", leaseUntil: null });
  expect(await claimJobs(1)).toEqual([]);
  await drain();
});
