import { eq, inArray, sql } from "drizzle-orm";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import type { ClaimedJob } from "../../db/jobs";
import { history, job, outbox, run, workerBeat } from "../../db/schema";
import { actionNamed, registerAction } from "../../lib/interviews/action-registry";
import type { Person } from "../../lib/people/current-person";
import { saveRecord } from "../../lib/records/commands/save-record";
import { cancelRun, retryRun } from "../../lib/runs/commands";
import { runPage } from "../../lib/runs/queries/run-page";
import { claimJobs, claimSuspect } from "../../lib/worker/claim-jobs";
import { makeHolder } from "../../lib/worker/holder";
import { perform } from "../../lib/worker/perform";
import { runFlow } from "../../lib/worker/run-flow";
import { runWorker } from "../../lib/worker/run-worker";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { commanded as inTransaction, must } from "../builders/records";
import { aRun, aTeam, aThingWorld, commanded, openItems, stateNow } from "../builders/runs";

let ann: Person;
let admin: Person;
beforeAll(async () => {
  await aThingWorld();
  ({ ann, admin } = await aTeam());
});
/** Each test leaves no run open and no job undone. */
afterEach(async () => {
  const open = await db().select({ runId: run.runId }).from(run).where(eq(run.status, "in_progress"));
  for (const { runId } of open)
    must(await commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "the test is over" })));
  for (let round = 0; round < 50; round++) {
    await db()
      .update(job)
      .set({ runAt: sql`clock_timestamp()`, leaseUntil: null, status: "queued" })
      .where(inArray(job.status, ["queued", "running"]));
    const claimed = await claimJobs(20);
    if (claimed.length === 0) return;
    for (const one of claimed) await doIt(one);
  }
});

const never = new AbortController().signal;
const asynchronous = { processing: "asynchronous" } as const;
const aChain = (name: string, count = 1) =>
  anOrchestration(
    Array.from({ length: count }, (_, i) =>
      aStage(`S${i}`, [aBackgroundStep(`B${i}`, asynchronous)], { next: i + 1 < count ? `S${i + 1}` : null }),
    ),
    { name },
  );
const jobsOf = (runId: string) => db().select().from(job).where(eq(job.runId, runId)).orderBy(job.jobId);
const theJob = async (): Promise<ClaimedJob> => {
  const [claimed] = [...(await claimJobs(1)), await claimSuspect()];
  if (!claimed) throw new Error("nothing to claim");
  return claimed;
};
const doIt = (claimed: ClaimedJob) => perform(claimed, makeHolder(), never);
/** As if a worker had died: its lease is over. */
const expire = ({ jobId }: { jobId: string }) =>
  db().update(job).set({ leaseUntil: sql`clock_timestamp() - interval '1 second'` }).where(eq(job.jobId, jobId));
const makeDue = (runId: string) => db().update(job).set({ runAt: sql`clock_timestamp()` }).where(eq(job.runId, runId));
const until = async (holds: () => Promise<boolean>) => {
  for (let i = 0; i < 400; i++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("it did not come about");
};
/** A worker with everything it does, until the work given is done. */
async function withWorkers(count: number, work: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const workers = Array.from({ length: count }, () => runWorker(stop.signal));
  await work().finally(() => stop.abort());
  await Promise.all(workers);
}
const isCompleted = async (runId: string) => (await stateNow(runId)).run.status === "completed";

describe("a worker", () => {
  test("runs the flow of an asynchronous step, and the run goes on", async () => {
    const { runId } = await aRun(aChain("One"), ann);
    expect((await stateNow(runId)).steps).toMatchObject([{ status: "in_progress", isAsynchronous: true }]);
    await withWorkers(1, () => until(() => isCompleted(runId)));
    expect((await stateNow(runId)).steps).toMatchObject([{ status: "completed", outputs: { result: "done" } }]);
    expect(await jobsOf(runId)).toMatchObject([{ status: "done", attempts: 1, lastError: null }]);
  });
  test("does a chain of steps one after another, taking each with the commit before it", async () => {
    const { runId } = await aRun(aChain("Chain", 5), ann);
    await doIt(await theJob());
    expect(await isCompleted(runId)).toBe(true);
    expect((await jobsOf(runId)).map(({ status, attempts }) => [status, attempts])).toEqual(
      Array.from({ length: 5 }, () => ["done", 1]),
    );
  });
  test("says that it is there, and takes that back when it ends", async () => {
    await withWorkers(1, () => until(async () => (await db().select().from(workerBeat)).length === 1));
    expect(await db().select().from(workerBeat)).toEqual([]);
  });
  test("beside another does every job once", async () => {
    await activated(aChain("Many"));
    const runs = await Promise.all(Array.from({ length: 12 }, (_, i) => aRun(aChain(`Many${i}`, 2), ann)));
    await withWorkers(2, () =>
      until(async () => (await Promise.all(runs.map(({ runId }) => isCompleted(runId)))).every(Boolean)),
    );
    for (const { runId } of runs) {
      const ends = await db().select().from(history).where(eq(history.runId, runId));
      expect(ends.filter(({ milestone }) => milestone === "end_step")).toHaveLength(2);
    }
  });
  test("wakes a run when the record it waits for changes", async () => {
    const when = {
      type: "requirements",
      condition: {
        logic: "all",
        requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: "Ready" } }],
      },
    };
    const { runId, recordId } = await aRun(
      anOrchestration([aStage("S", [anInteractiveStep("W", { entry: when })])], { name: "Waits" }),
      ann,
    );
    expect(await openItems(runId)).toEqual([]);
    await withWorkers(1, async () => {
      must(
        await inTransaction((tx) =>
          saveRecord(tx, ann, { object: "Thing", id: recordId, values: { Status: "Ready" } }),
        ),
      );
      await until(async () => (await openItems(runId)).length === 1);
    });
  });
  test("that is told to stop leaves no job at work", async () => {
    const runs = await Promise.all(Array.from({ length: 6 }, (_, i) => aRun(aChain(`Stop${i}`, 8), ann)));
    await withWorkers(1, () => until(async () => (await jobsOf(runs[0]?.runId ?? "")).length > 1));
    const left = (await Promise.all(runs.map(({ runId }) => jobsOf(runId)))).flat();
    expect(left.filter(({ status }) => status === "running")).toEqual([]);
  });
});

