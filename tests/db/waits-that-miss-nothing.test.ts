import { and, eq, isNull } from "drizzle-orm";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { interview, wait } from "../../db/schema";
import { setRecordListener, settleChanges, type Tx } from "../../db/transaction";
import type { Flow } from "../../lib/flow/definition";
import { listWaits } from "../../lib/interviews/list-waits";
import { changeProfile } from "../../lib/people/commands/change-account";
import type { Person } from "../../lib/people/current-person";
import { saveRecord } from "../../lib/records/commands/save-record";
import type { Result } from "../../lib/result";
import { cancelRun } from "../../lib/runs/commands";
import { react } from "../../lib/runs/react";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { work } from "../builders/jobs";
import { anObject, aRecord, must } from "../builders/records";
import { aRun, aTeam, aThingWorld, commanded, started, stateNow } from "../builders/runs";

let ann: Person;
let boss: Person;
let admin: Person;
beforeAll(async () => {
  await aThingWorld();
  ({ ann, boss, admin } = await aTeam());
});

const statusOf = async (runId: string) => (await stateNow(runId)).run.status;
const resultOf = async (runId: string) => (await stateNow(runId)).steps[0]?.outputs;
const openWaitsOf = (runId: string) =>
  db()
    .select()
    .from(wait)
    .where(and(eq(wait.runId, runId), isNull(wait.resolvedAt)));
const save = (id: string, values: { [field: string]: string | number }) =>
  commanded(ann, (tx) => saveRecord(tx, ann, { object: "Thing", id, values }));
const make = (values: { [field: string]: string }) =>
  commanded(ann, (tx) => saveRecord(tx, ann, { object: "Thing", name: "New one", values }));

let opened: string[] = [];
afterEach(async () => {
  setRecordListener(react);
  for (const runId of opened)
    if ((await statusOf(runId)) === "in_progress")
      await commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "over" }));
  opened = [];
});

const done = {
  type: "assignment",
  name: "done",
  label: "done",
  assignments: [{ variable: "result", value: { literal: "done" } }],
  next: null,
};
const change = { type: "record_change", name: "Saved", label: "Saved", object: "Thing", next: "done" };
const waiting = (name: string, event: object): Flow =>
  aBackgroundFlow(name, {
    start: "Wait",
    elements: [{ type: "wait", name: "Wait", label: "Wait", events: [{ ...change, ...event }] }, done],
  });
/** A run of one background step with that flow, about a new record; the worker has not begun it. */
async function aRunOf(flow: Flow, values = {}) {
  await activated(flow);
  const step = aBackgroundStep("Work", { flow: flow.name, inputs: { recordId: { ref: "$Record.Id" } } });
  const found = await aRun(anOrchestration([aStage("First", [step])], { name: `Of${flow.name}` }), ann, { values });
  opened.push(found.runId);
  return found;
}

/** A save that has looked who waits and is committed only after the flow was let begin to wait. */
async function whileSaving(saving: () => Promise<unknown>): Promise<void> {
  let arrive = (): void => undefined;
  const hasLooked = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  let goOn = (): void => undefined;
  const mayCommit = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let isFirst = true;
  setRecordListener(async (tx, changes) => {
    await react(tx, changes);
    if (!isFirst) return;
    isFirst = false;
    arrive();
    await mayCommit;
  });
  const saved = saving();
  await hasLooked;
  const worked = work();
  await new Promise((resolve) => setTimeout(resolve, 500));
  goOn();
  await Promise.all([saved, worked]);
  await work();
}

