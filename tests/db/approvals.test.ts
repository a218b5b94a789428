import { and, eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { outbox, submission } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import type { Person } from "../../lib/people/current-person";
import { cancelRun } from "../../lib/runs/commands";
import {
  activated,
  anApprovalProcess,
  anApprovalStep,
  anInteractiveStep,
  anOrchestration,
  aStage,
} from "../builders/definitions";
import { aDecidingFlow } from "../builders/flows";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, started, stateNow, theItem } from "../builders/runs";

const team = await aTeamWithThings();

/** Submits a new record of Ann's; `Approval` goes to her manager unless the process says otherwise. */
async function submitted(process = anApprovalProcess(), person: Person = team.ann) {
  const { definitionId } = await activated(process);
  const recordId = await aRecord("Thing", { Amount: 100 }, person);
  const { runId } = must(
    await commanded(person, (tx) =>
      requestApproval(tx, person, { definitionId, recordId, comments: "Please, for Monday" }),
    ),
  );
  return { runId, recordId, definitionId };
}
const say = (person: Person, workItemId: string, decision: "approve" | "reject", comments = "") =>
  commanded(person, (tx) => decide(tx, person, { workItemId, decision, comments }));
const statusOf = async (runId: string) => (await db().select().from(submission).where(eq(submission.runId, runId)))[0];

test("a request makes one submission with its words, and the approver's approval ends it and tells the submitter", async () => {
  const { runId, recordId } = await submitted();
  expect(await statusOf(runId)).toMatchObject({
    status: "in_progress",
    submittedBy: team.ann.userId,
    comments: "Please, for Monday",
    recordId,
  });
  const item = await theItem(runId);
  expect(item).toMatchObject({ kind: "approval", assigneeId: team.boss.userId });
  must(await say(team.boss, item.workItemId, "approve", "Fine"));
  expect(await statusOf(runId)).toMatchObject({ status: "approved", endedAt: expect.any(Date) });
  expect((await stateNow(runId)).steps[0]?.outputs).toEqual({ approvalDecision: "Approve", approvalComments: "Fine" });
  const [mail] = await db()
    .select()
    .from(outbox)
    .where(and(eq(outbox.runId, runId), eq(outbox.kind, "submission")));
  expect(mail).toMatchObject({ recipientId: team.ann.userId, content: { status: "approved", comments: "Fine" } });
});

test("a rejection ends the process and says why; without a reason nothing is decided", async () => {
  const { runId } = await submitted(
    anApprovalProcess([
      aStage("First", [
        anApprovalStep("One"),
        anApprovalStep("Two", { entry: { type: "step_completed", step: "One" } }),
      ]),
    ]),
  );
  const { workItemId } = await theItem(runId);
  expect(await say(team.boss, workItemId, "reject", "")).toMatchObject({
    refusal: { code: "reason-needed", problems: [{ path: "comments" }] },
  });
  expect((await theItem(runId)).workItemId).toBe(workItemId);
  must(await say(team.boss, workItemId, "reject", "Too dear"));
  expect(await stateNow(runId)).toMatchObject({
    run: { status: "completed" },
    submission: { status: "rejected" },
    steps: [{ status: "completed" }, { status: "not_started" }],
  });
});

test("a second decision is told who decided what", async () => {
  const { runId } = await submitted();
  const { workItemId } = await theItem(runId);
  must(await say(team.boss, workItemId, "approve"));
  expect(await say(team.boss, workItemId, "reject", "no")).toMatchObject({
    refusal: { code: "item-closed", details: { by: "Bea Boss", outcome: "approve" } },
  });
});

