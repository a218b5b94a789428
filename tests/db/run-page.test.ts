import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { requestApproval } from "../../lib/approvals/commands";
import { recallSubmission } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { saveRecord } from "../../lib/records/commands/save-record";
import { cancelRun, controlRun, goToStage } from "../../lib/runs/commands";
import { runPage } from "../../lib/runs/queries/run-page";
import { itemDetail } from "../../lib/work/queries/item-detail";
import {
  aBackgroundStep,
  activated,
  anApprovalProcess,
  anInteractiveStep,
  anOrchestration,
  aStage,
} from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { aPerson } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
import { aRun, aTeamWithThings, commanded, finished, started, stateNow, theItem } from "../builders/runs";

let ann: Person;
let boss: Person;
let admin: Person;

beforeAll(async () => {
  ({ ann, boss, admin } = await aTeamWithThings());
});

const pageOf = async (runId: string, person: Person = admin) => {
  const page = await runPage(db(), person, runId);
  if (!page) throw new Error(`${person.name} may not see ${runId}`);
  return page;
};
const to = (person: Person) => ({ assignee: { type: "user", value: { literal: person.username } } });
const control = (runId: string, command: Parameters<typeof controlRun>[2]["command"]) =>
  commanded(admin, (tx) => controlRun(tx, admin, { runId, command }));

describe("whose a run's page is", () => {
  test("its starter's, managers' and admins'; nobody's for having work in it, open or done", async () => {
    const [worker, next] = [await aPerson(), await aPerson()];
    const inTurn = [
      anInteractiveStep("Work", to(worker)),
      anInteractiveStep("More", {
        ...to(next),
        entry: {
          type: "requirements",
          condition: {
            logic: "all",
            requirements: [{ left: "Work.Status", operator: "equals", right: { literal: "Completed" } }],
          },
        },
      }),
    ];
    const { runId, recordId } = await aRun(anOrchestration([aStage("Only", inTurn)], { name: "Seen_by" }), ann);
    const { workItemId } = await theItem(runId);
    const mayOpen = async () =>
      Promise.all(
        [ann, boss, admin, worker, next].map(async (person) => (await runPage(db(), person, runId)) !== null),
      );
    expect(await mayOpen()).toEqual([true, true, true, false, false]);
    expect(await itemDetail(db(), worker, workItemId)).toMatchObject({ maySeeRun: false, mayOpenRecord: true });
    must(await finished(worker, workItemId));
    expect(await mayOpen()).toEqual([true, true, true, false, false]);
    expect(await itemDetail(db(), worker, workItemId)).toMatchObject({ maySeeRun: false, closed: {} });
    expect(await itemDetail(db(), ann, workItemId)).toMatchObject({ maySeeRun: true });
    expect(await pageOf(runId)).toMatchObject({ mayOpenRecord: true, run: { record: { id: recordId } } });
  });

  test("links its record only for those who may open that; what they finished is told without it", async () => {
    await anObject("Kept", { Note: { type: "text" } });
    const worker = await aPerson();
    const { definitionId } = await activated(
      anOrchestration([aStage("Only", [anInteractiveStep("Work", to(worker))])], {
        name: "Hidden_about",
        start: { type: "autolaunched", object: "Kept", next: "Only" },
      }),
    );
    const recordId = await aRecord("Kept", {}, ann);
    const { runId } = must(await started(ann, { definitionId, recordId, inputs: {} }));
    const { workItemId } = await theItem(runId);
    expect(await itemDetail(db(), worker, workItemId)).toMatchObject({ mayOpenRecord: true });
    must(await finished(worker, workItemId));
    expect(await itemDetail(db(), worker, workItemId)).toMatchObject({ mayOpenRecord: false });
    must(
      await commanded(admin, (tx) =>
        saveRecord(tx, admin, { object: "Kept", id: recordId, values: { Owner: boss.userId } }),
      ),
    );
    expect(await pageOf(runId, ann)).toMatchObject({ mayOpenRecord: false });
  });
});

