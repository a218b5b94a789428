import { and, asc, eq } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { type ClaimedJob, JobLost } from "../../db/jobs";
import { interview, job, outbox, record, run, stepRun } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { runCommand } from "../../lib/command";
import { newId } from "../../lib/ids";
import { registerAction } from "../../lib/interviews/action-registry";
import { evaluateFlow } from "../../lib/interviews/evaluate-flow";
import { runBackgroundFlow } from "../../lib/interviews/run-background-flow";
import { stepBackgroundFlow } from "../../lib/interviews/step-background-flow";
import { readBackground } from "../../lib/interviews/store-interview";
import type { Value } from "../../lib/logic/value";
import { sendEmail } from "../../lib/notify/send-email";
import type { Person } from "../../lib/people/current-person";
import { dispatch } from "../../lib/runs/dispatch";
import { holdRun } from "../../lib/runs/hold-run";
import { startRun } from "../../lib/runs/start";
import { claimJobs } from "../../lib/worker/claim-jobs";
import { runFlow } from "../../lib/worker/run-flow";
import { aBackgroundStep, activated, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow, anEvaluationFlow } from "../builders/flows";
import { aPerson } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";

let ada: Person;
let admin: Person;
let thing: string;

const recordId = { name: "recordId", type: "text", isInput: true };
const result = { name: "result", type: "text", isOutput: true };
const theThing = { name: "theThing", type: "record", object: "Thing" };
const create = (name: string, thingName: string, next: string | null) => ({
  type: "create_records",
  name,
  label: name,
  object: "Thing",
  values: { Name: { literal: thingName } },
  next,
});
const mail = (name: string, next: string | null) => ({
  type: "action",
  name,
  label: name,
  action: "send_email",
  next,
  inputs: {
    to: { ref: "theThing.Owner.Email" },
    subject: { literal: name },
    body: { template: "About {!theThing.Name}" },
  },
});
const find = (next: string) => ({
  type: "get_records",
  name: "Find",
  label: "Find",
  object: "Thing",
  where: [{ field: "Id", operator: "equals", value: { ref: "recordId" } }],
  into: "theThing",
  next,
});
const rename = (next: string | null) => ({
  type: "update_records",
  name: "Rename",
  label: "Rename it",
  object: "Thing",
  record: "theThing",
  values: { Code: { literal: "changed" } },
  next,
});
const given = { inputs: { recordId: { ref: "$Record.Id" } } };
const flow = (name: string, elements: { name: string }[], more: object = {}) =>
  aBackgroundFlow(name, { variables: [recordId, result, theThing], start: elements[0]?.name, elements, ...more });
const oneStep = (name: string, flowName: string) =>
  anOrchestration([aStage("First", [aBackgroundStep("Work", { flow: flowName, ...given })])], { name, label: name });

beforeAll(async () => {
  [ada, admin] = [await aPerson({ name: "Ada" }), await aPerson({ role: "admin" })];
  await anObject("Thing", { Code: { type: "text" }, Amount: { type: "number" } });
  await activated(
    flow("Plain", [create("Make", "made by Plain", "Find"), find("Rename"), rename(null)]),
    flow("Failing", [create("Make", "made by Failing", "Rename"), rename(null)]),
    flow("Chain", [
      find("First"),
      mail("First", "Make"),
      create("Make", "made by Chain", "Second"),
      mail("Second", null),
    ]),
    flow("Shared", [find("Rename"), rename(null)], { runMode: "system_with_sharing" }),
    anEvaluationFlow(),
    oneStep("Simple", "Plain"),
    oneStep("Fails", "Failing"),
    oneStep("Mails", "Chain"),
    oneStep("Shares", "Shared"),
  );
});

const things = (name: string) =>
  db()
    .select()
    .from(record)
    .where(and(eq(record.objectName, "Thing"), eq(record.name, name)));

const start = async (definitionId: string) =>
  must(
    await runCommand({ kind: "start", actorId: ada.userId }, (tx) =>
      startRun(tx, ada, { definitionId, recordId: thing, inputs: {} }),
    ),
  ).runId;
