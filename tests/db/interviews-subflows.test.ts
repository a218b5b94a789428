import { and, asc, eq } from "drizzle-orm";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import type { ClaimedJob } from "../../db/jobs";
import { history, interview, job, outbox, record, user } from "../../db/schema";
import { activate } from "../../lib/definitions/commands/activate";
import { deactivate } from "../../lib/definitions/commands/deactivate";
import type { Flow } from "../../lib/flow/definition";
import { registerAction } from "../../lib/interviews/action-registry";
import { sendEmail } from "../../lib/notify/send-email";
import type { Person } from "../../lib/people/current-person";
import { saveRecord } from "../../lib/records/commands/save-record";
import { verifyHistory } from "../../lib/runs/verify-history";
import { claimJobs } from "../../lib/worker/claim-jobs";
import { runFlow } from "../../lib/worker/run-flow";
import {
  aBackgroundStep,
  activated,
  aDraft,
  anInteractiveStep,
  anOrchestration,
  aStage,
} from "../builders/definitions";
import { aBackgroundFlow, aScreenFlow } from "../builders/flows";
import { anItem, opened } from "../builders/interviews";
import { never, work } from "../builders/jobs";
import { aPerson } from "../builders/people";
import { anObject, aRecord, commanded as inTransaction, must } from "../builders/records";
import { aRun, aTeam, aThingWorld, commanded, finished, started, stateNow, theItem } from "../builders/runs";

let ann: Person;
let admin: Person;
beforeAll(async () => {
  await aThingWorld();
  ({ ann, admin } = await aTeam());
});
afterEach(() => registerAction("send_email", sendEmail));

const recordId = { name: "recordId", type: "text", isInput: true };
const result = { name: "result", type: "text", isOutput: true };
const flow = (name: string, elements: readonly { name: string; [key: string]: unknown }[], more: object = {}): Flow =>
  aBackgroundFlow(name, { variables: [recordId, result], start: elements[0]?.name, elements, ...more });
const set = (name: string, template: string, next: string | null = null) => ({
  type: "assignment",
  name,
  label: name,
  assignments: [{ variable: "result", value: { template } }],
  next,
});
const call = (called: string, more: object = {}) => ({
  type: "subflow",
  name: `Call${called}`,
  label: `Call ${called}`,
  flow: called,
  inputs: { recordId: { ref: "recordId" } },
  outputs: { result: "result" },
  next: null,
  ...more,
});
const make = (thing: string, next: string | null, more: object = {}) => ({
  type: "create_records",
  name: `Make${thing}`,
  label: `Make ${thing}`,
  object: "Thing",
  values: { Name: { literal: thing } },
  next,
  ...more,
});
const mail = (name: string, next: string | null) => ({
  type: "action",
  name,
  label: name,
  action: "send_email",
  inputs: { to: { literal: "x@example.com" }, subject: { literal: name }, body: { literal: "b" } },
  next,
});
const oneStep = (name: string, more: { runAs?: { user: string }; inputs?: object } = {}) =>
  anOrchestration(
    [aStage("First", [aBackgroundStep("Work", { flow: name, inputs: { recordId: { ref: "$Record.Id" } }, ...more })])],
    { name: `Of${name}`, runAsAllowed: more.runAs ? [more.runAs.user] : [] },
  );
/** A run of one step with the last of these flows, done as far as it goes. */
async function done(...flows: readonly Flow[]) {
  await activated(...flows);
  const found = await aRun(oneStep(flows.at(-1)?.name ?? ""), ann);
  await work();
  return { ...found, ...(await stateNow(found.runId)) };
}
const things = (name: string) =>
  db()
    .select()
    .from(record)
    .where(and(eq(record.objectName, "Thing"), eq(record.name, name)));
const interviewOf = async (runId: string) => (await db().select().from(interview).where(eq(interview.runId, runId)))[0];