describe("what a run's page offers", () => {
  test("is what is possible now, and to admins alone", async () => {
    const { runId } = await aRun(
      anOrchestration(
        [
          aStage("One", [anInteractiveStep("Work", to(ann))], { next: "Two" }),
          aStage("Two", [anInteractiveStep("More", to(ann))]),
        ],
        {
          name: "Offered",
        },
      ),
      ann,
    );
    expect((await pageOf(runId)).control).toMatchObject({
      mayCancel: true,
      maySuspend: true,
      mayResume: false,
      retry: null,
      goTo: { leaves: { label: "One", steps: ["Work"] } },
      steps: [{ label: "Work", maySkip: true, mayFail: true }],
      items: [{ label: "Work", assignee: { name: "Ann Asks" } }],
    });
    expect((await pageOf(runId, boss)).control).toMatchObject({
      ...{ mayCancel: false, maySuspend: false, mayResume: false, retry: null, goTo: null, steps: [] },
      items: [{ label: "Work" }],
    });
    expect((await pageOf(runId, ann)).control).toMatchObject({ mayCancel: false, steps: [], items: [] });

    must(await control(runId, { type: "suspend", reason: "wait a moment" }));
    expect((await pageOf(runId)).control).toMatchObject({
      mayResume: true,
      maySuspend: false,
      goTo: null,
      mayCancel: true,
    });
    must(await commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "no more" })));
    expect((await pageOf(runId)).control).toMatchObject({
      ...{ mayCancel: false, mayResume: false, maySuspend: false, retry: null, goTo: null, steps: [], items: [] },
    });
  });

  test("for a run that failed are the steps that are tried again, with their inputs as they were", async () => {
    const { runId, recordId } = await aRun(
      anOrchestration(
        [
          aStage("Only", [
            anInteractiveStep("Bad", { ...to(ann), inputs: { recordId: { ref: "$Record.Id" } } }),
            anInteractiveStep("Other", to(ann)),
          ]),
        ],
        { name: "Failing" },
      ),
      ann,
    );
    const [bad] = (await stateNow(runId)).steps;
    must(await control(runId, { type: "fail-step", stepRunId: bad?.id ?? "", reason: "wrong number" }));
    const page = await pageOf(runId);
    expect(page.control.retry).toMatchObject({
      of: "failed",
      steps: [
        {
          name: "Bad",
          areKept: true,
          isAnswered: false,
          inputs: [{ name: "recordId", kind: "text", value: recordId }],
        },
        { name: "Other" },
      ],
    });
    expect(page.control.steps).toEqual([]);
    expect(page.control.goTo?.leaves).toBeNull();
  });
});

