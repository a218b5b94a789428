import { and, eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { job, outbox, run, sealedDecision, submission, wait } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { addApprover, answerItem, askQuestion, overrideItem, recallSubmission } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { cancelRun } from "../../lib/runs/commands";
import { dispatch } from "../../lib/runs/dispatch";
import { verifyDecisions } from "../../lib/runs/verify-decisions";
import { changePlaceAndWork } from "../../lib/work/commands/change-place";
import { completeItem } from "../../lib/work/commands/complete-item";
import { deactivateAndHandOver } from "../../lib/work/commands/hand-over";
import { aBackgroundStep, activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow } from "../builders/runs";

const { ann, boss, admin } = await aTeamWithThings();
let made = 0;

async function theBoard(count = 3): Promise<{ name: string; groupId: string; members: Person[] }> {
  const members = await Promise.all(Array.from({ length: count }, () => aPerson({ name: `Member ${++made}` })));
  const { name, groupId } = await aGroup(`Board_${++made}`, members);
  return { name, groupId, members: await Promise.all(members.map((member) => again(member))) };
}

async function submitted(step: object, approval: object = {}, person: Person = ann) {
  const process = anApprovalProcess([aStage("First", [anApprovalStep("Step", step as Record<string, unknown>)])], {
    name: `Approval_${++made}`,
    approval,
  });
  const { definitionId } = await activated(process);
  const recordId = await aRecord("Thing", { Amount: 100 }, person);
  const ask = { definitionId, recordId, comments: "please" };
  const { runId } = must(await commanded(person, (tx) => requestApproval(tx, person, ask)));
  return { runId, recordId, definitionId };
}
const voting = (group: string, rule: object) => ({ assignee: { type: "group", value: { literal: group } }, rule });
const say = async (person: Person, runId: string, approvalDecision: string, seen?: object) => {
  const item = (await stateNow(runId)).items.findLast(
    ({ assignee, kind }) => assignee.id === person.userId && kind === "approval",
  );
  if (!item) throw new Error("no item");
  const outputs = { approvalDecision, approvalComments: `${person.name} says so` };
  const told = {
    type: "complete-work-item",
    workItemId: item.id,
    outputs,
    ...(seen && { seen: seen as never }),
  } as const;
  return commanded(person, (tx) => dispatch(tx, person, { runId, command: told }));
};
const statusOf = async (runId: string) =>
  (await db().select().from(submission).where(eq(submission.runId, runId)))[0]?.status;

describe("a group that votes", () => {
  test("each member has an item and a mail of their own; the group's says why it has none", async () => {
    const { name, groupId, members } = await theBoard();
    const { runId } = await submitted(voting(name, { type: "unanimous" }));
    const items = await openItems(runId);
    expect(items.map(({ assigneeId, voting: isGroups }) => [assigneeId, isGroups])).toEqual(
      expect.arrayContaining([[groupId, true], ...members.map(({ userId }) => [userId, false])]),
    );
    const mails = await db()
      .select()
      .from(outbox)
      .where(and(eq(outbox.runId, runId), eq(outbox.kind, "assignment")));
    expect(
      mails
        .filter(({ status }) => status === "queued")
        .map(({ recipientId }) => recipientId)
        .toSorted(),
    ).toEqual(members.map(({ userId }) => userId).toSorted());
    expect(mails.find(({ status }) => status === "skipped")?.lastError).toContain("each member");
  });

  test("two of three is enough, the third is told, and mails not sent yet are withdrawn", async () => {
    const { name, members } = await theBoard();
    const { runId } = await submitted(voting(name, { type: "at_least", count: 2 }));
    const [one, two, three] = members as [Person, Person, Person];
    must(await say(one, runId, "Approve"));
    must(await say(two, runId, "Approve"));
    expect(await statusOf(runId)).toBe("approved");
    expect(await say(three, runId, "Reject")).toMatchObject({ ok: false, refusal: { code: "item-closed" } });
  });

  test("all at once: each vote counts once, and the step is decided once", async () => {
    const { name, members } = await theBoard(5);
    const { runId } = await submitted(voting(name, { type: "majority" }));
    const told = await Promise.all(members.map((member, at) => say(member, runId, at < 3 ? "Approve" : "Reject")));
    const { items, steps } = await stateNow(runId);
    expect(await statusOf(runId)).toBe(steps[0]?.outputs?.approvalDecision === "Approve" ? "approved" : "rejected");
    expect(told.filter(({ ok }) => ok).length).toBe(
      items.filter(({ completionKind, parentId }) => completionKind === "done" && parentId).length,
    );
    expect(told.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(3);
  });

  test("whoever submitted has no vote in their own group", async () => {
    const { name, members } = await theBoard(2);
    const [own, other] = members as [Person, Person];
    const { runId } = await submitted(voting(name, { type: "unanimous" }), {}, own);
    const votes = (await openItems(runId)).filter(({ parentItemId }) => parentItemId !== null);
    expect(votes.map(({ assigneeId }) => assigneeId)).toEqual([other.userId]);
  });

  test("a member who is deactivated does not count any more, and may decide it by that", async () => {
    const { name, members } = await theBoard();
    const { runId } = await submitted(voting(name, { type: "unanimous" }));
    const [one, two, three] = members as [Person, Person, Person];
    must(await say(one, runId, "Approve"));
    must(await say(two, runId, "Approve"));
    must(await commanded(admin, (tx) => deactivateAndHandOver(tx, admin, { userId: three.userId })));
    expect(await statusOf(runId)).toBe("approved");
  });

  test("a member who leaves the group does not count any more", async () => {
    const { name, groupId, members } = await theBoard();
    const { runId } = await submitted(voting(name, { type: "unanimous" }));
    const [one, two, three] = members as [Person, Person, Person];
    const asMembers = (people: readonly Person[]) => people.map(({ userId: id }) => ({ type: "user" as const, id }));
    const was = { label: name.replaceAll("_", " "), members: asMembers(members) };
    const input = { type: "group", id: groupId, label: "Board", members: asMembers([one, two]), was } as const;
    must(await commanded(admin, (tx) => changePlaceAndWork(tx, admin, input)));
    expect((await stateNow(runId)).items.find(({ assignee }) => assignee.id === three.userId)).toMatchObject({
      completionKind: "withdrawn",
    });
  });

  test("an admin adds an approver, who must be somebody active; and decides in all their places, openly", async () => {
    const { name } = await theBoard(2);
    const { runId } = await submitted(voting(name, { type: "unanimous" }));
    const parent = (await openItems(runId)).find(({ voting: isGroups }) => isGroups)?.workItemId ?? "";
    const add = (userId: string) =>
      commanded(admin, (tx) => addApprover(tx, admin, { workItemId: parent, userId, reason: "x" }));
    expect(await add("usr_nobody")).toMatchObject({ ok: false, refusal: { code: "unknown-assignee" } });
    must(await add(boss.userId));
    const decide = { workItemId: parent, outcome: "Approve", comments: "the board met" };
    must(await commanded(admin, (tx) => overrideItem(tx, admin, decide)));
    expect(await statusOf(runId)).toBe("approved");
    const [sealed] = await db().select().from(sealedDecision).where(eq(sealedDecision.runId, runId));
    expect(sealed).toMatchObject({
      decidedBy: admin.userId,
      outcome: "approve",
      seen: { definition: { hash: expect.stringMatching(/^[0-9a-f]{64}$/) }, record: { version: 1 } },
    });
    const { complaints } = await verifyDecisions(db());
    expect(complaints.filter((text) => text.includes(parent))).toEqual([]);
  });
});

describe("a submission that is taken back", () => {
  const recallStage = aStage("Undo", [aBackgroundStep("Clear")]);

  test("is Recalled, its approver's item withdrawn, and the recall path a run of its own", async () => {
    const { runId } = await submitted({}, { recallStage });
    const told = must(await commanded(ann, (tx) => recallSubmission(tx, ann, { runId, reason: "a mistake" })));
    expect([await statusOf(runId), (await stateNow(runId)).run.status]).toEqual(["recalled", "canceled"]);
    expect(await openItems(runId)).toEqual([]);
    const path = await stateNow(told.recallRunId ?? "");
    expect(path.run).toMatchObject({ kind: "recall", parentRunId: runId, status: "completed" });
    expect(await say(boss, runId, "Approve")).toMatchObject({ ok: false, refusal: { code: "item-closed" } });
  });

  test("by nobody but its submitter and admins", async () => {
    const { runId } = await submitted({}, { recallStage });
    const other = await again(await aPerson());
    expect(await commanded(other, (tx) => recallSubmission(tx, other, { runId, reason: "x" }))).toMatchObject({
      ok: false,
      refusal: { code: "not-found" },
    });
    expect(await commanded(boss, (tx) => recallSubmission(tx, boss, { runId, reason: "x" }))).toMatchObject({
      ok: false,
    });
  });

  test.each([true, false])("canceled by an admin, with its recall path: %s", async (withRecallPath) => {
    const { runId } = await submitted({}, { recallStage });
    must(await commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "void", withRecallPath })));
    expect(await statusOf(runId)).toBe("canceled");
    const paths = await db().select().from(run).where(eq(run.parentRunId, runId));
    expect(paths).toHaveLength(withRecallPath ? 1 : 0);
  });
});

