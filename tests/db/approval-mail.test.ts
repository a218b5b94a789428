import { desc, eq, sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { outbox, record, user, workItem } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import type { Orchestration } from "../../lib/engine/definition";
import { queueMail } from "../../lib/notify/commands";
import { ok } from "../../lib/result";
import { cancelRun } from "../../lib/runs/commands";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aPost } from "../builders/post";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, theItem } from "../builders/runs";

const team = await aTeamWithThings();
const { mailsTo } = await aPost();

async function submitted(process: Orchestration) {
  const { definitionId } = await activated(process);
  const recordId = await aRecord("Thing", { Amount: 4711, Status: "canary-status" }, team.ann);
  const input = { definitionId, recordId, comments: "Please, for Monday" };
  const { runId } = must(await commanded(team.ann, (tx) => requestApproval(tx, team.ann, input)));
  return { runId, recordId };
}

test("the approver's mail says who asks, their words and why it is on this desk, and names no value that the author did not mark (S56)", async () => {
  const condition = {
    requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: "canary-status" } }],
  };
  const entry = { type: "requirements", condition };
  await submitted(anApprovalProcess([aStage("First", [anApprovalStep("Step", { entry })])]));
  const [mail] = await mailsTo(team.boss);
  expect(mail?.subject).toMatch(/^\[Approve\] /);
  expect(mail?.text).toContain("Ann Asks asks for your decision on “Step”");
  expect(mail?.text).toContain("Please, for Monday");
  expect(mail?.text).toContain("Here because its condition held. The process assigns it to you.");
  for (const part of [mail?.text, mail?.html]) {
    expect(part).not.toContain("canary-status");
    expect(part).not.toMatch(/4,?711/);
  }
});

test("whoever it is given to instead is told by whom and why, in the same conversation", async () => {
  const { runId } = await submitted(anApprovalProcess());
  const { workItemId } = await theItem(runId);
  const to = { type: "user" as const, id: team.admin.userId };
  must(await commanded(team.boss, (tx) => reassignItem(tx, team.boss, { workItemId, to, reason: "I am away" })));
  const [mail] = await mailsTo(team.admin);
  expect(mail?.text).toContain("Bea Boss gave it to you: I am away");
  expect(mail?.references).toContain(runId);
});

test("facts that the author marked are in the mail and its subject, and what of them changed since the last decision", async () => {
  const facts = [
    { label: "Amount", value: "$Record.Amount" },
    { label: "Owner", value: "$Record.Owner" },
  ];
  const process = anApprovalProcess(undefined, { approval: { facts } });
  const { runId, recordId } = await submitted(process);
  const [first] = await mailsTo(team.boss);
  expect(first?.subject).toBe("[Approve] A Thing, 4,711, Ann Asks");
  expect(first?.text).toMatch(/Amount:? +4,711\n/);
  expect(first?.text).toMatch(/Owner:? +Ann Asks\n/);
  expect(first?.text).not.toContain("canary-status");
  const { workItemId } = await theItem(runId);
  must(await commanded(team.boss, (tx) => decide(tx, team.boss, { workItemId, decision: "reject", comments: "Less" })));
  await db()
    .update(record)
    .set({ data: sql`${record.data} || '{"Amount": 4000}'`, version: sql`${record.version} + 1` })
    .where(eq(record.recordId, recordId));
  const { definitionId } = await activated(process);
  const input = { definitionId, recordId, comments: "Less now" };
  must(await commanded(team.ann, (tx) => requestApproval(tx, team.ann, input)));
  const again = (await mailsTo(team.boss)).at(-1);
  expect(again?.text).toContain("4,000 (changed; it was 4,711)");
  expect(again?.text).toMatch(/Owner:? +Ann Asks\n/);
});