describe("a subflow", () => {
  test("gets its inputs and gives its outputs, in a commit of its own", async () => {
    const inner = flow("Inner", [set("Say", "for {!recordId}")]);
    const outer = flow("Outer", [call("Inner", { next: "After" }), set("After", "{!result}, done")]);
    const { steps, recordId: id } = await done(inner, outer);
    expect(steps).toMatchObject([
      { status: "completed", isAsynchronous: true, outputs: { result: `for ${id}, done` } },
    ]);
  });

  test("that fails fails its caller, and says in which flow", async () => {
    const broken = flow("Broken", [
      {
        type: "update_records",
        name: "Change",
        label: "Change it",
        object: "Thing",
        record: "result",
        values: {},
        next: null,
      },
    ]);
    const { runId, steps } = await done(broken, flow("Caller", [call("Broken")]));
    const error = "Broken: Change it has no record to change: result is empty.";
    expect(steps).toMatchObject([{ status: "error", error, errorElement: "CallBroken" }]);
    expect(await interviewOf(runId)).toMatchObject({ status: "failed", error });
  });

  test("goes on in the version that it was begun in, though another became active meanwhile", async () => {
    const waits = {
      type: "wait",
      name: "Wait",
      label: "Wait",
      events: [
        { type: "record_change", name: "Saved", label: "Saved", object: "Thing", record: "recordId", next: "Say" },
      ],
    };
    await activated(flow("Pinned", [waits, set("Say", "old")]), flow("Pinner", [call("Pinned")]));
    const { runId, recordId: id } = await aRun(oneStep("Pinner"), ann);
    await work();
    expect(await interviewOf(runId)).toMatchObject({
      status: "waiting",
      state: { at: "CallPinned", sub: { flow: "Pinned", version: 1, state: { at: "Wait" } } },
    });
    await activated(flow("Pinned", [set("Say", "new")]));
    must(await commanded(ann, (tx) => saveRecord(tx, ann, { object: "Thing", id, values: { Amount: 1 } })));
    await work();
    expect((await stateNow(runId)).steps).toMatchObject([{ outputs: { result: "old" } }]);
    expect((await done(flow("Again", [call("Pinned")]))).steps).toMatchObject([{ outputs: { result: "new" } }]);
  });

  test("that is not active any more takes the fault connector", async () => {
    await activated(
      flow("Leaving", [set("Say", "here")]),
      flow("Left", [call("Leaving", { faultNext: "Tell" }), set("Tell", "{!$Flow.FaultMessage}")]),
    );
    must(await inTransaction((tx) => deactivate(tx, admin, { name: "Leaving", force: true })));
    const { runId } = await aRun(oneStep("Left"), ann);
    await work();
    expect((await stateNow(runId)).steps).toMatchObject([
      { outputs: { result: "No version of the autolaunched flow Leaving is active." } },
    ]);
  });

  test("works within a screen flow, in the transaction of its screen", async () => {
    const asking = aScreenFlow("Asking", {
      start: "CallSaid",
      elements: [
        call("Said", { next: "Screen" }),
        {
          type: "screen",
          name: "Screen",
          label: "Screen",
          fields: [{ name: "shown", type: "display_text", label: "{!result}" }],
          next: null,
        },
      ],
      variables: [recordId, result],
    });
    await activated(
      flow("Said", [set("Say", "hello")]),
      asking,
      anOrchestration([aStage("First", [anInteractiveStep("Ask", { flow: "Asking" })])], { name: "OfAsking" }),
    );
    const id = await aRecord("Thing", { Name: "Asked", Owner: ann.userId }, ann);
    const { workItemId } = await anItem(ann, { definition: "OfAsking", recordId: id, label: "Ask" });
    expect(must(await opened(ann, workItemId))).toMatchObject({ screen: { fields: [{ label: "hello" }] } });
  });
});

describe("called flows", () => {
  const problems = async (name: string) => {
    const draft = await aDraft(flow(name, [call("Ring2")]));
    const refused = await inTransaction((tx) => activate(tx, admin, draft));
    return refused.ok ? [] : (refused.refusal.problems ?? []);
  };
  test("in a circle are refused at activation", async () => {
    await activated(flow("Ring1", [set("Say", "x")]), flow("Ring2", [call("Ring1")]));
    expect(await problems("Ring1")).toEqual([
      { path: "elements[0].flow", message: "the flows Ring1 → Ring2 → Ring1 call one another in a circle" },
    ]);
  });

  test("deeper than ten are refused at activation, and at run time where they became so", async () => {
    await activated(flow("D1", [set("Say", "deep")]));
    for (let depth = 2; depth <= 10; depth++) await activated(flow(`D${depth}`, [call(`D${depth - 1}`)]));
    expect((await done(flow("D10", [call("D9")]))).steps).toMatchObject([{ outputs: { result: "deep" } }]);
    const draft = await aDraft(flow("D11", [call("D10")]));
    expect(await inTransaction((tx) => activate(tx, admin, draft))).toMatchObject({
      refusal: { problems: [{ message: "flows call one another 11 deep; at most 10 are allowed" }] },
    });
    await activated(flow("D0", [set("Say", "deeper")]), flow("D1", [call("D0")]));
    const { runId } = await aRun(oneStep("D10"), ann);
    await work();
    expect((await stateNow(runId)).steps).toMatchObject([
      {
        status: "error",
        error: expect.stringContaining("Flows may call one another at most 10 deep; D0 would be too deep."),
      },
    ]);
  });

  test("cannot be deactivated while an active flow calls them", async () => {
    await activated(flow("Needed", [set("Say", "x")]), flow("Needs", [call("Needed")]));
    expect(await inTransaction((tx) => deactivate(tx, admin, { name: "Needed", force: false }))).toMatchObject({
      refusal: { code: "flow-in-use", problems: [{ path: "Needs" }] },
    });
  });
});

