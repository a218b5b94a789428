import { and, count, eq, isNull } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { history, job, record, recordLock, run, wait } from "../../db/schema";
import { changePerson } from "../../lib/people/commands/change-person";
import type { Person } from "../../lib/people/current-person";
import { saveRecord } from "../../lib/records/commands/save-record";
import { cancelRun, controlRun, goToStage, retryRun } from "../../lib/runs/commands";
import { runPage } from "../../lib/runs/queries/run-page";
import { verifyHistory } from "../../lib/runs/verify-history";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow, anEvaluationFlow } from "../builders/flows";
import { work } from "../builders/jobs";
import { again, aPerson, asOpened } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
import { aRun, aTeamWithThings, commanded, finished, openItems, started, stateNow, theItem } from "../builders/runs";

const team = await aTeamWithThings();
const { ann, admin, boss } = team;
const statusOf = async (runId: string, name: string) =>
  (await stateNow(runId)).steps.findLast((step) => step.name === name)?.status;
const stepId = async (runId: string, name: string) =>
  (await stateNow(runId)).steps.findLast((step) => step.name === name)?.id ?? "";
const control = (runId: string, command: Parameters<typeof controlRun>[2]["command"], person: Person = admin) =>
  commanded(person, (tx) => controlRun(tx, person, { runId, command }));
const suspend = (runId: string, person?: Person) => control(runId, { type: "suspend", reason: "audit" }, person);
const resume = (runId: string) => control(runId, { type: "resume", reason: "go on" });
const openWaits = (runId: string) =>
  db()
    .select()
    .from(wait)
    .where(and(eq(wait.runId, runId), isNull(wait.resolvedAt)))
    .orderBy(wait.kind, wait.recordId);
const save = (person: Person | null, object: string, id: string, values: object) =>
  commanded(person, (tx) => saveRecord(tx, person ?? "system", { object, id, values: { ...values } }));

const requires = (left: string, operator: string, literal: unknown) => ({
  type: "requirements",
  condition: { requirements: [{ left, operator, right: { literal } }] },
});

describe("an admin controls a run", () => {
  const twoSteps = (name: string) =>
    anOrchestration(
      [aStage("S", [anInteractiveStep("A"), anInteractiveStep("B", { entry: { type: "step_completed", step: "A" } })])],
      { name },
    );

  test("suspended, people finish and nothing starts; resumed, it does, and the history says who and why", async () => {
    const { runId } = await aRun(twoSteps("Control1"), ann);
    must(await suspend(runId));
    must(await finished(ann, (await theItem(runId)).workItemId));
    expect(await statusOf(runId, "B")).toBe("not_started");
    must(await resume(runId));
    expect([await statusOf(runId, "A"), await statusOf(runId, "B")]).toEqual(["completed", "in_progress"]);
    const rows = await db().select().from(history).where(eq(history.runId, runId)).orderBy(history.seq);
    expect(rows.filter(({ actorId }) => actorId === admin.userId).map(({ milestone }) => milestone)).toEqual(
      expect.arrayContaining(["suspend_instance", "suspend_stage", "resume_instance"]),
    );
  });

  test("nobody else may, and is told so only if they know of the run", async () => {
    const { runId } = await aRun(twoSteps("Control2"), ann);
    expect(await suspend(runId, ann)).toMatchObject({ refusal: { code: "not-your-work" } });
    const stranger = await again(await aPerson({ name: "Sid Stranger" }));
    expect(await suspend(runId, stranger)).toMatchObject({ refusal: { code: "not-found" } });
    expect((await stateNow(runId)).run.status).toBe("in_progress");
  });

  test("a step is skipped with a reason, and its mail withdrawn", async () => {
    const { runId } = await aRun(twoSteps("Control3"), ann);
    const stepRunId = await stepId(runId, "A");
    must(await control(runId, { type: "skip-step", stepRunId, reason: "done by phone", outputs: { comment: "ok" } }));
    expect([await statusOf(runId, "A"), await statusOf(runId, "B")]).toEqual(["completed", "in_progress"]);
    expect((await openItems(runId)).map(({ label }) => label)).toHaveLength(1);
  });

  test("a skipped background step's job is void", async () => {
    const slow = aBackgroundStep("Slow", { processing: "asynchronous" });
    const { runId } = await aRun(anOrchestration([aStage("S", [slow])], { name: "Control4" }), ann);
    const stepRunId = await stepId(runId, "Slow");
    must(await control(runId, { type: "skip-step", stepRunId, reason: "not needed", outputs: null }));
    const [row] = await db().select().from(job).where(eq(job.stepRunId, stepRunId));
    expect(row).toMatchObject({ status: "done", lastError: "void: its step ended otherwise" });
    expect((await stateNow(runId)).run.status).toBe("completed");
  });

  test("a stage is gone to as a new round", async () => {
    const { runId } = await aRun(twoSteps("Control5"), ann);
    must(await commanded(admin, (tx) => goToStage(tx, admin, { runId, stage: "S", reason: "once more" })));
    expect((await stateNow(runId)).stages).toMatchObject([{ status: "discontinued" }, { round: 2 }]);
  });
});