describe("by when", () => {
  const dueIn = (minutes: number) =>
    anApprovalProcess([aStage("First", [anApprovalStep("Step", { due: { minutes } })])]);
  const subjectAfter = async (minutes: number) => {
    await submitted(dueIn(minutes));
    return (await mailsTo(team.boss)).at(-1)?.subject;
  };
  test("within a week the subject names the weekday, later the day, and the mail says it in full", async () => {
    expect(await subjectAfter(3 * 1440)).toMatch(/^\[Approve by (Mon|Tue|Wed|Thu|Fri|Sat|Sun)\] /);
    expect(await subjectAfter(60 * 1440)).toMatch(/^\[Approve by \d{1,2} [A-Z][a-z]{2}\] /);
    expect((await mailsTo(team.boss)).at(-1)?.text).toMatch(/Decide by:? +\w{3}, \d{1,2} \w{3} \d{4}, \d\d:\d\d UTC/);
  });
  test("in the reader's own zone", async () => {
    await db().update(user).set({ timeZone: "Asia/Tokyo" }).where(eq(user.userId, team.boss.userId));
    await submitted(dueIn(60 * 1440));
    const [row] = await db()
      .select({ dueAt: workItem.dueAt })
      .from(workItem)
      .orderBy(desc(workItem.createdAt))
      .limit(1);
    const hour = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Tokyo", timeStyle: "short" }).format(
      row?.dueAt ?? 0,
    );
    const text = (await mailsTo(team.boss)).at(-1)?.text;
    expect(text).toContain(`, ${hour}\n`);
    await db().update(user).set({ timeZone: null }).where(eq(user.userId, team.boss.userId));
  });
});

test("a process that sends its approvers no mails leaves a row that says so, and the item waits all the same", async () => {
  const { runId } = await submitted(anApprovalProcess(undefined, { approval: { sendsNoApproverMails: true } }));
  expect(await mailsTo(team.boss)).toEqual([]);
  const rows = await db().select().from(outbox).where(eq(outbox.runId, runId));
  expect(rows).toMatchObject([{ status: "skipped", lastError: "the process sends its approvers no mails" }]);
  expect((await theItem(runId)).status).toBe("assigned");
});

describe("the submitter is told", () => {
  const decided = async (decision: "approve" | "reject", more: Record<string, unknown> = {}) => {
    const { runId } = await submitted(anApprovalProcess(undefined, more));
    const { workItemId } = await theItem(runId);
    must(
      await commanded(team.boss, (tx) => decide(tx, team.boss, { workItemId, decision, comments: "Too dear for now" })),
    );
    return (await mailsTo(team.ann)).at(-1);
  };
  test("that it was rejected, by whom and with what words", async () => {
    const mail = await decided("reject");
    expect(mail?.subject).toMatch(/^Rejected: /);
    expect(mail?.text).toContain("Bea Boss writes:\nToo dear for now");
  });
  test("the reason too where the process asks the submitter for no comment", async () => {
    const mail = await decided("reject", { approval: { hidesComments: true } });
    expect(mail?.subject).toMatch(/^Rejected: /);
    expect(mail?.text).toContain("Bea Boss writes:\nToo dear for now");
  });
  test("that it was canceled", async () => {
    const { runId } = await submitted(anApprovalProcess());
    must(await commanded(team.admin, (tx) => cancelRun(tx, team.admin, { runId, reason: "x" })));
    expect((await mailsTo(team.ann)).at(-1)?.subject).toMatch(/^Canceled: /);
  });
});

test("a reminder of an item that is closed before it goes out is not sent", async () => {
  const { runId } = await submitted(anApprovalProcess());
  const { workItemId } = await theItem(runId);
  await mailsTo(team.boss);
  const content = {
    about: "reminder",
    label: "Step",
    processLabel: "P",
    recordName: null,
    path: "/work",
    dueAt: null,
    text: null,
  } as const;
  await commanded(null, async (tx) => {
    await queueMail(tx, { kind: "notice", content, runId, workItemId, recipientId: team.boss.userId });
    return ok(null);
  });
  must(await commanded(team.boss, (tx) => decide(tx, team.boss, { workItemId, decision: "approve", comments: "" })));
  expect((await mailsTo(team.boss)).map(({ subject }) => subject)).not.toContain("Reminder: Step");
});