describe("a handled fault", () => {
  test("does not undo what was already written, and undoes what the failing element wrote", async () => {
    registerAction("send_email", async (tx, told) => {
      must(await sendEmail(tx, told));
      return { ok: false, refusal: { code: "no-recipient", details: { to: "x" } } };
    });
    const { runId, steps } = await done(
      flow("Handled", [
        make("kept", "Mail"),
        { ...mail("Mail", null), faultNext: "Tell" },
        set("Tell", "{!$Flow.FaultMessage}"),
      ]),
    );
    expect(steps).toMatchObject([{ status: "completed", outputs: { result: expect.stringMatching(/^Mail: /) } }]);
    expect(await things("kept")).toHaveLength(1);
    expect(await db().select().from(outbox).where(eq(outbox.runId, runId))).toEqual([]);
  });

  test("in a called flow is its caller's to handle; what that flow wrote stays", async () => {
    const inner = flow("Writes", [
      make("inner", "Bad"),
      { ...make("Bad", null), name: "Bad", values: { Name: { literal: "" } } },
    ]);
    const outer = flow("Handles", [call("Writes", { faultNext: "Tell" }), set("Tell", "{!$Flow.FaultMessage}")]);
    const { steps } = await done(inner, outer);
    expect(steps).toMatchObject([
      { status: "completed", outputs: { result: expect.stringMatching(/^Writes: Make Bad: /) } },
    ]);
    expect(await things("inner")).toHaveLength(1);
  });

  test("an unhandled one undoes all of its commit", async () => {
    const { steps } = await done(
      flow("Unhandled", [
        make("gone", "Bad"),
        { ...make("Bad", null), name: "Bad", values: { Name: { literal: "" } } },
      ]),
    );
    expect(steps).toMatchObject([{ status: "error", errorElement: "Bad" }]);
    expect(await things("gone")).toEqual([]);
  });
});

test("a flow killed between two commits goes on at its last element, within its called flow", async () => {
  const inner = flow("Posts", [mail("One", "MakeOnce"), make("Once", "Two"), mail("Two", null)]);
  await activated(inner, flow("Outside", [call("Posts")]));
  const { runId } = await aRun(oneStep("Outside"), ann);
  let calls = 0;
  registerAction("send_email", async (tx, told) => {
    const sent = await sendEmail(tx, told);
    if (++calls === 2) throw new Error("the power went out");
    return sent;
  });
  const claim = async (): Promise<ClaimedJob> => {
    const [claimed] = await claimJobs(1);
    if (!claimed) throw new Error("no job is due");
    return claimed;
  };
  const first = await claim();
  await expect(runFlow(first, never)).rejects.toThrow("the power went out");
  await db()
    .update(job)
    .set({ leaseUntil: new Date(0) })
    .where(eq(job.jobId, first.jobId));
  await runFlow(await claim(), never);
  const mails = await db()
    .select({ content: outbox.content })
    .from(outbox)
    .where(eq(outbox.runId, runId))
    .orderBy(asc(outbox.createdAt));
  expect(mails.map(({ content }) => (content as { subject: string }).subject)).toEqual(["One", "Two"]);
  expect(await things("Once")).toHaveLength(1);
  expect((await stateNow(runId)).run.status).toBe("completed");
});

describe("deleting records in a flow", () => {
  test("deletes what filters find, as the flow's own access allows", async () => {
    for (const name of ["Old", "Old", "New"]) await aRecord("Thing", { Name: name, Status: name }, ann);
    const remove = {
      type: "delete_records",
      name: "Delete",
      label: "Delete",
      object: "Thing",
      where: [{ field: "Status", operator: "equals", value: { literal: "Old" } }],
      next: null,
    };
    const { steps } = await done(flow("Cleans", [remove]));
    expect(steps).toMatchObject([{ status: "completed" }]);
    expect([(await things("Old")).length, (await things("New")).length]).toEqual([0, 1]);
  });

  test("as a user deletes only what is theirs", async () => {
    const other = await aPerson({ name: "Otto Other" });
    const theirs = await aRecord("Thing", { Name: "Theirs" }, other);
    const remove = {
      type: "delete_records",
      name: "Delete",
      label: "Delete",
      object: "Thing",
      record: "recordId",
      next: null,
    };
    await activated(
      flow("Removes", [remove], { runMode: "user" }),
      oneStep("Removes", { runAs: { user: ann.username } }),
    );
    const run = await aRun(oneStep("Removes", { runAs: { user: ann.username } }), other);
    await work();
    expect((await stateNow(run.runId)).steps).toMatchObject([
      { status: "error", error: expect.stringContaining("may not change it") },
    ]);
    expect(await things("Theirs")).toMatchObject([{ recordId: theirs }]);
  });
});