test("sent back to its submitter, who sends it again, it comes to the same approver with a new mail", async () => {
  const outcomes = [{ name: "Back", label: "Send back", does: "send_back" }];
  const { runId } = await submitted({ outcomes });
  must(await say(boss, runId, "Back"));
  const [revision] = await openItems(runId);
  expect(revision).toMatchObject({ kind: "revision", assigneeId: ann.userId, prompt: `${boss.name} says so` });
  must(await commanded(ann, (tx) => answerItem(tx, ann, { workItemId: revision?.workItemId ?? "", text: "mended" })));
  expect(await openItems(runId)).toMatchObject([{ kind: "approval", assigneeId: boss.userId }]);
  must(await say(boss, runId, "Approve"));
  expect(await statusOf(runId)).toBe("approved");
});

test("sent back and sent again, it comes to whoever was added too, with a new mail, unless they are gone", async () => {
  const outcomes = [{ name: "Back", label: "Send back", does: "send_back" }];
  const { runId } = await submitted({ outcomes });
  const [cem, dan] = await Promise.all([again(await aPerson({ name: "Cem" })), again(await aPerson({ name: "Dan" }))]);
  const [item] = await openItems(runId);
  const add = ({ userId }: Person) =>
    commanded(admin, (tx) =>
      addApprover(tx, admin, { workItemId: item?.workItemId ?? "", userId, reason: "more eyes" }),
    );
  must(await add(cem));
  must(await add(dan));
  must(await say(boss, runId, "Back"));
  must(await commanded(admin, (tx) => deactivateAndHandOver(tx, admin, { userId: dan.userId })));
  const [revision] = await openItems(runId);
  must(await commanded(ann, (tx) => answerItem(tx, ann, { workItemId: revision?.workItemId ?? "", text: "mended" })));
  expect(await openItems(runId)).toMatchObject([{ assigneeId: boss.userId }, { assigneeId: cem.userId }]);
  const mails = await db()
    .select()
    .from(outbox)
    .where(and(eq(outbox.runId, runId), eq(outbox.kind, "assignment"), eq(outbox.recipientId, cem.userId)));
  expect(mails).toHaveLength(2);
  must(await say(boss, runId, "Approve"));
  expect(await statusOf(runId)).toBe("in_progress");
  must(await say(cem, runId, "Approve"));
  expect(await statusOf(runId)).toBe("approved");
});