describe("what a run's page tells", () => {
  test("names the fault path that was taken, and who went to which stage why", async () => {
    const { runId } = await aRun(
      anOrchestration(
        [
          aStage("First", [anInteractiveStep("Work", to(ann))], { faultNext: "Mend" }),
          aStage("Mend", [anInteractiveStep("Repair", to(ann))]),
        ],
        { name: "Faulty" },
      ),
      ann,
    );
    const [step] = (await stateNow(runId)).steps;
    must(await control(runId, { type: "fail-step", stepRunId: step?.id ?? "", reason: "it broke" }));
    must(await commanded(admin, (tx) => goToStage(tx, admin, { runId, stage: "First", reason: "once more" })));
    const page = await pageOf(runId);
    expect(page.run.faultMessage).toContain("it broke");
    expect(page.stages).toMatchObject([
      {
        name: "First",
        onError: { to: "Mend", isTaken: true },
        rounds: [
          { round: 1, because: null },
          { round: 2, because: "Ada Admin went there" },
        ],
      },
      { name: "Mend", onError: null, next: "End", rounds: [{ because: "on error of “First”" }] },
    ]);
    const told = page.events.map(({ title, subject, comments }) => [title, subject, comments]);
    expect(told).toContainEqual(["Fault path taken after", "First", "“Work” failed: it broke"]);
    expect(told).toContainEqual(["Go To Stage", "First", "once more"]);
  });

  test("says what was skipped and why, and how long what ended had taken", async () => {
    const { runId } = await aRun(
      anOrchestration([aStage("S", [anInteractiveStep("Work", to(ann))])], { name: "Skipped" }),
      ann,
    );
    const [step] = (await stateNow(runId)).steps;
    must(
      await control(runId, {
        type: "skip-step",
        stepRunId: step?.id ?? "",
        reason: "not needed",
        outputs: { comment: "none" },
      }),
    );
    const page = await pageOf(runId);
    expect(page.stages[0]?.steps[0]?.run).toMatchObject({
      status: "completed",
      skipReason: "not needed",
      outputs: { comment: "none" },
    });
    const skipped = page.events.find(({ milestone }) => milestone === "skip_step");
    expect(skipped).toMatchObject({
      title: "Skip Step",
      subject: "Work",
      comments: "not needed",
      actorName: "Ada Admin",
    });
    expect(page.events.find(({ milestone }) => milestone === "end_instance")?.seconds).toBeGreaterThanOrEqual(0);
  });

  test("names what the run waits for, but not a record that the viewer may not see", async () => {
    await anObject("Hidden", { Open: { type: "checkbox" } }, "none");
    const recordId = await aRecord("Hidden", { Open: false, Name: "Quiet deal" }, ann);
    const entry = {
      type: "requirements",
      condition: {
        logic: "all",
        requirements: [{ left: "$Record.Open", operator: "equals", right: { literal: true } }],
      },
    };
    const other = await aPerson({ name: "Otto Other" });
    const { runId } = await aRun(
      anOrchestration(
        [aStage("S", [anInteractiveStep("Now", to(other)), anInteractiveStep("Later", { ...to(ann), entry })])],
        {
          name: "Waiting",
          start: { type: "autolaunched", object: "Hidden", next: "S" },
        },
      ),
      ann,
      { recordId },
    );
    expect((await pageOf(runId, ann)).waits).toEqual({
      subjects: [{ name: "Quiet deal", path: `/records/Hidden/${recordId}` }],
      objects: [],
      dueAt: null,
      lock: null,
    });
    expect((await pageOf(runId)).waits?.subjects).toMatchObject([{ name: "Quiet deal" }]);
  });

  test("shows in whose name a flow ran, and at which element it failed", async () => {
    const variables = [{ name: "theThing", type: "text", default: "rec_none" }];
    const change = {
      ...{ type: "update_records", name: "Change", label: "Change it", object: "Thing" },
      ...{ record: "theThing", values: { Status: { literal: "x" } }, next: null },
    };
    const inner = aBackgroundFlow("Inner", { variables, start: "Change", elements: [change] });
    await activated(inner);
    const step = aBackgroundStep("Auto", { flow: "Inner", runAs: "latest_completer" });
    const done = anInteractiveStep("Work", to(ann));
    const { runId } = await aRun(
      anOrchestration([aStage("A", [done], { next: "B" }), aStage("B", [step])], { name: "RunsAs" }),
      ann,
    );
    must(await finished(ann, (await theItem(runId)).workItemId));
    const run = (await pageOf(runId)).stages[1]?.steps[0]?.run;
    expect(run).toMatchObject({ status: "error", runAsName: "Ann Asks", isAsynchronous: false });
    expect(run?.stop).toMatchObject({
      at: [{ flow: "Inner", element: "Change it" }],
      message: expect.stringContaining("Change it"),
      values: [{ name: "theThing", value: "rec_none" }],
    });
    expect((await pageOf(runId, ann)).stages[1]?.steps[0]?.run?.stop?.values).toEqual([]);
  });

  test("says that another run has the lock it waits for, and since when", async () => {
    const locking = (name: string) =>
      anOrchestration(
        [aStage("S", [anInteractiveStep("Hold", { ...to(ann), locksRecord: true, mayEditRecord: true })])],
        {
          name,
          label: name,
        },
      );
    const first = await aRun(locking("Holder"), ann);
    const second = await aRun(locking("Waiter"), ann, { recordId: first.recordId });
    const holder = await pageOf(first.runId);
    expect(holder.run.lock).toEqual({ since: expect.stringMatching(/Z$/), lets: [ann.name], isKept: false });
    const waiter = await pageOf(second.runId);
    expect(waiter.waits?.lock).toMatchObject({ label: "Holder", runId: first.runId, since: holder.run.lock?.since });
    expect(waiter.stages[0]?.steps[0]?.why).toBe(
      "Has not started: waits for the lock of the record, which a run of “Holder” has.",
    );
    const refused = await commanded(admin, (tx) =>
      saveRecord(tx, admin, { object: "Thing", id: first.recordId, values: { Status: "Other" } }),
    );
    expect(refused).toMatchObject({ ok: false, refusal: { code: "record-locked", details: { by: "Holder" } } });
  });
});

test("the page of a recall path shows its own stage and no other, and goes to none; that of the recalled run its own", async () => {
  const recallStage = aStage("Undo", [aBackgroundStep("Clear", { label: "Clear the mark" })], { label: "Take back" });
  const process = anApprovalProcess(undefined, { name: "Recalled_page", approval: { recallStage } });
  const { definitionId } = await activated(aBackgroundFlow(), process);
  const recordId = await aRecord("Thing", {}, ann);
  const { runId } = must(
    await commanded(ann, (tx) => requestApproval(tx, ann, { definitionId, recordId, comments: "" })),
  );
  const told = must(await commanded(ann, (tx) => recallSubmission(tx, ann, { runId, reason: "a mistake" })));
  const stages = async (id: string) => (await pageOf(id)).stages.map(({ label, status }) => [label, status]);
  const recalled = told.recallRunId ?? "";
  expect(await stages(recalled)).toEqual([["Take back", "completed"]]);
  const { decisions, control: controls, events } = await pageOf(recalled);
  expect([decisions, controls.goTo]).toEqual([[], null]);
  expect(events.map(({ subject }) => subject)).toEqual(expect.arrayContaining(["Take back", "Clear the mark"]));
  expect(await stages(runId)).toEqual([["First", "canceled"]]);
});