describe("what wakes a run (A8)", () => {
  const waiting = (name: string, left: string, literal: unknown) =>
    anOrchestration(
      [aStage("S", [anInteractiveStep("A"), anInteractiveStep("B", { entry: requires(left, "equals", literal) })])],
      { name },
    );

  test("a change of a person that a condition reads", async () => {
    const { runId } = await aRun(waiting("Wake1", "$Record.Owner.Manager.Name", "Nora New"), ann);
    expect((await openWaits(runId)).map(({ recordId }) => recordId)).toContain(team.boss.userId);
    const input = { userId: boss.userId, username: boss.username, email: boss.email, role: boss.role, managerId: null };
    const was = asOpened(boss);
    must(await commanded(admin, (tx) => changePerson(tx, admin, { ...input, was, name: "Nora New" })));
    await work();
    expect(await statusOf(runId, "B")).toBe("in_progress");
    must(
      await commanded(admin, (tx) =>
        changePerson(tx, admin, { ...input, was: { ...was, name: "Nora New" }, name: boss.name }),
      ),
    );
  });

  test("a change of a parent record behind a lookup, and of the lookup itself", async () => {
    await anObject("Parent", { Stage: { type: "text" } }, "edit");
    await anObject("Child", { Of: { type: "lookup", options: { object: "Parent" } } }, "edit");
    const first = await aRecord("Parent", { Stage: "Open" }, ann);
    const second = await aRecord("Parent", { Stage: "Open" }, ann);
    const recordId = await aRecord("Child", { Of: first }, ann);
    const definition = anOrchestration(
      [
        aStage("S", [
          anInteractiveStep("A"),
          anInteractiveStep("B", { entry: requires("$Record.Of.Stage", "equals", "Won") }),
        ]),
      ],
      { name: "Wake2", start: { type: "autolaunched", object: "Child", next: "S" } },
    );
    const { definitionId } = await activated(definition);
    const { runId } = must(await started(ann, { definitionId, recordId, inputs: {} }));
    expect((await openWaits(runId)).map((row) => row.recordId).sort()).toEqual([first, recordId].sort());
    must(await save(ann, "Child", recordId, { Of: second }));
    await work();
    expect((await openWaits(runId)).map((row) => row.recordId).sort()).toEqual([second, recordId].sort());
    must(await save(ann, "Parent", second, { Stage: "Won" }));
    await work();
    expect(await statusOf(runId, "B")).toBe("in_progress");
    expect(await openWaits(runId)).toEqual([]);
  });

  test("a record that only an evaluation flow reads, made or changed (A8)", async () => {
    await anObject("Signal", { On: { type: "checkbox" } }, "edit");
    const judge = anEvaluationFlow("AnySignal", {
      variables: [
        { name: "found", type: "record", object: "Signal" },
        { name: "isOrchestrationConditionMet", type: "boolean", isOutput: true, default: false },
      ],
      start: "Look",
      elements: [
        {
          type: "get_records",
          name: "Look",
          label: "Look",
          object: "Signal",
          where: [{ field: "On", operator: "equals", value: { literal: true } }],
          into: "found",
          next: "Is",
        },
        {
          type: "decision",
          name: "Is",
          label: "Is",
          outcomes: [
            {
              name: "Yes",
              label: "Yes",
              when: { requirements: [{ left: "found", operator: "is_null", right: { literal: false } }] },
              next: "Say",
            },
          ],
          defaultNext: null,
        },
        {
          type: "assignment",
          name: "Say",
          label: "Say",
          assignments: [{ variable: "isOrchestrationConditionMet", value: { literal: true } }],
          next: null,
        },
      ],
    });
    await activated(judge);
    const entry = { type: "evaluation_flow", flow: "AnySignal", inputs: {} };
    const definition = anOrchestration([aStage("S", [anInteractiveStep("A"), anInteractiveStep("B", { entry })])], {
      name: "Wake4",
    });
    const { runId } = await aRun(definition, ann);
    expect((await openWaits(runId)).map(({ objectName }) => objectName)).toContain("Signal");
    const page = await runPage(db(), admin, runId);
    expect(page?.waits?.objects).toEqual(["Signals"]);
    expect(page?.events).toContainEqual(
      expect.objectContaining({ title: "Waits for", subject: expect.stringContaining("any change among Signal") }),
    );
    const id = must(
      await commanded(ann, (tx) => saveRecord(tx, ann, { object: "Signal", name: "One", values: { On: false } })),
    ).id;
    await work();
    expect(await statusOf(runId, "B")).toBe("not_started");
    must(await save(ann, "Signal", id, { On: true }));
    await work();
    expect(await statusOf(runId, "B")).toBe("in_progress");
  });

  test("the clock, at the instant that the condition names", async () => {
    const at = new Date(Date.now() + 5_000).toISOString();
    const entry = requires("$Flow.CurrentDateTime", "greater_than_or_equal", at);
    const definition = anOrchestration([aStage("S", [anInteractiveStep("B", { entry })])], { name: "Wake3" });
    const { runId } = await aRun(definition, ann);
    expect(await openWaits(runId)).toMatchObject([{ kind: "timer", dueAt: new Date(at) }]);
    expect((await db().select().from(run).where(eq(run.runId, runId)))[0]).toMatchObject({ stalledSince: null });
    await work();
    expect(await statusOf(runId, "B")).toBe("not_started");
    await new Promise((resolve) => setTimeout(resolve, Date.parse(at) - Date.now() + 200));
    await work();
    expect(await statusOf(runId, "B")).toBe("in_progress");
  });
});

