import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import type { ClaimedJob } from "../../db/jobs";
import { job } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";
import { claimJobs } from "../../lib/worker/claim-jobs";
import { makeHolder } from "../../lib/worker/holder";
import { perform } from "../../lib/worker/perform";
import { aBackgroundStep, anOrchestration, aStage } from "../builders/definitions";
import { aRun, aTeamWithThings, stateNow } from "../builders/runs";

const { ann } = await aTeamWithThings();
const never = new AbortController().signal;
const doIt = (claimed: ClaimedJob) => perform(claimed, makeHolder(), never);

async function theJob(): Promise<ClaimedJob> {
  const [claimed] = await claimJobs(1);
  if (!claimed) throw new Error("nothing to claim");
  return claimed;
}

/** Somebody's transaction has the run locked; what is given lets go. */
async function held(runId: string): Promise<() => Promise<unknown>> {
  const [isHeld, mayGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    await tx.sql`select 1 from run where run_id = ${runId} for update`;
    isHeld.resolve();
    await mayGo.promise;
  });
  await isHeld.promise;
  return () => {
    mayGo.resolve();
    return holding;
  };
}

test("a job has no try less for what others keep locked, and is done when they let go of it (F19)", async () => {
  const step = aBackgroundStep("B", { processing: "asynchronous" });
  const { runId } = await aRun(anOrchestration([aStage("S", [step])], { name: "Locked" }), ann);
  const row = async () => (await db().select().from(job).where(eq(job.runId, runId)))[0];
  const letGo = await held(runId);
  await doIt(await theJob());
  expect(await row()).toMatchObject({ status: "queued", attempts: 0, lastError: "the database is busy" });
  await letGo();
  await db().update(job).set({ runAt: sql`clock_timestamp()` }).where(eq(job.runId, runId));
  await doIt(await theJob());
  expect(await row()).toMatchObject({ status: "done", attempts: 1 });
  expect((await stateNow(runId)).run.status).toBe("completed");
});
