import { and, eq, isNull, sql } from "drizzle-orm";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { interview, job, wait } from "../../db/schema";
import type { Flow } from "../../lib/flow/definition";
import { listWaits } from "../../lib/interviews/list-waits";
import type { Person } from "../../lib/people/current-person";
import { saveRecord } from "../../lib/records/commands/save-record";
import { cancelRun } from "../../lib/runs/commands";
import { claimJobs } from "../../lib/worker/claim-jobs";
import { makeHolder } from "../../lib/worker/holder";
import { perform } from "../../lib/worker/perform";
import { runWorker } from "../../lib/worker/run-worker";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { never, work } from "../builders/jobs";
import { aRecord, must } from "../builders/records";
import { aRun, aTeam, aThingWorld, commanded, stateNow } from "../builders/runs";

let ann: Person;
let admin: Person;
beforeAll(async () => {
  await aThingWorld();
  ({ ann, admin } = await aTeam());
});

const openWaitsOf = (runId: string) =>
  db()
    .select()
    .from(wait)
    .where(and(eq(wait.runId, runId), isNull(wait.resolvedAt)))
    .orderBy(wait.waitId);
const queuedOf = (runId: string) =>
  db()
    .select()
    .from(job)
    .where(and(eq(job.runId, runId), eq(job.status, "queued")));
/** As if the time of a run's timers had come. */
async function passTime(runId: string): Promise<void> {
  const due = sql`clock_timestamp() - interval '1 second'`;
  await db()
    .update(wait)
    .set({ dueAt: due })
    .where(and(eq(wait.runId, runId), eq(wait.kind, "timer")));
  await db()
    .update(job)
    .set({ runAt: due })
    .where(and(eq(job.runId, runId), eq(job.status, "queued")));
}
const save = (id: string, values: { [field: string]: string | number }) =>
  commanded(ann, (tx) => saveRecord(tx, ann, { object: "Thing", id, values }));
const outputsOf = async (runId: string) => (await stateNow(runId)).steps[0]?.outputs;

const say = (word: string) => ({
  type: "assignment",
  name: word,
  label: word,
  assignments: [{ variable: "result", value: { literal: word } }],
  next: null,
});
const later = {
  type: "amount_of_time",
  name: "Later",
  label: "Later",
  amount: { literal: 2 },
  unit: "days",
  next: "late",
};
const onStatus = (status: string, next = "done") => ({
  type: "condition",
  name: `Is${status}`,
  label: status,
  object: "Thing",
  record: "recordId",
  condition: { requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: status } }] },
  next,
});
const waiting = (name: string, events: readonly { next: string; [key: string]: unknown }[], more: object = {}): Flow =>
  aBackgroundFlow(name, {
    start: "Wait",
    elements: [
      { type: "wait", name: "Wait", label: "Wait", events },
      ...[...new Set(events.map(({ next }) => next))].map(say),
    ],
    ...more,
  });
/** A run of one background step with that flow, about a new record, begun by the worker. */
async function begun(flow: Flow, values: { [field: string]: string | number } = {}) {
  await activated(flow);
  const step = aBackgroundStep("Work", { flow: flow.name, inputs: { recordId: { ref: "$Record.Id" } } });
  const found = await aRun(anOrchestration([aStage("First", [step])], { name: `Of${flow.name}` }), ann, { values });
  await work();
  return found;
}
const isCompleted = async (runId: string) => (await stateNow(runId)).run.status === "completed";

let open: string[] = [];
afterEach(async () => {
  for (const runId of open)
    if (!(await isCompleted(runId)))
      must(await commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "over" })));
  open = [];
});

