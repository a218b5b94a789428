import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { job, run, wait } from "../../db/schema";
import { changePerson } from "../../lib/people/commands/change-person";
import { deleteRecord } from "../../lib/records/commands/delete-record";
import { saveRecord } from "../../lib/records/commands/save-record";
import { cancelRun } from "../../lib/runs/commands";
import { listRuns } from "../../lib/runs/queries/list-runs";
import { runPage } from "../../lib/runs/queries/run-page";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow, anEvaluationFlow } from "../builders/flows";
import { work } from "../builders/jobs";
import { again, asOpened } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
import { aRun, aTeamWithThings, commanded, started, stateNow } from "../builders/runs";

/** What must not be slept through, and what nobody may wait for unseen. */
const team = await aTeamWithThings();
const { ann, admin, boss } = team;
await anObject("Account", { Stage: { type: "text" } }, "edit");
await anObject("Order", { Of: { type: "lookup", options: { object: "Account" } } }, "edit");

const save = (object: string, id: string, values: object) =>
  commanded(ann, (tx) => saveRecord(tx, ann, { object, id, values: { ...values } }));
const drop = (object: string, id: string) => commanded(ann, (tx) => deleteRecord(tx, ann, { object, id }));
const statusOf = async (runId: string, name: string) =>
  (await stateNow(runId)).steps.findLast((step) => step.name === name)?.status;
const openWaits = (runId: string) =>
  db()
    .select()
    .from(wait)
    .where(and(eq(wait.runId, runId), isNull(wait.resolvedAt)));

/** An evaluation flow that says whether a path of its variables is "Won". */
const judge = (name: string, variables: object[], path: string, wanted = "Won") =>
  anEvaluationFlow(name, {
    variables: [...variables, { name: "isOrchestrationConditionMet", type: "boolean", isOutput: true, default: false }],
    start: "Is",
    elements: [
      {
        ...{ type: "decision", name: "Is", label: "Is", defaultNext: null },
        outcomes: [
          {
            ...{ name: "Yes", label: "Yes", next: "Say" },
            when: { requirements: [{ left: path, operator: "equals", right: { literal: wanted } }] },
          },
        ],
      },
      {
        ...{ type: "assignment", name: "Say", label: "Say", next: null },
        assignments: [{ variable: "isOrchestrationConditionMet", value: { literal: true } }],
      },
    ],
  });

/** A run about a new order of a new account, in which B waits for that entry condition. */
async function ordered(name: string, entry: object) {
  const account = await aRecord("Account", { Stage: "Open" }, ann);
  const recordId = await aRecord("Order", { Of: account }, ann);
  const { definitionId } = await activated(
    anOrchestration([aStage("S", [anInteractiveStep("A"), anInteractiveStep("B", { entry })])], {
      ...{ name, start: { type: "autolaunched", object: "Order", next: "S" } },
    }),
  );
  return { account, recordId, ...must(await started(ann, { definitionId, recordId, inputs: {} })) };
}

describe("an evaluation flow's question is asked again (A8)", () => {
  test("when a parent changes that its input is read from", async () => {
    await activated(judge("Stage_Won", [{ name: "stage", type: "text", isInput: true }], "stage"));
    const inputs = { stage: { ref: "$Record.Of.Stage" } };
    const { runId, account } = await ordered("Wakes1", { type: "evaluation_flow", flow: "Stage_Won", inputs });
    must(await save("Account", account, { Stage: "Won" }));
    await work();
    expect(await statusOf(runId, "B")).toBe("in_progress");
  });

  test("when a record changes that lies behind a lookup of what it was handed", async () => {
    await activated(
      judge("Account_Won", [{ name: "order", type: "record", object: "Order", isInput: true }], "order.Of.Stage"),
    );
    const inputs = { order: { ref: "$Record.Id" } };
    const { runId, account } = await ordered("Wakes2", { type: "evaluation_flow", flow: "Account_Won", inputs });
    must(await save("Account", account, { Stage: "Won" }));
    await work();
    expect(await statusOf(runId, "B")).toBe("in_progress");
  });

  test("when a person changes that it looks at", async () => {
    await activated(
      judge(
        "Is_Nora",
        [{ name: "order", type: "record", object: "Order", isInput: true }],
        "order.Owner.Manager.Name",
        "Nora New",
      ),
    );
    const inputs = { order: { ref: "$Record.Id" } };
    const { runId } = await ordered("Wakes3", { type: "evaluation_flow", flow: "Is_Nora", inputs });
    expect((await runPage(db(), admin, runId))?.waits?.objects).toContain("People");
    const now = await again(boss);
    const { userId, username, email, role } = now;
    const input = { userId, username, email, role, managerId: null, was: asOpened(now) };
    must(await commanded(admin, (tx) => changePerson(tx, admin, { ...input, name: "Nora New" })));
    await work();
    expect(await statusOf(runId, "B")).toBe("in_progress");
  });
});