const runOf = async (runId: string) => (await db().select().from(run).where(eq(run.runId, runId)))[0];
const stepOf = async (runId: string) => (await db().select().from(stepRun).where(eq(stepRun.runId, runId)))[0];
const interviewOf = async (runId: string) => (await db().select().from(interview).where(eq(interview.runId, runId)))[0];
const mailsOf = async (runId: string) =>
  (
    await db()
      .select()
      .from(outbox)
      .where(and(eq(outbox.runId, runId), eq(outbox.kind, "flow")))
      .orderBy(asc(outbox.createdAt))
  ).map(({ content }) => (content as { subject: string }).subject);

beforeEach(async () => {
  thing = await aRecord("Thing", { Name: "Laptop", Owner: ada.userId });
});
afterEach(async () => {
  registerAction("send_email", sendEmail);
  await db().delete(record).where(eq(record.name, "made by Chain"));
});

describe("a synchronous background flow", () => {
  test("runs to its end in the transaction that starts its step", async () => {
    const runId = await start("Simple");
    expect(await runOf(runId)).toMatchObject({ status: "completed" });
    // It never stopped on its way: what it gave is on its step, and there is nothing to carry on.
    expect(await interviewOf(runId)).toBeUndefined();
    expect(await things("made by Plain")).toMatchObject([{ createdBy: "usr_automated" }]);
    expect((await things("Laptop")).find((row) => row.recordId === thing)?.data).toMatchObject({ Code: "changed" });
  });

  test("that fails undoes what it wrote, fails its step, and says where and why", async () => {
    const runId = await start("Fails");
    const error = "Rename it has no record to change: theThing is empty.";
    expect(await runOf(runId)).toMatchObject({ status: "error" });
    expect(await stepOf(runId)).toMatchObject({ status: "error", error, errorElement: "Rename" });
    expect(await interviewOf(runId)).toMatchObject({ status: "failed", error, errorElement: "Rename" });
    expect(await things("made by Failing")).toEqual([]);
  });

  test("with sharing reads and changes no more than the automated process user may", async () => {
    const runId = await start("Shares");
    expect(await stepOf(runId)).toMatchObject({
      status: "error",
      errorElement: "Rename",
      error: expect.stringContaining("theThing is empty"),
    });
  });

  test("of a version that is not there fails with a sentence", async () => {
    const call = {
      flow: { name: "Gone", version: 1 },
      runId: newId("run"),
      stepRunId: newId("stepRun"),
      inputs: {},
      runAs: null,
    };
    const ended = await transaction({ commandId: newId("command"), actorId: null }, (tx) =>
      runBackgroundFlow(tx, call),
    );
    expect(ended).toEqual({ ok: false, error: "There is no version 1 of the flow Gone.", element: null });
  });
});