describe("a wait for time", () => {
  test("is rows only, and goes on when its time has come", async () => {
    const { runId } = await begun(waiting("Timed", [later]));
    expect(await openWaitsOf(runId)).toMatchObject([{ kind: "timer", event: "Later", dueAt: expect.any(Date) }]);
    expect(await queuedOf(runId)).toMatchObject([{ kind: "resume_flow" }]);
    await work();
    expect(await isCompleted(runId)).toBe(false);
    await passTime(runId);
    await work();
    expect(await isCompleted(runId)).toBe(true);
    expect(await outputsOf(runId)).toMatchObject({ result: "late" });
    expect([await openWaitsOf(runId), await queuedOf(runId)]).toEqual([[], []]);
  });

  test("of a moment passes by the clock, with a worker at work", async () => {
    const soon = { ...later, amount: { literal: 0.01 }, unit: "minutes" };
    const stop = new AbortController();
    const worker = runWorker(stop.signal);
    await activated(waiting("Soon", [soon]));
    const step = aBackgroundStep("Work", { flow: "Soon" });
    const { runId } = await aRun(anOrchestration([aStage("First", [step])], { name: "OfSoon" }), ann);
    for (let i = 0; i < 400 && !(await isCompleted(runId)); i++)
      await new Promise((resolve) => setTimeout(resolve, 25));
    stop.abort();
    await worker;
    expect(await outputsOf(runId)).toMatchObject({ result: "late" });
  });

  test("of nothing at all is over at once", async () => {
    const { runId } = await begun(waiting("Now", [{ ...later, amount: { literal: 0 } }]));
    expect(await outputsOf(runId)).toMatchObject({ result: "late" });
  });

  test("looked at early waits on, and is looked at again when it is due", async () => {
    const { runId } = await begun(waiting("Early", [later]));
    open.push(runId);
    await db().update(job).set({ runAt: sql`clock_timestamp()` }).where(eq(job.runId, runId));
    await work();
    const [[timer], [queued]] = [await openWaitsOf(runId), await queuedOf(runId)];
    expect(queued?.runAt).toEqual(timer?.dueAt);
  });

  test("counts working time by the calendar, and the run page says so", async () => {
    const { runId } = await begun(waiting("Office", [{ ...later, unit: "working_days" }]));
    open.push(runId);
    const [timer] = await openWaitsOf(runId);
    const hour = timer?.dueAt?.getUTCHours() ?? 0;
    expect(hour).toBeGreaterThanOrEqual(9);
    expect(hour).toBeLessThanOrEqual(17);
    const [sentence] = (await listWaits(db(), runId)).values();
    expect(sentence).toMatch(/^Its flow waits until \d+ \w{3} \d{4}, \d\d:\d\d \(Office hours, UTC\)\.$/);
  });

  test("until no date takes the fault connector, with the reason", async () => {
    const until = { type: "until_date", name: "Then", label: "Then", at: { ref: "date" }, next: "late" };
    const { runId } = await begun(
      waiting("Faulty", [], {
        elements: [
          { type: "wait", name: "Wait", label: "Wait", events: [until], faultNext: "tell" },
          { ...say("tell"), assignments: [{ variable: "result", value: { template: "{!$Flow.FaultMessage}" } }] },
          say("late"),
        ],
        variables: [
          { name: "recordId", type: "text", isInput: true },
          { name: "date", type: "date" },
          { name: "result", type: "text", isOutput: true },
        ],
      }),
    );
    expect(await outputsOf(runId)).toMatchObject({ result: "Wait: Then has no date to wait until." });
  });
});