describe("nobody decides what they submitted (I36)", () => {
  test("a submitter who is their own approver: the item goes to the fallback, else the step cannot be set up", async () => {
    const own = { assignee: { type: "resource", value: { ref: "$Record.Owner" } } };
    const alone = await submitted(anApprovalProcess([aStage("First", [anApprovalStep("One", own)])], { name: "Own" }));
    expect(await stateNow(alone.runId)).toMatchObject({
      run: { status: "error", error: expect.stringContaining("who asked for the approval") },
      submission: { status: "error" },
    });
    const fallbackAssignee = { type: "user", value: team.boss.username };
    const cared = await submitted(
      anApprovalProcess([aStage("First", [anApprovalStep("One", own)])], { name: "Own", fallbackAssignee }),
    );
    expect(await theItem(cared.runId)).toMatchObject({ assigneeId: team.boss.userId, flag: "fallback" });
  });

  test("nor as a member of the group that decides", async () => {
    const member = await aPerson();
    await aGroup("Judges", [member, team.boss]);
    const person = await again(member);
    const { runId } = await submitted(
      anApprovalProcess(
        [aStage("First", [anApprovalStep("One", { assignee: { type: "group", value: { literal: "Judges" } } })])],
        { name: "Judged" },
      ),
      person,
    );
    const { workItemId } = await theItem(runId);
    for (const decision of ["approve", "reject"] as const) {
      expect(await say(person, workItemId, decision, "x")).toMatchObject({ refusal: { code: "own-submission" } });
    }
    must(await say(await again(team.boss), workItemId, "approve"));
  });
});

describe("what is decided where", () => {
  test("an approval with screens can be decided without them, an interactive step cannot", async () => {
    await activated(aDecidingFlow());
    const { runId } = await submitted(
      anApprovalProcess([aStage("First", [anApprovalStep("One", { flow: "Weigh" })])], { name: "Weighed" }),
    );
    const { workItemId } = await theItem(runId);
    expect(await say(await aPerson(), workItemId, "approve")).toMatchObject({ refusal: { code: "not-found" } });
    expect(await say(team.boss, workItemId, "reject")).toMatchObject({ refusal: { code: "reason-needed" } });
    must(await say(team.boss, workItemId, "reject", "Too much"));
    expect(await stateNow(runId)).toMatchObject({
      submission: { status: "rejected" },
      steps: [{ status: "completed", outputs: { approvalDecision: "Reject", approvalComments: "Too much" } }],
    });
    const { definitionId } = await activated(anOrchestration([aStage("First", [anInteractiveStep("Fill")])]));
    const other = must(
      await started(team.ann, { definitionId, recordId: await aRecord("Thing", {}, team.ann), inputs: {} }),
    );
    expect(await say(team.ann, (await theItem(other.runId)).workItemId, "approve")).toMatchObject({
      refusal: { code: "needs-screens" },
    });
  });

  test("an orchestration is no approval, and what a change starts is not started by hand", async () => {
    const { definitionId } = await activated(anOrchestration());
    const recordId = await aRecord("Thing", {}, team.ann);
    const ask = (id: string) =>
      commanded(team.ann, (tx) => requestApproval(tx, team.ann, { definitionId: id, recordId, comments: "" }));
    expect(await ask(definitionId)).toMatchObject({ refusal: { code: "not-found" } });
    expect(await ask("Nothing")).toMatchObject({ refusal: { code: "not-found" } });
    const watching = {
      type: "record_triggered",
      object: "Thing",
      on: "update",
      when: { requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: "Never" } }] },
      next: "First",
    };
    await activated(anOrchestration(undefined, { name: "Watching", start: watching }));
    expect(await started(team.ann, { definitionId: "Watching", recordId, inputs: {} })).toMatchObject({
      refusal: { code: "not-startable" },
    });
  });
});

