import { asc, eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { history, job, stepRun } from "../../db/schema";
import { buildPrograms } from "../../lib/launch/build.mjs";
import { openDatabases } from "../../lib/launch/faults/databases";
import { told, urlOn } from "../../lib/launch/faults/ground";
import { type Frame, startProxy } from "../../lib/launch/faults/proxy";
import { makeVictims } from "../../lib/launch/faults/victims";
import { claimJobs } from "../../lib/worker/claim-jobs";
import { endFrozen } from "../../lib/worker/end-frozen";
import { makeHolder } from "../../lib/worker/holder";
import { perform } from "../../lib/worker/perform";

/** F4, on a process that really stands still, in the middle of a transaction and at the one place that no timeout of PostgreSQL sees. */
const SCENARIO = "a background flow finishes";
const serverUrl = process.env.DATABASE_URL ?? "";
const database = new URL(serverUrl).pathname.slice(1);

beforeAll(buildPrograms);

/** The statement by which a transaction takes hold of its job (`holdJob`). */
const HOLDS = /from job\s.*for update/s;

/** Sees a statement that is described and not bound yet, in the transaction that has taken hold of the job. */
function whenHalfSaid(then: () => void): (frame: Frame) => void {
  const state = { statement: "", hasJob: false, isSeen: false };
  return ({ letter, bytes }) => {
    if (letter === "P") {
      state.hasJob ||= HOLDS.test(state.statement);
      state.statement = bytes.toString("latin1");
    }
    if (letter !== "H" || !state.hasJob || state.isSeen) return;
    state.isSeen = true;
    then();
  };
}

test("what a frozen worker holds is another's within 20 s, and what it writes when it wakes is refused", async () => {
  const databases = openDatabases();
  const victims = makeVictims(1);
  const proxy = await startProxy(Number(new URL(serverUrl).port));
  try {
    const ground = { databases, victims, serverUrl, prefix: "" };
    await told(ground, { database });
    const subject = await told(ground, { database, scenario: SCENARIO });
    const frozen = await victims.take();
    const isFrozen = new Promise<void>((resolve) => proxy.watch(whenHalfSaid(() => [frozen.freeze(), resolve()])));
    const url = urlOn(serverUrl, database, proxy.port());
    const answer = frozen.obey({ url, deed: "act", scenario: SCENARIO, subject, key: "none" });
    await isFrozen;
    const began = performance.now();
    await expect.poll(endFrozen, { timeout: 19_000, interval: 250 }).toBeGreaterThan(0);
    const [claimed] = await claimJobs(1);
    expect((performance.now() - began) / 1_000).toBeLessThan(20);
    if (!claimed) throw new Error("the job could not be claimed");
    expect(claimed).toMatchObject({ attempts: 2 });
    await perform(claimed, makeHolder(), new AbortController().signal);
    const after = async () => ({
      steps: await db().select().from(stepRun).orderBy(asc(stepRun.ordinal)),
      history: await db().select().from(history).orderBy(asc(history.seq)),
      jobs: await db().select().from(job).where(eq(job.status, "done")),
    });
    const whole = await after();
    expect(whole.jobs).toHaveLength(1);
    expect(whole.steps[0]).toMatchObject({ name: "Work", status: "completed" });
    frozen.thaw();
    await answer;
    expect(await after()).toEqual(whole);
  } finally {
    victims.close();
    await proxy.close();
    await databases.close();
  }
});