describe("a wait for a condition", () => {
  test("goes on with the save that makes it true, and with no other", async () => {
    const { runId, recordId } = await begun(waiting("Status", [onStatus("Closed")]), { Status: "New" });
    expect(await openWaitsOf(runId)).toMatchObject([{ kind: "event", recordId }]);
    must(await save(recordId, { Amount: 5 }));
    await work();
    expect(await isCompleted(runId)).toBe(false);
    must(await save(recordId, { Status: "Closed" }));
    await work();
    expect(await outputsOf(runId)).toMatchObject({ result: "done" });
    expect(await openWaitsOf(runId)).toEqual([]);
  });

  test("that is true already waits for nothing", async () => {
    const { runId } = await begun(waiting("Already", [onStatus("Closed")]), { Status: "Closed" });
    expect(await outputsOf(runId)).toMatchObject({ result: "done" });
  });

  test("of the clock is looked at when the clock may change it", async () => {
    const clock = {
      ...onStatus("Never"),
      condition: {
        requirements: [
          { left: "$Flow.CurrentDateTime", operator: "greater_than", right: { literal: "2099-01-01T00:00:00Z" } },
        ],
      },
    };
    const { runId } = await begun(waiting("Clock", [clock]));
    open.push(runId);
    const [queued] = await queuedOf(runId);
    expect(queued?.runAt.toISOString().slice(0, 10)).toBe("2099-01-01");
  });

  test("misses no save, whenever it comes: a hundred rounds at once with the wait's beginning", async () => {
    await activated(waiting("Race", [onStatus("Closed")]));
    const step = aBackgroundStep("Work", { flow: "Race", inputs: { recordId: { ref: "$Record.Id" } } });
    const definition = anOrchestration([aStage("First", [step])], { name: "OfRace" });
    const runs: string[] = [];
    for (let round = 0; round < 100; round += 10) {
      const started = [];
      for (let i = 0; i < 10; i++) started.push(await aRun(definition, ann, { values: { Status: "New" } }));
      const jobs = await claimJobs(10);
      await Promise.all([
        ...jobs.map((claimed) => perform(claimed, makeHolder(), never)),
        ...started.map(async ({ recordId }, i) => {
          await new Promise((resolve) => setTimeout(resolve, i * 3));
          must(await save(recordId, { Status: "Closed" }));
        }),
      ]);
      await work();
      runs.push(...started.map(({ runId }) => runId));
    }
    const left = [];
    for (const runId of runs) if (!(await isCompleted(runId))) left.push(runId);
    expect(left).toEqual([]);
  });
});

describe("a wait for a change of a record", () => {
  const changes = { type: "record_change", name: "Saved", label: "Saved", object: "Thing", next: "saved" };
  const big = { requirements: [{ left: "$Record.Amount", operator: "greater_than", right: { literal: 100 } }] };

  test("takes the record that fits, made or changed", async () => {
    const flow = waiting("Big", [{ ...changes, condition: big, into: "found" }], {
      variables: [
        { name: "recordId", type: "text", isInput: true },
        { name: "result", type: "text", isOutput: true },
        { name: "found", type: "text", isOutput: true },
      ],
    });
    const { runId } = await begun(flow);
    await aRecord("Thing", { Name: "Small", Amount: 5 }, ann);
    await work();
    expect(await isCompleted(runId)).toBe(false);
    const wanted = await aRecord("Thing", { Name: "Large", Amount: 500 }, ann);
    await work();
    expect(await outputsOf(runId)).toMatchObject({ result: "saved", found: wanted });
  });

  test("happened even if the next save takes it back", async () => {
    const { runId, recordId } = await begun(
      waiting("Back", [{ ...changes, record: "recordId", on: "update", condition: big }]),
    );
    must(await save(recordId, { Amount: 500 }));
    must(await save(recordId, { Amount: 1 }));
    await work();
    expect(await outputsOf(runId)).toMatchObject({ result: "saved" });
  });

  test("of one record hears nothing of others, nor of creating where it waits for updates", async () => {
    const { runId, recordId } = await begun(waiting("One", [{ ...changes, record: "recordId", on: "update" }]));
    await aRecord("Thing", { Name: "Other" }, ann);
    await work();
    expect(await isCompleted(runId)).toBe(false);
    must(await save(recordId, { Amount: 2 }));
    await work();
    expect(await isCompleted(runId)).toBe(true);
  });
});