describe("submissions of one record", () => {
  const request = (definitionId: string, recordId: string) =>
    commanded(team.ann, (tx) => requestApproval(tx, team.ann, { definitionId, recordId, comments: "" }));
  const another = (name: string, start: object = {}) =>
    activated(
      anApprovalProcess(undefined, { name, start: { type: "autolaunched", object: "Thing", next: "First", ...start } }),
    );

  test("one is open at a time, asked for four times at once too; when it has ended, the next may come", async () => {
    const { definitionId } = await another("Single");
    const recordId = await aRecord("Thing", {}, team.ann);
    const answers = await Promise.all([1, 2, 3, 4].map(() => request(definitionId, recordId)));
    const [first] = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
    expect(answers.filter(({ ok }) => !ok)).toHaveLength(3);
    for (const answer of answers)
      if (!answer.ok)
        expect(answer.refusal).toMatchObject({ code: "already-running", details: { runId: first?.runId } });
    must(await say(team.boss, (await theItem(first?.runId ?? "")).workItemId, "approve"));
    must(await request(definitionId, recordId));
  });

  test("more are open where the definition allows them", async () => {
    const { definitionId } = await another("Several", { oneOpenRun: false });
    const recordId = await aRecord("Thing", {}, team.ann);
    must(await request(definitionId, recordId));
    must(await request(definitionId, recordId));
  });

  test("what the record does not meet is refused at the start, and taken once it does", async () => {
    const when = { requirements: [{ left: "$Record.Status", operator: "not_equals", right: { literal: "Done" } }] };
    const { definitionId } = await another("Unless_Done", { when });
    const [done, fresh] = [
      await aRecord("Thing", { Status: "Done" }, team.ann),
      await aRecord("Thing", { Status: "New" }, team.ann),
    ];
    expect(await request(definitionId, done)).toMatchObject({
      refusal: { code: "start-not-met", details: { label: "Process" } },
    });
    must(await request(definitionId, fresh));
  });
});

describe("the first approver", () => {
  const first = { assignee: { type: "resource", value: { ref: "firstApprover" } } };
  const choosing = (name: string, chooseApprover: string) =>
    activated(
      anApprovalProcess([aStage("First", [anApprovalStep("One", first)])], { name, approval: { chooseApprover } }),
    );
  const request = async (definitionId: string, firstApprover: string | null) => {
    const recordId = await aRecord("Thing", {}, team.ann);
    return commanded(team.ann, (tx) =>
      requestApproval(tx, team.ann, { definitionId, recordId, comments: "", firstApprover }),
    );
  };
  const problem = { refusal: { code: "invalid", problems: [{ path: "firstApprover" }] } };

  test("is who was chosen, where one must be: without one nothing is submitted", async () => {
    const { definitionId } = await choosing("Must", "must");
    expect(await request(definitionId, null)).toMatchObject(problem);
    const chosen = await aPerson();
    const { runId } = must(await request(definitionId, chosen.userId));
    expect(await theItem(runId)).toMatchObject({ assigneeId: chosen.userId, flag: null });
  });

  test("cannot be chosen where the process does not let its submitters", async () => {
    const { definitionId } = await choosing("Fixed", "no");
    expect(await request(definitionId, (await aPerson()).userId)).toMatchObject(problem);
  });

  test("who chooses themselves does not decide it", async () => {
    const { definitionId } = await choosing("May", "may");
    const asked = await request(definitionId, team.ann.userId);
    const { runId } = must(asked);
    expect(await stateNow(runId)).toMatchObject({ run: { status: "error" }, items: [] });
  });
});

test("a canceled run's submission is canceled, its item withdrawn, its submitter told", async () => {
  const { runId } = await submitted();
  expect(await commanded(team.boss, (tx) => cancelRun(tx, team.boss, { runId, reason: "x" }))).toMatchObject({
    refusal: { code: "not-your-work" },
  });
  must(await commanded(team.admin, (tx) => cancelRun(tx, team.admin, { runId, reason: "Wrong record" })));
  expect(await stateNow(runId)).toMatchObject({
    run: { status: "canceled" },
    submission: { status: "canceled" },
    items: [{ completionKind: "withdrawn" }],
  });
  expect(
    await db()
      .select()
      .from(outbox)
      .where(and(eq(outbox.runId, runId), eq(outbox.kind, "submission"))),
  ).toMatchObject([{ content: { status: "canceled" } }]);
});