test("a question keeps the approver's item; its answer is there for them, and they are told", async () => {
  const { runId } = await submitted({});
  const helper = await again(await aPerson({ name: "Helga Helps" }));
  const [item] = await openItems(runId);
  const ask = { workItemId: item?.workItemId ?? "", userId: helper.userId, text: "How much?" };
  must(await commanded(boss, (tx) => askQuestion(tx, boss, ask)));
  const question = (await openItems(runId)).find(({ kind }) => kind === "question");
  const answer = (workItemId: string) => commanded(helper, (tx) => answerItem(tx, helper, { workItemId, text: "12" }));
  expect(await answer(item?.workItemId ?? "")).toMatchObject({ ok: false });
  const decision = { workItemId: question?.workItemId ?? "", decision: "approve", comments: "" };
  expect(await commanded(helper, (tx) => decide(tx, helper, decision))).toMatchObject({
    refusal: { code: "not-an-approval" },
  });
  must(await answer(question?.workItemId ?? ""));
  expect((await stateNow(runId)).items.find(({ kind }) => kind === "question")?.comments).toBe("12");
  const [mail] = await db()
    .select()
    .from(outbox)
    .where(and(eq(outbox.runId, runId), eq(outbox.kind, "notice")));
  expect(mail).toMatchObject({ recipientId: boss.userId, content: { about: "answer", text: "12" } });
});

test("a due date waits as a row and a job", async () => {
  const chief = await aPerson({ name: "Chief" });
  const lead = await again(await aPerson({ name: "Lead", managerId: chief.userId }));
  const asker = await again(await aPerson({ name: "Asker", managerId: lead.userId }));
  const due = {
    minutes: 60,
    remindAfter: [30],
    escalate: { afterMinutes: 60, to: "manager" },
    timeOut: { afterMinutes: 90, outcome: "Reject" },
  };
  const { runId } = await submitted({ due }, {}, asker);
  const [timer] = await db()
    .select()
    .from(wait)
    .where(and(eq(wait.runId, runId), eq(wait.kind, "timer")));
  expect(timer?.dueAt).toEqual(expect.any(Date));
  const [waking] = await db()
    .select()
    .from(job)
    .where(and(eq(job.runId, runId), eq(job.kind, "wake")));
  expect(waking?.runAt.getTime()).toBe(timer?.dueAt?.getTime());
});

test("what the decider saw is sealed into the chain and kept beside it; the next approval is skipped while nothing changed", async () => {
  const step = { skipIfUnchanged: ["$Record.Amount"] };
  const first = await submitted(step);
  must(await say(boss, first.runId, "Approve", { values: { "$Record.Amount": 100 } }));
  const [sealed] = await db().select().from(sealedDecision).where(eq(sealedDecision.runId, first.runId));
  expect(sealed).toMatchObject({
    decidedBy: boss.userId,
    outcome: "approve",
    stepName: "Step",
    recordId: first.recordId,
  });
  const again2 = { definitionId: first.definitionId, recordId: first.recordId, comments: "again" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, again2)));
  expect(await stateNow(runId)).toMatchObject({
    submission: { status: "approved" },
    steps: [{ decidedBy: "unchanged" }],
  });
});

test("a process may let people decide what they submitted: nothing else lets them", async () => {
  const own = { assignee: { type: "user", value: { literal: ann.username } } };
  const { runId } = await submitted(own, { allowsSelfApproval: true });
  const [item] = await openItems(runId);
  const outputs = { approvalDecision: "Approve" };
  must(await commanded(ann, (tx) => completeItem(tx, ann, { workItemId: item?.workItemId ?? "", outputs })));
  expect(await statusOf(runId)).toBe("approved");
});