describe("a run whose record was deleted", () => {
  const isWon = {
    type: "requirements",
    condition: { requirements: [{ left: "$Record.Of.Stage", operator: "equals", right: { literal: "Won" } }] },
  };
  const alone = async (name: string) => {
    const account = await aRecord("Account", { Stage: "Open" }, ann);
    const recordId = await aRecord("Order", { Of: account }, ann);
    const { definitionId } = await activated(
      anOrchestration([aStage("S", [anInteractiveStep("B", { entry: isWon })])], {
        ...{ name, start: { type: "autolaunched", object: "Order", next: "S" } },
      }),
    );
    return { account, recordId, ...must(await started(ann, { definitionId, recordId, inputs: {} })) };
  };

  test("is listed as stalled, with the reason", async () => {
    const { runId, recordId } = await alone("Gone1");
    expect((await stateNow(runId)).run.stalledSince).toBeNull();
    must(await drop("Order", recordId));
    await work();
    const { stalledReason } = (await stateNow(runId)).run;
    expect(stalledReason).toContain("$Record.Of.Stage");
    expect(await openWaits(runId)).toEqual([]);
    const list = await listRuns(db(), { status: "stalled" });
    expect(list.rows.map((row) => row.runId)).toContain(runId);
  });

  test("a parent that is gone is waited for no more; the record itself is", async () => {
    const { runId, recordId, account } = await alone("Gone2");
    must(await drop("Account", account));
    await work();
    expect((await openWaits(runId)).map((row) => row.recordId)).toEqual([recordId]);
    must(await save("Order", recordId, { Of: await aRecord("Account", { Stage: "Won" }, ann) }));
    await work();
    expect(await statusOf(runId, "B")).toBe("in_progress");
  });
});

describe("a flow that waits for a record that is deleted", () => {
  const onStatus = {
    ...{ type: "condition", name: "Closed", label: "Closed", object: "Thing", record: "recordId", next: "done" },
    condition: { requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: "Closed" } }] },
  };
  const onSave = {
    type: "record_change",
    name: "Saved",
    label: "Saved",
    object: "Thing",
    record: "recordId",
    next: "done",
  };
  const later = {
    ...{ type: "amount_of_time", name: "Later", label: "Later", unit: "days", next: "late" },
    amount: { literal: 2 },
  };
  const say = (word: string) => ({
    ...{ type: "assignment", name: word, label: word, next: null },
    assignments: [{ variable: "result", value: { literal: word } }],
  });
  const begun = async (name: string, events: object[], more: object = {}) => {
    const elements = [
      { type: "wait", name: "Wait", label: "Wait", events, ...more },
      ...["done", "late", "gone"].map(say),
    ].filter((element, at) => at === 0 || JSON.stringify({ events, more }).includes(`"${element.name}"`));
    await activated(aBackgroundFlow(name, { start: "Wait", elements }));
    const step = aBackgroundStep("Work", { flow: name, inputs: { recordId: { ref: "$Record.Id" } } });
    const found = await aRun(anOrchestration([aStage("S", [step])], { name: `Of${name}` }), ann, {
      values: { Status: "New" },
    });
    await work();
    expect(await openWaits(found.runId)).toHaveLength(events.length);
    return found;
  };

  test.each([
    ["a condition of it", "GoneCondition", onStatus],
    ["its next save", "GoneSave", onSave],
  ])("%s: the step errs and says so, instead of waiting for ever", async (_, name, event) => {
    const { runId, recordId } = await begun(name, [event]);
    must(await drop("Thing", recordId));
    await work();
    const { run: ended, steps } = await stateNow(runId);
    expect(ended.status).toBe("error");
    expect(steps).toMatchObject([{ error: expect.stringContaining("waits for a record that was deleted") }]);
    expect(await openWaits(runId)).toEqual([]);
  });

  test("takes the fault connector where there is one", async () => {
    const { runId, recordId } = await begun("GoneCaught", [onSave], { faultNext: "gone" });
    must(await drop("Thing", recordId));
    await work();
    expect((await stateNow(runId)).steps).toMatchObject([{ status: "completed", outputs: { result: "gone" } }]);
  });

  test("goes on waiting for what may still come", async () => {
    const { runId, recordId } = await begun("GoneOther", [onStatus, later]);
    must(await drop("Thing", recordId));
    await work();
    expect(await openWaits(runId)).toMatchObject([{ event: "Later" }]);
    expect(await statusOf(runId, "Work")).toBe("in_progress");
    must(await commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "over" })));
  });

  test("takes the save that came before", async () => {
    const { runId, recordId } = await begun("GoneAfter", [onSave]);
    must(await save("Thing", recordId, { Amount: 7 }));
    must(await drop("Thing", recordId));
    await work();
    expect((await stateNow(runId)).steps).toMatchObject([{ status: "completed", outputs: { result: "done" } }]);
  });
});