describe("a worker that failed", () => {
  test("by freezing writes nothing once another has its job", async () => {
    const { runId } = await aRun(aChain("Frozen"), ann);
    const frozen = await theJob();
    await expire(frozen);
    await doIt(await theJob());
    const before = await db().select().from(history).where(eq(history.runId, runId));
    await doIt(frozen);
    expect(await db().select().from(history).where(eq(history.runId, runId))).toEqual(before);
    expect(await jobsOf(runId)).toMatchObject([{ status: "done", attempts: 2 }]);
  });
  test("between two actions of a flow is followed by one that does only the second", async () => {
    const mail = (name: string, next: string | null) => ({
      type: "action",
      name,
      label: name,
      action: "send_email",
      next,
      inputs: {
        to: { literal: `${name.toLowerCase()}@example.org` },
        subject: { literal: name },
        body: { literal: "Text" },
      },
    });
    await activated(
      aBackgroundFlow("Two_Mails", { start: "First", elements: [mail("First", "Second"), mail("Second", null)] }),
    );
    const { runId } = await aRun(
      anOrchestration([aStage("S", [aBackgroundStep("B", { flow: "Two_Mails" })])], { name: "Mails" }),
      ann,
    );
    const crash = new AbortController();
    const real = actionNamed("send_email");
    if (!real) throw new Error("not wired");
    registerAction("send_email", (tx, call) => {
      crash.abort(new Error("crashed"));
      return real(tx, call);
    });
    const claimed = await theJob();
    await expect(runFlow(claimed, crash.signal)).rejects.toThrow("crashed");
    registerAction("send_email", real);
    await expire(claimed);
    await doIt(await theJob());
    expect(await isCompleted(runId)).toBe(true);
    const mails = await db()
      .select({ to: outbox.recipient })
      .from(outbox)
      .where(eq(outbox.runId, runId))
      .orderBy(outbox.messageId);
    expect(mails.map(({ to }) => to)).toEqual(["first@example.org", "second@example.org"]);
  });
  test("each time, by a poison job: the job is dead, its step in Error with the reason, and the run says why", async () => {
    const { runId } = await aRun(aChain("Poison"), ann);
    await db()
      .update(job)
      .set({ payload: { nothing: "useful" }, maxAttempts: 3 })
      .where(eq(job.runId, runId));
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect((await stateNow(runId)).run.status).toBe("in_progress");
      await doIt(await theJob());
      await makeDue(runId);
    }
    expect(await claimJobs(1)).toEqual([]);
    expect(await jobsOf(runId)).toMatchObject([{ status: "dead", attempts: 3 }]);
    const { run, steps } = await stateNow(runId);
    expect(steps).toMatchObject([{ status: "error", error: "tried 3 times: the job names no flow" }]);
    expect(run).toMatchObject({ status: "error" });
  });
  test("each time by dying: whoever claims the job next errs its step without trying again", async () => {
    const { runId } = await aRun(aChain("Killer"), ann);
    await db().update(job).set({ maxAttempts: 2 }).where(eq(job.runId, runId));
    for (let death = 1; death <= 2; death++) await expire(await theJob());
    await doIt(await theJob());
    expect(await jobsOf(runId)).toMatchObject([{ status: "dead", lastError: "its worker died each time" }]);
    expect((await stateNow(runId)).steps).toMatchObject([{ status: "error" }]);
  });
  test("each time by dying on a wake: the run is stalled with the reason, and an admin lets it look again", async () => {
    const entry = {
      type: "requirements",
      condition: {
        logic: "all",
        requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: "Ready" } }],
      },
    };
    const { runId, recordId } = await aRun(
      anOrchestration([aStage("S", [anInteractiveStep("W", { entry })])], { name: "Unwoken" }),
      ann,
    );
    must(
      await inTransaction((tx) => saveRecord(tx, ann, { object: "Thing", id: recordId, values: { Status: "Ready" } })),
    );
    await db().update(job).set({ maxAttempts: 1 }).where(eq(job.runId, runId));
    await expire(await theJob());
    await doIt(await theJob());
    expect(await jobsOf(runId)).toMatchObject([{ kind: "wake", status: "dead" }]);
    const page = await runPage(db(), admin, runId);
    expect(page?.run.stalledReason).toContain("to look again, but could not: tried once: its worker died each time");
    expect(page?.control.retry).toEqual({ of: "stalled", steps: [] });
    expect(await openItems(runId)).toEqual([]);
    must(await commanded(admin, (tx) => retryRun(tx, admin, { runId, reason: "the worker is well again" })));
    expect(await openItems(runId)).toHaveLength(1);
    const after = await runPage(db(), admin, runId);
    expect(after?.run.stalledSince).toBeNull();
    expect(after?.events.map(({ comments }) => comments)).toContain("the worker is well again");
  });
  test("twice at the same job does it with nothing beside it, so that a poison job uses up no other's tries", async () => {
    const real = actionNamed("send_email");
    if (!real) throw new Error("not wired");
    const mail = { to: { literal: "a@example.org" }, subject: { literal: "Alone" }, body: { literal: "Text" } };
    const send = { type: "action", name: "Send", label: "Send", action: "send_email", next: null, inputs: mail };
    await activated(aBackgroundFlow("One_Mail", { start: "Send", elements: [send] }));
    const mailing = (name: string) =>
      anOrchestration([aStage("S", [aBackgroundStep("B", { flow: "One_Mail" })])], { name });
    const suspects: string[] = [];
    for (let i = 0; i < 3; i++) suspects.push((await aRun(mailing(`Suspect${i}`), ann)).runId);
    await db()
      .update(job)
      .set({ status: "running", attempts: 2, fence: 2, leaseUntil: sql`clock_timestamp() - interval '1 second'` })
      .where(inArray(job.runId, suspects));
    const others: string[] = [];
    for (let i = 0; i < 6; i++) others.push((await aRun(mailing(`Other${i}`), ann)).runId);
    const atWork = new Set<string>();
    const beside: string[][] = [];
    registerAction("send_email", async (tx, call) => {
      atWork.add(call.runId);
      await new Promise((resolve) => setTimeout(resolve, 50));
      if ([...atWork].some((runId) => suspects.includes(runId))) beside.push([...atWork]);
      atWork.delete(call.runId);
      return real(tx, call);
    });
    try {
      await withWorkers(1, () =>
        until(async () => (await Promise.all([...suspects, ...others].map(isCompleted))).every(Boolean)),
      );
    } finally {
      registerAction("send_email", real);
    }
    expect(beside.toSorted()).toEqual(suspects.toSorted().map((runId) => [runId]));
  });
  test("a poison job does not hold up the others", async () => {
    const poison = await aRun(aChain("Bad"), ann);
    await db().update(job).set({ payload: {} }).where(eq(job.runId, poison.runId));
    const good = await Promise.all(Array.from({ length: 6 }, (_, i) => aRun(aChain(`Good${i}`), ann)));
    await withWorkers(1, () =>
      until(async () => (await Promise.all(good.map(({ runId }) => isCompleted(runId)))).every(Boolean)),
    );
    expect(await jobsOf(poison.runId)).toMatchObject([{ status: "queued", lastError: expect.any(String) }]);
  });
});

test("a flow whose run was canceled meanwhile does nothing, and its job is done", async () => {
  const { runId } = await aRun(aChain("Canceled"), ann);
  must(await commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "no longer needed" })));
  const before = await db().select().from(history).where(eq(history.runId, runId));
  const queued = await claimJobs(1);
  for (const claimed of queued) await doIt(claimed);
  expect(await db().select().from(history).where(eq(history.runId, runId))).toEqual(before);
  expect((await jobsOf(runId)).map(({ status }) => status)).toEqual(["done"]);
});
