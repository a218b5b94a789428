import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { run, submission } from "../../db/schema";
import { decide } from "../../lib/approvals/commands";
import { traceOf } from "../../lib/approvals/queries/trace-of";
import type { Person } from "../../lib/people/current-person";
import { exportRun } from "../../lib/runs/export-run";
import { runPage } from "../../lib/runs/queries/run-page";
import { verifyHistory } from "../../lib/runs/verify-history";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { listRequests } from "../../lib/work/queries/list-requests";
import { listWork } from "../../lib/work/queries/list-work";
import {
  aBackgroundStep,
  activated,
  anApprovalProcess,
  anApprovalStep,
  anInteractiveStep,
  anOrchestration,
  aStage,
} from "../builders/definitions";
import { aBackgroundFlow, aScreenFlow } from "../builders/flows";
import { opened, screen, sent } from "../builders/interviews";
import { work } from "../builders/jobs";
import { aGroup, again, aPerson } from "../builders/people";
import { must } from "../builders/records";
import { aRun, aTeamWithThings, commanded, finished, stateNow, theItem } from "../builders/runs";

const team = await aTeamWithThings();
await activated(anApprovalProcess());
const ask = (more: object) => ({
  type: "action",
  name: "Ask",
  label: "Ask",
  action: "request_approval",
  inputs: {
    process: { literal: "Approval" },
    recordId: { ref: "recordId" },
    comments: { literal: "From a flow" },
    ...more,
  },
  next: null,
});
const variables = [{ name: "recordId", type: "text", isInput: true }];
const submissionOf = async (recordId: string) =>
  (await db().select().from(submission).where(eq(submission.recordId, recordId)))[0];

/** The background flow, run for a new Thing of Ann's; its inputs are those of the action. */
async function ranInBackground(name: string, more: object) {
  await activated(aBackgroundFlow(name, { variables, start: "Ask", elements: [ask(more)] }));
  const step = aBackgroundStep("Go", { flow: name, inputs: { recordId: { ref: "$Record.Id" } } });
  const begun = await aRun(anOrchestration([aStage("S", [step])], { name: `Runs${name}` }), team.ann);
  await work();
  return begun;
}

test("whoever fills in a screen flow that requests an approval is its submitter, whatever the flow says", async () => {
  const form = {
    type: "screen",
    name: "Screen",
    label: "Screen",
    fields: [{ name: "comment", type: "long_text", label: "Comment" }],
    next: "Ask",
  };
  const elements = [form, ask({ submitter: { literal: team.boss.username } })];
  await activated(aScreenFlow("AskBoss", { elements, variables: [...variables, { name: "comment", type: "text" }] }));
  const step = anInteractiveStep("Fill", { flow: "AskBoss", inputs: { recordId: { ref: "$Record.Id" } } });
  const { runId, recordId } = await aRun(anOrchestration([aStage("S", [step])], { name: "Filling" }), team.ann);
  const { workItemId } = await theItem(runId);
  const view = screen(await opened(team.ann, workItemId));
  must(await sent(team.ann, view, { comment: "x" }));
  expect(await submissionOf(recordId)).toMatchObject({ submittedBy: team.ann.userId, comments: "From a flow" });
});

test("a background flow submits for whoever began the run, who then does not decide; or in the name it gives", async () => {
  const begun = await ranInBackground("AsStarter", {});
  const submitted = await submissionOf(begun.recordId);
  expect(submitted).toMatchObject({ submittedBy: team.ann.userId });
  expect((await stateNow(submitted?.runId ?? "")).run.startedBy).toBeNull();
  const { workItemId } = await theItem(submitted?.runId ?? "");
  const give = { workItemId, to: { type: "user", id: team.ann.userId }, reason: "x" } as const;
  expect(await commanded(team.admin, (tx) => reassignItem(tx, team.admin, give))).toMatchObject({
    refusal: { code: "own-submission" },
  });
  const named = await ranInBackground("AsAnn", { submitter: { literal: team.ann.username } });
  expect(await submissionOf(named.recordId)).toMatchObject({ submittedBy: team.ann.userId });
});

test("what a background flow submitted is its submitter's to follow as if they had asked themselves, and nobody else's", async () => {
  const { recordId } = await ranInBackground("Followed", {});
  const { runId = "" } = (await submissionOf(recordId)) ?? {};
  const { workItemId } = await theItem(runId);
  const requested = async (userId: string) =>
    (await listRequests(db(), userId, { areApprovals: true })).rows.map((row) => row.runId);
  expect(await requested(team.ann.userId)).toContain(runId);
  const waiting = await listWork(db(), team.ann, { view: "waiting" });
  expect(waiting.rows.find((row) => row.type === "item" && row.runId === runId)).toMatchObject({
    requesterName: "Ann Asks",
  });
  const [own] = (await traceOf(db(), team.ann, recordId)).submissions;
  expect(own).toMatchObject({ runId, comments: "From a flow", stages: [{}], mayRecall: true, maySeeRun: true });
  expect(await runPage(db(), team.ann, runId)).toMatchObject({ run: { startedByName: null } });
  expect(await exportRun(db(), team.ann, runId)).toMatchObject({ run: { runId } });
  expect(await itemDetail(db(), team.ann, workItemId)).toMatchObject({ maySeeRun: true, mayWork: false, stages: [{}] });
  const decider = (await itemDetail(db(), team.boss, workItemId))?.item;
  expect(decider).toMatchObject({ requesterName: "Ann Asks" });
  const other = await again(await aPerson());
  expect(await requested(other.userId)).toEqual([]);
  expect((await traceOf(db(), other, recordId)).submissions).toMatchObject([
    { comments: "", stages: null, maySeeRun: false },
  ]);
  expect([await runPage(db(), other, runId), await exportRun(db(), other, runId)]).toEqual([null, null]);
  expect(await itemDetail(db(), other, workItemId)).toBeNull();
});