describe("locks (A22)", () => {
  const locking = (name: string, more: object = {}) =>
    anOrchestration([aStage("S", [anInteractiveStep("A", { locksRecord: true, ...more })])], { name });
  const lockOf = async (recordId: string) =>
    (await db().select().from(recordLock).where(eq(recordLock.recordId, recordId)))[0]?.runId ?? null;

  test("others are refused with who holds it and since when; the end of the step lets them", async () => {
    const { runId, recordId } = await aRun(locking("Lock1"), ann);
    expect(await lockOf(recordId)).toBe(runId);
    const refused = await save(ann, "Thing", recordId, { Status: "x" });
    expect(refused).toMatchObject({
      refusal: { code: "record-locked", details: { by: expect.any(String), since: expect.stringMatching(/Z$/) } },
    });
    must(await finished(ann, (await theItem(runId)).workItemId));
    expect(await lockOf(recordId)).toBeNull();
    must(await save(ann, "Thing", recordId, { Status: "x" }));
  });

  test("the assignee may edit where the step says so", async () => {
    const { recordId } = await aRun(locking("Lock2", { mayEditRecord: true }), ann);
    must(await save(ann, "Thing", recordId, { Status: "mine" }));
    expect(await save(admin, "Thing", recordId, { Status: "theirs" })).toMatchObject({
      refusal: { code: "record-locked" },
    });
  });

  test("the run's own flows may change it", async () => {
    const writes = aBackgroundFlow("WritesStatus", {
      variables: [{ name: "id", type: "text", isInput: true }],
      start: "Save",
      elements: [
        {
          type: "update_records",
          name: "Save",
          label: "Save",
          object: "Thing",
          record: "id",
          values: { Status: { literal: "by the run" } },
          next: null,
        },
      ],
    });
    await activated(writes);
    const steps = [
      anInteractiveStep("A", { locksRecord: true }),
      aBackgroundStep("Write", { flow: "WritesStatus", inputs: { id: { ref: "$Record.Id" } } }),
    ];
    const { runId } = await aRun(anOrchestration([aStage("S", steps)], { name: "Lock3" }), ann);
    await work();
    expect(await statusOf(runId, "Write")).toBe("completed");
  });

  test("a background step holds the record until its flow has ended, and its flow may change it", async () => {
    const steps = [
      aBackgroundStep("Write", {
        flow: "WritesStatus",
        inputs: { id: { ref: "$Record.Id" } },
        processing: "asynchronous",
        locksRecord: true,
      }),
      anInteractiveStep("A", { entry: { type: "step_completed", step: "Write" } }),
    ];
    const { runId, recordId } = await aRun(
      anOrchestration([aStage("S", steps)], { name: "Lock9", label: "Held" }),
      ann,
    );
    expect(await lockOf(recordId)).toBe(runId);
    expect(await save(ann, "Thing", recordId, { Status: "x" })).toMatchObject({
      refusal: { code: "record-locked", details: { by: "Held", since: expect.stringMatching(/Z$/) } },
    });
    await work();
    expect(await statusOf(runId, "Write")).toBe("completed");
    expect(await lockOf(recordId)).toBeNull();
    must(await save(ann, "Thing", recordId, { Status: "x" }));
  });

  test("a background step waits for a record that another run holds, and works when it is given up", async () => {
    const first = await aRun(locking("Lock10"), ann);
    const write = aBackgroundStep("Write", {
      flow: "WritesStatus",
      inputs: { id: { ref: "$Record.Id" } },
      locksRecord: true,
    });
    const { definitionId } = await activated(anOrchestration([aStage("S", [write])], { name: "Lock11" }));
    const { runId } = must(await started(ann, { definitionId, recordId: first.recordId, inputs: {} }));
    expect(await statusOf(runId, "Write")).toBe("not_started");
    must(await finished(ann, (await theItem(first.runId)).workItemId));
    await work();
    expect((await stateNow(runId)).run.status).toBe("completed");
    expect(await lockOf(first.recordId)).toBeNull();
  });

  test("a flow locks the record beyond its step, but for whom it names, until another flow unlocks it", async () => {
    const acts = (name: string, action: string, more: object = {}) =>
      aBackgroundFlow(name, {
        variables: [{ name: "id", type: "text", isInput: true }],
        start: "Act",
        elements: [{ ...{ type: "action", name: "Act", label: "Act", action, next: null }, ...more }],
      });
    await activated(
      acts("Locks", "lock_record", { inputs: { editor: { literal: boss.username } } }),
      acts("Unlocks", "unlock_record"),
    );
    const stages = [
      aStage("First", [aBackgroundStep("Lock", { flow: "Locks" })], { next: "Second" }),
      aStage("Second", [anInteractiveStep("A")], { next: "Third" }),
      aStage("Third", [aBackgroundStep("Unlock", { flow: "Unlocks" })], { next: "Fourth" }),
      aStage("Fourth", [
        aBackgroundStep("Write", { flow: "WritesStatus", inputs: { id: { ref: "$Record.Id" } } }),
        anInteractiveStep("B"),
      ]),
    ];
    const { runId, recordId } = await aRun(anOrchestration(stages, { name: "Lock12", label: "By a flow" }), ann);
    await work();
    expect(await statusOf(runId, "A")).toBe("in_progress");
    expect(await save(ann, "Thing", recordId, { Status: "x" })).toMatchObject({
      refusal: { code: "record-locked", details: { by: "By a flow", since: expect.stringMatching(/Z$/) } },
    });
    must(await save(boss, "Thing", recordId, { Status: "the editor's" }));
    const held = { since: expect.stringMatching(/Z$/), lets: [boss.name], isKept: true };
    expect((await runPage(db(), admin, runId))?.run.lock).toEqual(held);
    must(await finished(ann, (await theItem(runId)).workItemId));
    await work();
    expect(await statusOf(runId, "B")).toBe("in_progress");
    expect(await lockOf(recordId)).toBeNull();
    must(await save(ann, "Thing", recordId, { Status: "x" }));
    expect(await verifyHistory(db())).toEqual([]);
  });

  test("a record that a flow locked stays so through an error that an admin repairs", async () => {
    const stages = [
      aStage("First", [aBackgroundStep("Lock", { flow: "Locks" })], { next: "Second" }),
      aStage("Second", [anInteractiveStep("A")]),
    ];
    const { runId, recordId } = await aRun(anOrchestration(stages, { name: "Lock15" }), ann);
    await work();
    const isRefused = async () => {
      const said = await save(ann, "Thing", recordId, { Status: "x" });
      return !said.ok && said.refusal.code === "record-locked";
    };
    must(await control(runId, { type: "fail-step", stepRunId: await stepId(runId, "A"), reason: "audit" }));
    expect([(await stateNow(runId)).run.status, await isRefused()]).toEqual(["error", true]);
    must(await commanded(admin, (tx) => retryRun(tx, admin, { runId, reason: "again" })));
    expect([await statusOf(runId, "A"), await isRefused(), await lockOf(recordId)]).toEqual([
      "in_progress",
      true,
      runId,
    ]);
    must(await save(boss, "Thing", recordId, { Status: "the editor's" }));
    must(await finished(ann, (await theItem(runId)).workItemId));
    expect([(await stateNow(runId)).run.status, await lockOf(recordId)]).toEqual(["completed", null]);
    expect(await verifyHistory(db())).toEqual([]);
  });

  test("a flow whose record another run holds fails with who does", async () => {
    const first = await aRun(locking("Lock13"), ann);
    const { definitionId } = await activated(
      anOrchestration([aStage("S", [aBackgroundStep("Lock", { flow: "Locks" })])], { name: "Lock14" }),
    );
    const { runId } = must(await started(ann, { definitionId, recordId: first.recordId, inputs: {} }));
    await work();
    expect((await stateNow(runId)).run).toMatchObject({ status: "error", error: expect.stringContaining("locked") });
    expect(await lockOf(first.recordId)).toBe(first.runId);
  });

  test("a second run that wants the record waits its turn and then has it", async () => {
    const first = await aRun(locking("Lock4"), ann);
    const { definitionId } = await activated(locking("Lock5"));
    const { runId } = must(await started(ann, { definitionId, recordId: first.recordId, inputs: {} }));
    expect(await statusOf(runId, "A")).toBe("not_started");
    expect(await openWaits(runId)).toMatchObject([{ kind: "lock", recordId: first.recordId }]);
    must(await finished(ann, (await theItem(first.runId)).workItemId));
    await work();
    expect(await statusOf(runId, "A")).toBe("in_progress");
    expect(await lockOf(first.recordId)).toBe(runId);
  });

  test("or fails, as it is defined", async () => {
    const first = await aRun(locking("Lock6"), ann);
    const { definitionId } = await activated({ ...locking("Lock7"), onLocked: "fail" });
    const { runId } = must(await started(ann, { definitionId, recordId: first.recordId, inputs: {} }));
    expect((await stateNow(runId)).run).toMatchObject({ status: "error", error: expect.stringContaining("locked") });
  });

  test("a run that is canceled gives it up", async () => {
    const { runId, recordId } = await aRun(locking("Lock8"), ann);
    must(await commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "enough" })));
    expect(await lockOf(recordId)).toBeNull();
  });

  test("two that want it at once: one has it, the other waits", async () => {
    const recordId = await aRecord("Thing", {}, ann);
    const names = await Promise.all(
      ["Lock9", "Lock10"].map(async (name) => (await activated(locking(name))).definitionId),
    );
    const runs = await Promise.all(
      names.map(async (definitionId) => must(await started(ann, { definitionId, recordId, inputs: {} })).runId),
    );
    const statuses = await Promise.all(runs.map((runId) => statusOf(runId, "A")));
    expect(statuses.sort()).toEqual(["in_progress", "not_started"]);
    expect(runs).toContain(await lockOf(recordId));
  });
});

