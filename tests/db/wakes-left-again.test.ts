import { and, eq, isNull, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { job, record, user, wait } from "../../db/schema";
import { sleep } from "../../lib/clock";
import { retryRun } from "../../lib/runs/commands";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow, anEvaluationFlow } from "../builders/flows";
import { work } from "../builders/jobs";
import { aPerson } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
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

test("objects that a run begins to look through are looked at once more after 16 s, for a save that had not seen it wait", {
  timeout: 60_000,
}, async () => {
  const [MET, SIGNAL] = ["isOrchestrationConditionMet", "Signal"];
  await anObject(SIGNAL, { Word: { type: "text" } }, "edit");
  const look = {
    ...{ type: "get_records", name: "Find", label: "Find", object: SIGNAL, into: "found", next: "Is" },
    where: [{ field: "Word", operator: "equals", value: { literal: "go" } }],
  };
  const judged = {
    ...{ type: "decision", name: "Is", label: "Is", defaultNext: null },
    outcomes: [
      {
        name: "Yes",
        label: "Yes",
        next: "Say",
        when: { requirements: [{ left: "found", operator: "is_null", right: { literal: false } }] },
      },
    ],
  };
  const say = {
    type: "assignment",
    name: "Say",
    label: "Say",
    assignments: [{ variable: MET, value: { literal: true } }],
    next: null,
  };
  const variables = [
    { name: MET, type: "boolean", isOutput: true, default: false },
    { name: "found", type: "record", object: SIGNAL },
  ];
  await activated(anEvaluationFlow("Finds", { variables, start: "Find", elements: [look, judged, say] }));
  const recordId = await aRecord(SIGNAL, { Word: "wait" }, ann);
  const steps = [anInteractiveStep("A"), anInteractiveStep("B", { entry: { type: "evaluation_flow", flow: "Finds" } })];
  const { runId } = await aRun(anOrchestration([aStage("S", steps)], { name: "Rechecks" }), ann);
  const { waits } = (await stateNow(runId)).run;
  expect(waits).toMatchObject({ objects: [SIGNAL], recheckAt: expect.stringMatching(/Z$/) });
  expect(await queuedOf(runId)).toMatchObject([{ dedupeKey: `clock:${runId}`, runAt: new Date(waits.dueAt ?? "") }]);
  // As a save that read who waits before the run did: nobody is told of it.
  await db()
    .update(record)
    .set({ data: { Word: "go" } })
    .where(eq(record.recordId, recordId));
  await work();
  expect((await stateNow(runId)).steps.find(({ name }) => name === "B")?.status).toBe("not_started");
  await sleep(Date.parse(waits.recheckAt ?? "") - Date.now() + 100);
  await work();
  expect((await stateNow(runId)).steps.find(({ name }) => name === "B")?.status).toBe("in_progress");
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