describe("publishing a Flow Orchestration Event", () => {
  test("wakes the run that it names, whose history says which flow did, also when it has ended", async () => {
    await activated(aScreenFlow());
    const waiting = await aRun(
      anOrchestration([aStage("First", [anInteractiveStep("Wait")])], { name: "Sleeper" }),
      ann,
    );
    const publish = {
      type: "create_records",
      name: "Publish",
      label: "Publish",
      object: "FlowOrchestrationEvent",
      values: { OrchestrationInstanceId: { literal: waiting.runId } },
      next: null,
    };
    const { runId, steps } = await done(flow("Publishes", [publish]));
    expect(steps).toMatchObject([{ status: "completed" }]);
    const published = async () =>
      (
        await db()
          .select({ payload: history.payload })
          .from(history)
          .where(and(eq(history.runId, waiting.runId), eq(history.type, "run-woken")))
      ).map(({ payload }) => payload);
    expect(await published()).toMatchObject([{ cause: { type: "flow", flow: "Publishes", runId } }]);
    must(await finished(ann, (await theItem(waiting.runId)).workItemId));
    expect((await done(flow("PublishesLate", [publish]))).steps).toMatchObject([{ status: "completed" }]);
    expect(await published()).toMatchObject([{}, { cause: { type: "flow", flow: "PublishesLate" } }]);
    expect(await verifyHistory(db())).toEqual([]);
  });

  test("for a run that is not there fails the element", async () => {
    const publish = {
      type: "create_records",
      name: "Publish",
      label: "Publish",
      object: "FlowOrchestrationEvent",
      values: { OrchestrationInstanceId: { literal: "run_nowhere" } },
      next: null,
    };
    expect((await done(flow("Lost", [publish]))).steps).toMatchObject([
      { status: "error", error: "Publish: there is no such run to wake." },
    ]);
  });
});

describe("the running context", () => {
  const look = {
    type: "assignment",
    name: "Look",
    label: "Look",
    assignments: [{ variable: "result", value: { template: "{!theThing.Name}" } }],
    next: null,
  };
  const theThing = { name: "theThing", type: "record", object: "Thing", isInput: true };
  const looking = (name: string, more: object = {}) => flow(name, [look], { variables: [theThing, result], ...more });
  const looked = async (name: string, step: { runAs?: { user: string } }, id: string) => {
    const inputs = { theThing: { literal: id } };
    const found = await aRun(oneStep(name, { inputs, ...step }), ann);
    await work();
    return (await stateNow(found.runId)).steps[0];
  };

  test("of the system may touch no object that the flow does not name (S34)", async () => {
    await anObject("Payroll", { Secret: { type: "text" } });
    const payroll = await aRecord("Payroll", { Name: "May", Secret: "4,200" }, ann);
    await activated(looking("Looks"));
    expect(await looked("Looks", {}, payroll)).toMatchObject({
      status: "error",
      error: expect.stringContaining("reads a record of Payroll, which none of its elements and variables names"),
    });
  });

  test("of a user reads no more than that user may (S33)", async () => {
    await anObject("Diary", {}, "none");
    const owner = await aPerson({ name: "Olga Owner" });
    const other = await aPerson({ name: "Otto Outsider" });
    const diary = await aRecord("Diary", { Name: "Mine" }, owner);
    const of = { ...theThing, object: "Diary" };
    await activated(
      looking("Reads", {
        variables: [of, result],
      }),
    );
    const as = (person: Person) => looked("Reads", { runAs: { user: person.username } }, diary);
    expect((await as(owner))?.outputs).toEqual({ result: "Mine" });
    expect((await as(other))?.outputs).toEqual({ result: "" });
    expect((await looked("Reads", {}, diary))?.outputs).toEqual({ result: "Mine" });
  });

  test("of somebody who has left is an error, and falls back to nobody's", async () => {
    const leaver = await aPerson({ name: "Lea Leaver" });
    await activated(flow("Stays", [set("Say", "x")]), oneStep("Stays", { runAs: { user: leaver.username } }));
    await db().update(user).set({ active: false }).where(eq(user.userId, leaver.userId));
    const id = await aRecord("Thing", { Name: "Left" }, ann);
    const { runId } = must(await started(ann, { definitionId: "OfStays", recordId: id, inputs: {} }));
    expect((await stateNow(runId)).steps).toMatchObject([
      { status: "error", error: "The flow is to run as somebody who is not active any more." },
    ]);
  });
});
