import { and, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { outbox } from "../../db/schema";
import { stampClock } from "../../db/transaction";
import { compose } from "../../emails/compose";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { askQuestion } from "../../lib/approvals/steer";
import { dispatch } from "../../lib/runs/dispatch";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, stateNow, theItem } from "../builders/runs";

const { ann } = await aTeamWithThings();

const later = (runId: string, minutes: number) =>
  commanded(null, (tx) => {
    stampClock(tx, Date.now() + minutes * 60_000);
    return dispatch(tx, "system", { runId, command: { type: "wake", cause: { type: "clock" } } });
  });

test.each([true, false])("not done in time by somebody without a manager, with a fallback: %s", async (hasFallback) => {
  const [alone, other] = [await aPerson(), await aPerson()];
  const due = { minutes: 60, escalate: { afterMinutes: 60, to: "manager" } };
  const step = anApprovalStep("Step", { due, assignee: { type: "user", value: { literal: alone.username } } });
  const fallbackAssignee = { type: "user", value: other.username };
  const process = anApprovalProcess([aStage("First", [step])], {
    ...{ name: `Due_${hasFallback}`, ...(hasFallback && { fallbackAssignee }) },
  });
  const { definitionId } = await activated(process);
  const recordId = await aRecord("Thing", { Amount: 100 }, ann);
  const ask = { definitionId, recordId, comments: "" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, ask)));
  must(await later(runId, 59));
  expect((await stateNow(runId)).items).toMatchObject([{ assignee: { id: alone.userId }, flag: null }]);
  must(await later(runId, 61));
  const then = hasFallback
    ? { assignee: { id: other.userId }, assignmentNo: 2, flag: null }
    : { assignee: { id: alone.userId }, assignmentNo: 1, flag: "not_escalated" };
  expect((await stateNow(runId)).items).toMatchObject([{ status: "assigned", ...then }]);
});

test("the submitter is told that the time ran out and with what outcome, and nobody is named as decider", async () => {
  const bea = await aPerson({ name: "Bea" });
  const to = { assignee: { type: "user", value: { literal: bea.username } } };
  const due = { minutes: 60, timeOut: { afterMinutes: 60, outcome: "Reject" } };
  const process = anApprovalProcess(
    [
      aStage("First", [anApprovalStep("Manager", to)], { next: "Second" }),
      aStage("Second", [anApprovalStep("Finance", { ...to, label: "Finance says", due })]),
    ],
    { name: "Due_told" },
  );
  const { definitionId } = await activated(process);
  const recordId = await aRecord("Thing", { Amount: 100 }, ann);
  const { runId } = must(
    await commanded(ann, (tx) => requestApproval(tx, ann, { definitionId, recordId, comments: "" })),
  );
  const said = { workItemId: (await theItem(runId)).workItemId, decision: "approve", comments: "Fine with me" };
  must(await commanded(bea, (tx) => decide(tx, bea, said)));
  must(
    await commanded(null, (tx) => {
      stampClock(tx, Date.now() + 61 * 60_000);
      return dispatch(tx, "system", { runId, command: { type: "wake", cause: { type: "clock" } } });
    }),
  );
  const told = and(eq(outbox.runId, runId), eq(outbox.kind, "submission"));
  const [mail] = await db().select().from(outbox).where(told);
  expect(mail).toMatchObject({ recipientId: ann.userId, content: { status: "rejected", decidedBy: null } });
  const text = JSON.stringify(compose({ kind: "submission", content: mail?.content as never }, "Ann"));
  expect(text).toContain("Nobody decided “Finance says” in time, so it ended as “Reject”.");
  expect(text).not.toContain("Bea");
  expect(text).not.toContain("Fine with me");
});

test("the submitter of what one rejected and another approved after is told who rejected it", async () => {
  const [bea, cas] = [await aPerson({ name: "Bea" }), await aPerson({ name: "Cas" })];
  const step = (name: string, { username }: { username: string }) =>
    anApprovalStep(name, { assignee: { type: "user", value: { literal: username } }, onReject: "continue" });
  const process = anApprovalProcess([aStage("First", [step("One", bea), step("Two", cas)])], { name: "Due_both" });
  const { definitionId } = await activated(process);
  const recordId = await aRecord("Thing", { Amount: 100 }, ann);
  const { runId } = must(
    await commanded(ann, (tx) => requestApproval(tx, ann, { definitionId, recordId, comments: "" })),
  );
  for (const [person, decision] of [
    [bea, "reject"],
    [cas, "approve"],
  ] as const) {
    const workItemId = (await stateNow(runId)).items.find(({ assignee }) => assignee.id === person.userId)?.id ?? "";
    must(
      await commanded(person, (tx) => decide(tx, person, { workItemId, decision, comments: `${person.name} says so` })),
    );
  }
  const [mail] = await db()
    .select()
    .from(outbox)
    .where(and(eq(outbox.runId, runId), eq(outbox.kind, "submission")));
  expect(mail?.content).toMatchObject({ status: "rejected", decidedBy: "Bea", comments: "Bea says so", ranOut: null });
});

test("not done in time by somebody whose manager was asked a question about it: it goes to the fallback", async () => {
  const [chief, spare] = [await aPerson(), await aPerson()];
  const lead = await again(await aPerson({ managerId: chief.userId }));
  const due = { minutes: 60, escalate: { afterMinutes: 60, to: "manager" } };
  const step = anApprovalStep("Step", { due, assignee: { type: "user", value: { literal: lead.username } } });
  const fallbackAssignee = { type: "user", value: spare.username };
  const { definitionId } = await activated(
    anApprovalProcess([aStage("First", [step])], { name: "Due_asked", fallbackAssignee }),
  );
  const ask = { definitionId, recordId: await aRecord("Thing", { Amount: 100 }, ann), comments: "" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, ask)));
  const workItemId = (await stateNow(runId)).items[0]?.id ?? "";
  const question = { workItemId, userId: chief.userId, text: "May we?" };
  must(await commanded(lead, (tx) => askQuestion(tx, lead, question)));
  must(await later(runId, 61));
  const item = (await stateNow(runId)).items.find(({ id }) => id === workItemId);
  expect(item).toMatchObject({ assignee: { id: spare.userId }, assignmentNo: 2, flag: null });
});