describe("a save that is under way when a flow begins to wait for it", () => {
  test("of one record is not missed", async () => {
    const { runId, recordId } = await aRunOf(waiting("RaceOne", { record: "recordId" }));
    await whileSaving(async () => must(await save(recordId, { Status: "Ready" })));
    expect(await statusOf(runId)).toBe("completed");
  });

  test("of one record is held against the condition, with what it was before", async () => {
    const condition = (status: string) => ({
      requirements: [
        { left: "$Record__Prior.Status", operator: "equals", right: { literal: status } },
        { left: "$Record.Status", operator: "is_changed", right: { literal: true } },
      ],
    });
    const met = await aRunOf(waiting("RaceWas", { record: "recordId", condition: condition("Old") }), {
      Status: "Old",
    });
    await whileSaving(async () => must(await save(met.recordId, { Status: "Ready" })));
    expect(await statusOf(met.runId)).toBe("completed");
    const not = await aRunOf(waiting("RaceWasNot", { record: "recordId", condition: condition("Other") }), {
      Status: "Old",
    });
    await whileSaving(async () => must(await save(not.recordId, { Status: "Ready" })));
    expect(await statusOf(not.runId)).toBe("in_progress");
    expect(await openWaitsOf(not.runId)).toHaveLength(1);
  });

  test("of any record of an object is not missed", async () => {
    const { runId } = await aRunOf(waiting("RaceAny", { on: "create" }));
    await whileSaving(async () => must(await make({ Status: "Ready" })));
    expect(await statusOf(runId)).toBe("completed");
  });

  test("is not taken for what it is not: a record that was updated is none that was made", async () => {
    const { runId, recordId } = await aRunOf(waiting("RaceMade", { on: "create" }));
    await whileSaving(async () => must(await save(recordId, { Status: "Ready" })));
    expect(await statusOf(runId)).toBe("in_progress");
    must(await make({}));
    await work();
    expect(await statusOf(runId)).toBe("completed");
  });
});