test("a flow that may not see the first of two saved records takes the second", async () => {
  await anObject("Hidden", {}, "none");
  const any = { type: "record_change", name: "Saved", label: "Saved", object: "Hidden", next: null };
  const elements = [{ type: "wait", name: "Wait", label: "Wait", events: [any] }];
  await activated(aBackgroundFlow("Sharing", { start: "Wait", elements, runMode: "system_with_sharing" }));
  const step = aBackgroundStep("Work", { flow: "Sharing" });
  const { runId } = await aRun(anOrchestration([aStage("S", [step])], { name: "OfSharing" }), ann);
  await work();
  const make = (who: typeof ann | "system") =>
    commanded(ann, (tx) => saveRecord(tx, who, { object: "Hidden", name: "One", values: {} }));
  must(await make(ann));
  expect(await statusOf(runId, "Work")).toBe("in_progress");
  must(await make("system"));
  await work();
  expect(await statusOf(runId, "Work")).toBe("completed");
});

test("every run that waits for a record is woken by its save, were there ten thousand and more", async () => {
  const entry = {
    type: "requirements",
    condition: { requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: "Go" } }] },
  };
  const { runId, recordId } = await aRun(
    anOrchestration([aStage("S", [anInteractiveStep("A"), anInteractiveStep("B", { entry })])], { name: "Many" }),
    ann,
  );
  // Copies of its row and wait stand for runs: what is looked at is whom the save leaves a job.
  const columns = await db().execute<{ name: string }>(
    sql`select column_name as name from information_schema.columns where table_name = 'run' and table_schema = 'public' and column_name <> 'run_id' and is_generated = 'NEVER'`,
  );
  const list = sql.join(
    columns.map(({ name }) => sql.identifier(name)),
    sql`, `,
  );
  const copied = sql`'run_copy' || lpad(n::text, 6, '0')`;
  await db().execute(
    sql`insert into run (run_id, ${list}) select ${copied}, ${list} from run, generate_series(1, 10050) n where run_id = ${runId}`,
  );
  await db().execute(sql`insert into wait (wait_id, run_id, kind, record_id, created_at)
    select 'wait_copy' || n, ${copied}, 'event', ${recordId}, clock_timestamp() from generate_series(1, 10050) n`);
  const copies = sql`run_id like 'run\\_copy%'`;
  try {
    must(await save("Thing", recordId, { Status: "Go" }));
    const [left] = await db()
      .select({ n: sql<number>`count(*)::int` })
      .from(job)
      .where(and(copies, eq(job.kind, "wake"), inArray(job.status, ["queued"])));
    expect(left?.n).toBe(10_050);
  } finally {
    for (const table of [job, wait, run]) await db().delete(table).where(copies);
  }
  await work();
  expect(await statusOf(runId, "B")).toBe("in_progress");
});