describe("several events at once", () => {
  const both = (name: string) => waiting(name, [later, onStatus("Closed"), onStatus("Gone", "saved")]);

  test("the first wins, and the others are resolved with it", async () => {
    const { runId, recordId } = await begun(both("First"), { Status: "New" });
    expect((await openWaitsOf(runId)).map(({ event }) => event)).toEqual(["Later", "IsClosed", "IsGone"]);
    must(await save(recordId, { Status: "Gone" }));
    await work();
    expect(await outputsOf(runId)).toMatchObject({ result: "saved" });
    expect([await openWaitsOf(runId), await queuedOf(runId)]).toEqual([[], []]);
  });

  test("that come together are taken once", async () => {
    const { runId, recordId } = await begun(both("Together"), { Status: "New" });
    must(await save(recordId, { Status: "Closed" }));
    await passTime(runId);
    const jobs = await claimJobs(10);
    expect(jobs).toHaveLength(3);
    await Promise.all(jobs.map((claimed) => perform(claimed, makeHolder(), never)));
    await work();
    expect(await isCompleted(runId)).toBe(true);
    const rows = await db().select().from(interview).where(eq(interview.runId, runId));
    expect(rows).toMatchObject([{ status: "finished", jobId: null }]);
  });
});

describe("a step that ends while its flow waits", () => {
  test("by a cancelled run leaves no wait and no job", async () => {
    const { runId, recordId } = await begun(waiting("Cancelled", [later, onStatus("Closed")]), { Status: "New" });
    must(await commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "not needed" })));
    expect([await openWaitsOf(runId), await queuedOf(runId)]).toEqual([[], []]);
    must(await save(recordId, { Status: "Closed" }));
    await work();
    expect((await stateNow(runId)).steps).toMatchObject([{ status: "canceled" }]);
  });

  test("because its stage is over is discontinued: the timer beside a person's step (semantics 10.5)", async () => {
    await activated(waiting("Reminder", [later]));
    const steps = [anInteractiveStep("Ask"), aBackgroundStep("Remind", { flow: "Reminder" })];
    const exit = {
      type: "requirements",
      condition: { requirements: [{ left: "Remind.Status", operator: "equals", right: { literal: "Completed" } }] },
    };
    const { runId } = await aRun(anOrchestration([aStage("First", steps, { exit })], { name: "OfReminder" }), ann);
    await work();
    await passTime(runId);
    await work();
    expect((await stateNow(runId)).steps).toMatchObject([{ status: "discontinued" }, { status: "completed" }]);
    expect(await isCompleted(runId)).toBe(true);
  });
});

test("ten thousand timers due at once are each done once, in the order of their time, though the worker dies", async () => {
  const flow = waiting("Many", [later]);
  const { runId } = await begun(flow);
  open.push(runId);
  // The rows of one run stand for all: what is claimed, in which order, and what a worker that died leaves, is the job table's.
  await db().execute(sql`
    insert into job (job_id, kind, run_id, step_run_id, payload, run_at)
    select 'job_t' || lpad(n::text, 5, '0'), 'resume_flow', ${runId}, null, '{"waitId": "none"}', clock_timestamp() - interval '1 hour' + n * interval '1 millisecond'
    from generate_series(1, 10000) n`);
  const seen: string[] = [];
  for (let batch = await claimJobs(500); batch.length > 0; batch = await claimJobs(500)) {
    const done = seen.length % 2_000 === 0 ? batch.slice(0, 250) : batch;
    seen.push(...done.map(({ jobId }) => jobId));
    await db().execute(
      sql`update job set status = 'done', ended_at = clock_timestamp(), lease_until = null where job_id in ${done.map(({ jobId }) => jobId)}`,
    );
    await db().execute(
      sql`update job set lease_until = clock_timestamp() - interval '1 second' where status = 'running'`,
    );
  }
  expect(seen).toHaveLength(10_000);
  expect(new Set(seen).size).toBe(10_000);
});