describe("an asynchronous background flow", () => {
  const claim = async (): Promise<ClaimedJob> => {
    const [claimed] = await claimJobs(1);
    if (!claimed) throw new Error("no job is due");
    return claimed;
  };
  const onward = new AbortController().signal;
  /** As if the worker were gone: its lease has run out. */
  const die = ({ jobId }: ClaimedJob) =>
    db()
      .update(job)
      .set({ leaseUntil: new Date(0) })
      .where(eq(job.jobId, jobId));
  const callOf = ({ runId, stepRunId, jobId, payload }: ClaimedJob) => ({
    runId: runId ?? "",
    stepRunId: stepRunId ?? "",
    jobId,
    begins: {
      name: (payload as { flow: string }).flow,
      version: (payload as { version: number }).version,
      runAs: null,
    },
    happening: null,
  });
  const oneCommit = (claimed: ClaimedJob) =>
    transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
      const call = callOf(claimed);
      const held = await holdRun(tx, call);
      const step = held?.state.steps.find(({ id }) => id === call.stepRunId);
      return stepBackgroundFlow(tx, call, { step, before: await readBackground(tx, call.stepRunId) });
    });

  test("commits at each action and at its end", async () => {
    const runId = await start("Mails");
    const claimed = await claim();
    expect(await oneCommit(claimed)).toEqual({ type: "more" });
    expect([await mailsOf(runId), (await things("made by Chain")).length]).toEqual([[], 0]);
    expect(await oneCommit(claimed)).toEqual({ type: "more" });
    expect([await mailsOf(runId), (await things("made by Chain")).length]).toEqual([["First"], 1]);
    expect((await runOf(runId))?.status).toBe("in_progress");
    await runFlow(claimed, onward);
    expect([await mailsOf(runId), (await things("made by Chain")).length]).toEqual([["First", "Second"], 1]);
    expect(await runOf(runId)).toMatchObject({ status: "completed" });
  });

  test("resumed after a crash repeats no element that was committed", async () => {
    const runId = await start("Mails");
    const first = await claim();
    let calls = 0;
    registerAction("send_email", async (tx, call) => {
      const done = await sendEmail(tx, call);
      if (++calls === 2) throw new Error("the power went out");
      return done;
    });
    await expect(runFlow(first, onward)).rejects.toThrow("the power went out");
    expect([await mailsOf(runId), (await things("made by Chain")).length]).toEqual([["First"], 1]);
    await die(first);
    const second = await claim();
    expect(second).toMatchObject({ jobId: first.jobId, fence: first.fence + 1 });
    await runFlow(second, onward);
    expect([await mailsOf(runId), (await things("made by Chain")).length]).toEqual([["First", "Second"], 1]);
    expect(await runOf(runId)).toMatchObject({ status: "completed" });
    await expect(runFlow(first, onward)).rejects.toThrow(JobLost);
    expect(await mailsOf(runId)).toEqual(["First", "Second"]);
  });

  test("stops where its run was cancelled, and writes nothing more", async () => {
    const runId = await start("Mails");
    const claimed = await claim();
    await oneCommit(claimed);
    must(
      await runCommand({ kind: "cancel", actorId: admin.userId }, (tx) =>
        dispatch(tx, admin, { runId, command: { type: "cancel", reason: "not needed" } }),
      ),
    );
    expect(await oneCommit(claimed)).toEqual({ type: "stopped" });
    await runFlow(claimed, onward);
    expect([await mailsOf(runId), (await things("made by Chain")).length]).toEqual([[], 0]);
  });

  test("stops where an admin failed its step while the run was suspended, and writes nothing more", async () => {
    const runId = await start("Mails");
    const claimed = await claim();
    await oneCommit(claimed);
    const stepRunId = (await stepOf(runId))?.stepRunId ?? "";
    const told = (command: Parameters<typeof dispatch>[2]["command"]) =>
      runCommand({ kind: "control", actorId: admin.userId }, (tx) => dispatch(tx, admin, { runId, command }));
    must(await told({ type: "suspend", reason: "audit" }));
    must(await told({ type: "fail-step", stepRunId, reason: "hopeless" }));
    await runFlow(claimed, onward);
    expect([await mailsOf(runId), (await things("made by Chain")).length]).toEqual([[], 0]);
    must(await told({ type: "resume", reason: "go on" }));
    expect(await stepOf(runId)).toMatchObject({ status: "error", error: "hopeless" });
  });

  test("whose action is refused undoes what belongs to that commit, and fails its step there", async () => {
    const runId = await start("Mails");
    let calls = 0;
    registerAction("send_email", (tx, call) =>
      ++calls === 2
        ? Promise.resolve({ ok: false, refusal: { code: "no-recipient", details: { to: "x" } } })
        : sendEmail(tx, call),
    );
    await runFlow(await claim(), onward);
    expect(await stepOf(runId)).toMatchObject({ status: "error", errorElement: "Second" });
    expect([await mailsOf(runId), (await things("made by Chain")).length]).toEqual([["First"], 1]);
  });
});

describe("an evaluation flow", () => {
  const asked = (name: string, inputs: { [name: string]: Value }) =>
    transaction({ commandId: newId("command"), actorId: null }, (tx) => evaluateFlow(tx, { flow: name, inputs }));

  test("answers true or false, and leaves no trace", async () => {
    const before = await db().select().from(interview);
    expect(await asked("Judge", { answer: true })).toEqual({ ok: true, met: true });
    expect(await asked("Judge", { answer: null })).toEqual({ ok: true, met: false });
    expect(await db().select().from(interview)).toHaveLength(before.length);
  });

  test("that is none, or not there, or given the wrong input, says so", async () => {
    expect(await asked("Gone", {})).toEqual({ ok: false, error: "No version of the evaluation flow Gone is active." });
    expect(await asked("Plain", {})).toEqual({ ok: false, error: "Plain is no evaluation flow." });
    expect(await asked("Judge", { answer: "yes" })).toEqual({
      ok: false,
      error: "The flow cannot start: answer takes true or false.",
    });
  });
});