test("record-triggered runs that start one another by background flows are cut after ten, across transactions (F55)", async () => {
  await anObject("Ring", { N: { type: "number" } }, "edit");
  const bump = aBackgroundFlow("Bump", {
    variables: [],
    start: "Make",
    elements: [
      {
        type: "create_records",
        name: "Make",
        label: "Make",
        object: "Ring",
        values: { Name: { literal: "next" } },
        next: null,
      },
    ],
  });
  await activated(bump);
  await activated(
    anOrchestration([aStage("S", [aBackgroundStep("Again", { flow: "Bump", processing: "asynchronous" })])], {
      name: "Ringing",
      start: { type: "record_triggered", object: "Ring", on: "create", next: "S" },
    }),
  );
  must(await commanded(ann, (tx) => saveRecord(tx, ann, { object: "Ring", name: "first", values: {} })));
  await work();
  const runs = await db()
    .select({ runId: run.runId, depth: run.depth, status: run.status })
    .from(run)
    .where(eq(run.definitionId, "Ringing"))
    .orderBy(run.depth);
  expect(runs.map(({ depth }) => depth)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  // The last one is told, with the number, instead of its record starting nothing unseen; what it made is undone.
  expect(runs.map(({ status }) => status)).toEqual([...Array(9).fill("completed"), "error"]);
  const { steps } = await stateNow(runs[9]?.runId ?? "");
  expect(steps).toMatchObject([
    { errorElement: "Make", error: expect.stringContaining("10 times, the most that is allowed") },
  ]);
  const [made] = await db().select({ n: count() }).from(record).where(eq(record.objectName, "Ring"));
  expect(made?.n).toBe(10);
});
