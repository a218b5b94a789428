import { and, eq, inArray, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { job, run, stepRun } from "../../db/schema";
import { buildPrograms } from "../../lib/launch/build.mjs";
import { openDatabases } from "../../lib/launch/faults/databases";
import { told } from "../../lib/launch/faults/ground";
import { hire } from "../../lib/launch/faults/kill/crew";
import { started } from "../../lib/launch/faults/scenario";
import { makeVictims } from "../../lib/launch/faults/victims";
import { castOf } from "../../lib/launch/faults/world";

/** F5 and F6: real workers, started again whenever they end, on a queue in which some jobs are poison. */
const TRIES = 5;
const GOOD = 20;
const databaseUrl = process.env.DATABASE_URL ?? "";

beforeAll(buildPrograms);

const statusOf = async (runIds: readonly string[]) =>
  (
    await db()
      .select({ status: run.status })
      .from(run)
      .where(inArray(run.runId, [...runIds]))
  ).map(({ status }) => status);

/** As if the pauses between two tries, and the leases of dead workers, were over. A worker that lives has its job for at least five seconds. */
const hurry = (runIds: readonly string[]) =>
  Promise.all([
    db()
      .update(job)
      .set({ runAt: sql`clock_timestamp()` })
      .where(and(inArray(job.runId, [...runIds]), eq(job.status, "queued"))),
    db()
      .update(job)
      .set({ leaseUntil: sql`clock_timestamp() - interval '1 second'` })
      .where(
        and(
          inArray(job.runId, [...runIds]),
          eq(job.status, "running"),
          sql`lease_until < clock_timestamp() + interval '10 seconds'`,
        ),
      ),
  ]);

test("a job that throws each time and one that takes its worker with it end as errored steps after five tries, and the others are done", async () => {
  const databases = openDatabases();
  const victims = makeVictims(1);
  try {
    await told(
      { databases, victims, serverUrl: databaseUrl, prefix: "" },
      { database: new URL(databaseUrl).pathname.slice(1) },
    );
  } finally {
    victims.close();
    await databases.close();
  }
  const { ann } = await castOf();
  const poison = [await started(ann, "Throws"), await started(ann, "Aborts")];
  const good: string[] = [];
  for (let i = 0; i < GOOD; i++) good.push(await started(ann, "Long_Flow"));
  const crew = hire({ databaseUrl, workers: 1, clerks: 0, isPoisoned: true });
  try {
    await expect
      .poll(
        async () => {
          await hurry(poison);
          return (await statusOf([...poison, ...good])).sort();
        },
        { timeout: 100_000, interval: 300 },
      )
      .toEqual([...good.map(() => "completed"), ...poison.map(() => "error")]);
  } finally {
    await crew.stop();
  }
  const ends = await db()
    .select({ runId: job.runId, status: job.status, tries: job.attempts, error: stepRun.error, step: stepRun.status })
    .from(job)
    .innerJoin(stepRun, and(eq(stepRun.runId, job.runId), eq(stepRun.stepRunId, job.stepRunId)))
    .where(inArray(job.runId, poison));
  expect(ends).toHaveLength(2);
  // A claim past the last try does not try: it errs the step. The other job's deaths count at most twice: then that one is done alone.
  for (const { tries } of ends) expect(tries >= TRIES && tries <= TRIES + 3).toBe(true);
  const endOf = (runId: string | undefined) => ends.find((end) => end.runId === runId);
  const isOver = { status: "dead", step: "error" };
  // The worker that the other one kills may have had this one in hand at its last try.
  expect(endOf(poison[0])).toMatchObject({ ...isOver, error: expect.stringContaining(`tried ${TRIES} times: `) });
  expect(endOf(poison[1])).toMatchObject({ ...isOver, error: `tried ${TRIES} times: its worker died each time` });
});
