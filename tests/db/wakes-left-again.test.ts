import { and, eq, isNull, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { job, user, wait } from "../../db/schema";
import { retryRun } from "../../lib/runs/commands";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { work } from "../builders/jobs";
import { aPerson } from "../builders/people";
import { must } from "../builders/records";
import { aRun, aTeamWithThings, commanded, stateNow } from "../builders/runs";

/** What waits goes on waiting, and what waits no more leaves nothing behind. */
const { ann, admin } = await aTeamWithThings();

const queuedOf = (runId: string) =>
  db()
    .select()
    .from(job)
    .where(and(eq(job.runId, runId), eq(job.status, "queued")));
/** As when the clock was ahead: what was to be done later is done now. */
const early = (runId: string) =>
  db()
    .update(job)
    .set({ runAt: sql`date_trunc('milliseconds', clock_timestamp())` })
    .where(and(eq(job.runId, runId), eq(job.status, "queued")));

test("a run that the clock woke too early, because it was set back, is woken when it is due (F44)", async () => {
  const entry = {
    type: "requirements",
    condition: {
      requirements: [
        { left: "$Flow.CurrentDateTime", operator: "greater_than", right: { literal: "2999-01-01T00:00:00.000Z" } },
      ],
    },
  };
  const steps = [anInteractiveStep("A"), anInteractiveStep("B", { entry })];
  const { runId } = await aRun(anOrchestration([aStage("S", steps)], { name: "EarlyClock" }), ann);
  const { run: before } = await stateNow(runId);
  const { dueAt } = before.waits;
  expect(dueAt).toBe("2999-01-01T00:00:00.000Z");
  for (const _ of ["once", "twice"]) {
    await early(runId);
    await work();
    expect(await queuedOf(runId)).toMatchObject([
      { kind: "wake", dedupeKey: `clock:${runId}`, runAt: new Date(dueAt ?? ""), payload: { type: "clock" } },
    ]);
  }
  expect((await stateNow(runId)).run).toEqual(before);
});

test("a stalled run whose clock had given up is woken by the clock again, once somebody has it look again", async () => {
  const due = new Date(Date.now() + 86_400_000).toISOString();
  const entry = {
    type: "requirements",
    condition: {
      requirements: [{ left: "$Flow.CurrentDateTime", operator: "greater_than", right: { literal: due } }],
    },
  };
  const steps = [anInteractiveStep("A"), anInteractiveStep("B", { entry })];
  const { runId } = await aRun(anOrchestration([aStage("S", steps)], { name: "DeadClock" }), ann);
  await db().update(job).set({ attempts: job.maxAttempts }).where(eq(job.runId, runId));
  await early(runId);
  await work();
  expect(await queuedOf(runId)).toEqual([]);
  expect((await stateNow(runId)).run.stalledSince).not.toBeNull();
  must(await commanded(admin, (tx) => retryRun(tx, admin, { runId, reason: "the clock is mended" })));
  expect((await stateNow(runId)).run.stalledSince).toBeNull();
  expect(await queuedOf(runId)).toMatchObject([{ kind: "wake", dedupeKey: `clock:${runId}`, runAt: new Date(due) }]);
});

test("a flow that may not be carried on any more leaves no open wait", async () => {
  const leaver = await aPerson({ name: "Lea Leaver" });
  const events = [
    { type: "record_change", name: "Saved", label: "Saved", object: "Thing", next: null },
    {
      ...{ type: "amount_of_time", name: "Later", label: "Later", unit: "days", next: null },
      amount: { literal: 2 },
    },
  ];
  await activated(
    aBackgroundFlow("Waits", { start: "Wait", elements: [{ type: "wait", name: "Wait", label: "Wait", events }] }),
  );
  const step = aBackgroundStep("Work", { flow: "Waits", runAs: { user: leaver.username } });
  const body = anOrchestration([aStage("S", [step])], { name: "OfWaits", runAsAllowed: [leaver.username] });
  const { runId } = await aRun(body, ann);
  await work();
  const open = and(eq(wait.runId, runId), isNull(wait.resolvedAt));
  expect(await db().select().from(wait).where(open)).toHaveLength(2);
  await db().update(user).set({ active: false }).where(eq(user.userId, leaver.userId));
  await early(runId);
  await work();
  expect((await stateNow(runId)).steps).toMatchObject([
    { status: "error", error: "The flow is to run as somebody who is not active any more." },
  ]);
  expect(await db().select().from(wait).where(open)).toEqual([]);
  expect(await queuedOf(runId)).toEqual([]);
});