describe("a run that begins to wait while what it reads is led elsewhere", () => {
  /** A save that does all it does and is committed when it is let go. */
  async function savedUntil(going: Promise<void>, saving: (tx: Tx) => Promise<Result<unknown>>) {
    const hasSaved = gate();
    const saved = commanded(ann, async (tx) => {
      const done = await saving(tx);
      await settleChanges(tx);
      await Promise.all(tx.sent);
      hasSaved.open();
      await going;
      return done;
    });
    await Promise.race([hasSaved.opened, saved]);
    return { saved };
  }
  const gate = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    return { opened: promise, open: () => resolve() };
  };
  /** Until somebody stands before a lock. */
  async function untilBlocked(): Promise<void> {
    for (let i = 0; i < 200; i++) {
      const [row] = await db().$client<{ n: number }[]>`
        select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      if (row && row.n > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error("nobody waits for a lock");
  }

  test("holds and reads what it has come to wait for, too", async () => {
    await anObject("Account", { Stage: { type: "text" } }, "edit");
    await anObject("Case", { Of: { type: "lookup", options: { object: "Account" } } }, "edit");
    const [one, two] = [await aRecord("Account", {}, ann), await aRecord("Account", {}, ann)];
    const recordId = await aRecord("Case", { Of: one }, ann);
    const isWon = { requirements: [{ left: "$Record.Of.Stage", operator: "equals", right: { literal: "Won" } }] };
    const steps = [
      anInteractiveStep("A"),
      anInteractiveStep("B", { entry: { type: "requirements", condition: isWon } }),
    ];
    const start = { type: "autolaunched", object: "Case", next: "S" };
    const { definitionId } = await activated(anOrchestration([aStage("S", steps)], { name: "LedElsewhere", start }));

    const [first, second] = [gate(), gate()];
    const moving = await savedUntil(first.opened, (tx) =>
      saveRecord(tx, ann, { object: "Case", id: recordId, values: { Of: two } }),
    );
    const winning = await savedUntil(second.opened, (tx) =>
      saveRecord(tx, ann, { object: "Account", id: two, values: { Stage: "Won" } }),
    );
    const starting = started(ann, { definitionId, recordId, inputs: {} });
    await untilBlocked();
    first.open();
    must(await moving.saved);
    // The run has read that it waits for the other account by now, whose save has asked who waits and is not yet committed.
    await Promise.race([untilBlocked(), starting]);
    second.open();
    must(await winning.saved);
    const { runId } = must(await starting);
    opened.push(runId);
    await work();
    const { steps: now } = await stateNow(runId);
    expect(now.find(({ name }) => name === "B")?.status).toBe("in_progress");
  });
});

test("what a flow saved itself before it waits is no event of its wait", async () => {
  const flow = aBackgroundFlow("OwnSave", {
    start: "Make",
    elements: [
      {
        type: "create_records",
        name: "Make",
        label: "Make",
        object: "Thing",
        values: { Name: { literal: "Its own" } },
        next: "Wait",
      },
      { type: "wait", name: "Wait", label: "Wait", events: [{ ...change, on: "create" }] },
      done,
    ],
  });
  const { runId } = await aRunOf(flow);
  await work();
  expect(await statusOf(runId)).toBe("in_progress");
  must(await make({}));
  await work();
  expect(await resultOf(runId)).toMatchObject({ result: "done" });
});

test("a wait for a change whose condition reads the clock is met by it", async () => {
  const formula = 'TODAY() >= DATE(2000, 1, 1) && NOW() < DATETIMEVALUE("2999-01-01 00:00:00")';
  const condition = { logic: "formula", formula, requirements: [] };
  const { runId, recordId } = await aRunOf(waiting("ByTheClock", { record: "recordId", condition }));
  await work();
  must(await save(recordId, { Status: "Ready" }));
  await work();
  expect(await statusOf(runId)).toBe("completed");
});

describe("what people change of themselves", () => {
  const renamed = (name: string) => commanded(boss, (tx) => changeProfile(tx, boss, { name, timeZone: null }));
  const isNamed = (name: string) => ({
    requirements: [{ left: "$Record.Owner.Manager.Name", operator: "equals", right: { literal: name } }],
  });

  test("wakes the runs whose conditions read it", async () => {
    const entry = { type: "requirements", condition: isNamed("Bea Better") };
    const steps = [anInteractiveStep("First"), anInteractiveStep("Second", { entry })];
    const { runId } = await aRun(anOrchestration([aStage("Only", steps)], { name: "SelfNamed" }), ann);
    opened.push(runId);
    must(await renamed("Bea Better"));
    await work();
    const { steps: now } = await stateNow(runId);
    expect(now.find(({ name }) => name === "Second")?.status).toBe("in_progress");
  });

  test("wakes the flows that wait for a condition over it", async () => {
    const event = { type: "condition", record: "recordId", condition: isNamed("Bea Best") };
    const { runId } = await aRunOf(waiting("ByName", event));
    await work();
    expect(await openWaitsOf(runId)).toHaveLength(3);
    expect([...(await listWaits(db(), runId)).values()][0]).toMatch(
      /^Its flow waits for Owner.Manager.Name of Thing “/,
    );
    must(await renamed("Bea Bestest"));
    await work();
    expect(await statusOf(runId)).toBe("in_progress");
    must(await renamed("Bea Best"));
    await work();
    expect(await statusOf(runId)).toBe("completed");
  });
});

test("a flow that goes on after a wait sees its records as they are by then, alone and in lists", async () => {
  const getting = (name: string, into: string, next: string) => ({
    ...{ type: "get_records", name, label: name, object: "Thing", into, next },
    where: [{ field: "Id", operator: "equals", value: { ref: "recordId" } }],
  });
  const isReady = { requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: "Ready" } }] };
  const flow = aBackgroundFlow("Fresh", {
    start: "One",
    variables: [
      { name: "recordId", type: "text", isInput: true },
      { name: "thing", type: "record", object: "Thing" },
      { name: "things", type: "record_list", object: "Thing" },
      { name: "result", type: "text", isOutput: true },
    ],
    elements: [
      getting("One", "thing", "All"),
      getting("All", "things", "Wait"),
      {
        ...{ type: "wait", name: "Wait", label: "Wait" },
        events: [{ ...change, type: "condition", record: "recordId", condition: isReady }],
      },
      { ...done, assignments: [{ variable: "result", value: { ref: "thing.Status" } }] },
    ],
  });
  const { runId, recordId } = await aRunOf(flow, { Status: "Old" });
  await work();
  must(await save(recordId, { Status: "Ready" }));
  await work();
  expect(await resultOf(runId)).toMatchObject({ result: "Ready" });
  const [kept] = await db().select().from(interview).where(eq(interview.runId, runId));
  expect(kept?.state).toMatchObject({ values: { things: [{ Id: recordId, Status: "Ready" }] } });
});