const sets = (Status: string, next: string | null = null) => ({
  ...{ type: "update_records", name: "Set", label: "Set", object: "Thing", record: "recordId", next },
  values: { Status: { literal: Status } },
});
const inputs = { recordId: { ref: "$Record.Id" } };

/** An approval by a group of Ann and Bob that begins when a Thing gets that status, and a run of Ann's with those steps. */
async function asksAt(status: string, steps: (bob: Person) => Record<string, unknown>[]) {
  const bob = await again(await aPerson({ name: "Bob" }));
  const { name: deciders } = await aGroup(undefined, [team.ann, bob]);
  const when = { requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: status } }] };
  const approval = anApprovalStep("Decide", { assignee: { type: "group", value: { literal: deciders } } });
  const start = { type: "record_triggered", object: "Thing", on: "update", when, next: "First" };
  await activated(anApprovalProcess([aStage("First", [approval])], { name: `When_${status}`, start }));
  const process = anOrchestration([aStage("S", steps(bob))], { name: `Sets_${status}` });
  const begun = await aRun(process, team.ann);
  return { ...begun, bob, item: await theItem(begun.runId) };
}
const to = ({ username }: Person) => ({ assignee: { type: "user", value: { literal: username } } });

test.each(["automatic", "asynchronous"])(
  "what a background flow of theirs leads to is theirs, whoever's act carries it along: %s",
  async (processing) => {
    const flow = `Set_${processing}`;
    await activated(aBackgroundFlow(flow, { variables, start: "Set", elements: [sets(processing)] }));
    const entry = { type: "step_completed", step: "Fill" };
    const { recordId, bob, item } = await asksAt(processing, (one) => [
      anInteractiveStep("Fill", to(one)),
      aBackgroundStep("Go", { flow, inputs, processing, entry }),
    ]);
    must(await finished(bob, item.workItemId));
    await work();
    const submitted = await submissionOf(recordId);
    expect(submitted).toMatchObject({ submittedBy: team.ann.userId, status: "in_progress" });
    const { workItemId } = await theItem(submitted?.runId ?? "");
    const approve = async (who: Person) => {
      const person = await again(who);
      return commanded(person, (tx) => decide(tx, person, { workItemId, decision: "approve", comments: "" }));
    };
    expect(await approve(team.ann)).toMatchObject({ refusal: { code: "own-submission" } });
    must(await approve(bob));
  },
);

/** A save of theirs begins a run by its flow, whose own flow submits: twice removed from whoever asked for the first. */
test.each(["automatic", "asynchronous"])(
  "what a run submits that a flow of theirs began is theirs too, and the run is nobody's start: %s",
  async (processing) => {
    const name = `Chain_${processing}`;
    await activated(
      aBackgroundFlow(`Sets${name}`, { variables, start: "Set", elements: [sets(name)] }),
      aBackgroundFlow(`Asks${name}`, { variables, start: "Ask", elements: [ask({})] }),
    );
    const when = { requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: name } }] };
    const start = { type: "record_triggered", object: "Thing", on: "update", when, next: "S" };
    const asking = aStage("S", [aBackgroundStep("Ask", { flow: `Asks${name}`, inputs, processing })]);
    await activated(anOrchestration([asking], { name: `Middle_${processing}`, start }));
    const bob = await aPerson();
    const entry = { type: "step_completed", step: "Fill" };
    const steps = [
      anInteractiveStep("Fill", to(bob)),
      aBackgroundStep("Go", { flow: `Sets${name}`, inputs, processing, entry }),
    ];
    const { runId, recordId } = await aRun(
      anOrchestration([aStage("S", steps)], { name: `First_${processing}` }),
      team.ann,
    );
    must(await finished(bob, (await theItem(runId)).workItemId));
    await work();
    const [middle] = await db()
      .select()
      .from(run)
      .where(eq(run.definitionId, `Middle_${processing}`));
    expect(middle).toMatchObject({ startedBy: null, askedBy: team.ann.userId });
    const submitted = await submissionOf(recordId);
    expect(submitted).toMatchObject({ submittedBy: team.ann.userId });
    const { workItemId } = await theItem(submitted?.runId ?? "");
    const ann = await again(team.ann);
    expect(
      await commanded(ann, (tx) => decide(tx, ann, { workItemId, decision: "approve", comments: "" })),
    ).toMatchObject({ refusal: { code: expect.stringMatching(/own-submission|not-found/) } });
    expect(await verifyHistory(db())).toEqual([]);
  },
);

test("what a form saves is asked for by whoever fills it in, also in a run of somebody else's", async () => {
  const form = {
    ...{ type: "screen", name: "Screen", label: "Screen", next: "Set" },
    fields: [{ name: "comment", type: "long_text", label: "Comment" }],
  };
  const known = [...variables, { name: "comment", type: "text" }];
  await activated(aScreenFlow("SetInForm", { elements: [form, sets("form")], variables: known }));
  const { recordId, bob, item } = await asksAt("form", (one) => [
    anInteractiveStep("Fill", { ...to(one), flow: "SetInForm", inputs }),
  ]);
  must(await sent(bob, screen(await opened(bob, item.workItemId)), { comment: "x" }));
  expect(await submissionOf(recordId)).toMatchObject({ submittedBy: bob.userId });
});

test("a submitter who is not there fails the step with a sentence, and nothing is submitted", async () => {
  const { runId, recordId } = await ranInBackground("AsNobody", { submitter: { literal: "nobody.here" } });
  expect((await stateNow(runId)).run).toMatchObject({
    status: "error",
    error: expect.stringContaining("no such active"),
  });
  expect(await submissionOf(recordId)).toBeUndefined();
});
