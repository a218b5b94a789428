import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { outbox } from "../../db/schema";
import { stampClock } from "../../db/transaction";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { recallSubmission } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { dispatch } from "../../lib/runs/dispatch";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { again, aPerson } from "../builders/people";
import { aPost } from "../builders/post";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, theItem } from "../builders/runs";

/** What people get by mail when an approval is taken back, or nobody gives it in time: from the command to the mailbox. */
await aTeamWithThings();
const { mailsTo } = await aPost();

let made = 0;
/** To be approved by somebody of its own, who has a manager of their own. */
async function submitted(step: Record<string, unknown> = {}) {
  const chief = await again(await aPerson({ name: `Chief ${++made}` }));
  const lead = await again(await aPerson({ name: `Lead ${made}`, managerId: chief.userId }));
  const asker = await again(await aPerson({ name: `Asker ${made}`, managerId: lead.userId }));
  const stages = [aStage("First", [anApprovalStep("Step", step)])];
  const { definitionId } = await activated(anApprovalProcess(stages, { name: `Letters_${made}` }));
  const recordId = await aRecord("Thing", { Amount: 1 }, asker);
  const request = { definitionId, recordId, comments: "please" };
  const { runId } = must(await commanded(asker, (tx) => requestApproval(tx, asker, request)));
  return { runId, chief, lead, asker };
}
const recall = (person: Person, runId: string) =>
  commanded(person, (tx) => recallSubmission(tx, person, { runId, reason: "a mistake" }));

test("recalled before its mail left, the approver gets none; the requester is told that it was recalled", async () => {
  const { runId, lead, asker } = await submitted();
  must(await recall(asker, runId));
  expect(await mailsTo(lead)).toEqual([]);
  expect((await mailsTo(asker)).map(({ subject }) => subject)).toEqual([expect.stringMatching(/^Recalled: /)]);
  const rows = await db().select().from(outbox).where(eq(outbox.runId, runId));
  const assignment = rows.find(({ kind }) => kind === "assignment");
  expect(assignment).toMatchObject({ status: "withdrawn", lastError: expect.any(String) });
});

test("recalled after its mail arrived, the approver gets no second one, and nobody is told twice", async () => {
  const { runId, lead, asker } = await submitted();
  expect(await mailsTo(lead)).toHaveLength(1);
  must(await recall(asker, runId));
  expect(await recall(asker, runId)).toMatchObject({ refusal: { code: "not-recallable" } });
  expect(await mailsTo(lead)).toHaveLength(1);
  expect(await mailsTo(asker)).toHaveLength(1);
});

/** The run looks again so many minutes from now. */
const later = (runId: string, minutes: number) =>
  commanded(null, (tx) => {
    stampClock(tx, Date.now() + minutes * 60_000);
    return dispatch(tx, "system", { runId, command: { type: "wake", cause: { type: "clock" } } });
  });

test("not done in time: a reminder, then the manager's mail with all that the approver's said, then the manager decides", async () => {
  const due = { minutes: 60, remindAfter: [30], escalate: { afterMinutes: 60, to: "manager" } };
  const { runId, chief, lead, asker } = await submitted({ due });
  const [assigned] = await mailsTo(lead);
  expect(assigned?.subject).toMatch(/^\[Approve by /);
  must(await later(runId, 31));
  expect(await mailsTo(lead)).toHaveLength(2);
  expect(await mailsTo(chief)).toEqual([]);
  must(await later(runId, 61));
  const [escalated, ...more] = await mailsTo(chief);
  expect([more.length, (await mailsTo(lead)).length]).toEqual([0, 2]);
  expect(escalated?.subject).toBe(assigned?.subject);
  expect(escalated?.text).toContain("please");
  expect(escalated?.text).toContain("It was not done in time, so it was escalated");
  const { workItemId } = await theItem(runId);
  const said = { workItemId, decision: "approve", comments: "in his place" };
  expect(await commanded(lead, (tx) => decide(tx, lead, said))).toMatchObject({ refusal: { code: "not-your-work" } });
  must(await commanded(chief, (tx) => decide(tx, chief, said)));
  const told = (await mailsTo(asker)).at(-1);
  expect(told?.subject).toMatch(/^Approved: /);
  expect(told?.text).toContain(chief.name);
});

test("nobody in time and nobody to escalate to: the requester is told how the time-out decided, and that nobody did", async () => {
  const due = { minutes: 60, timeOut: { afterMinutes: 60, outcome: "Reject" } };
  const { runId, lead, asker } = await submitted({ due });
  must(await later(runId, 61));
  const told = (await mailsTo(asker)).at(-1);
  expect(told?.subject).toMatch(/^Rejected: /);
  expect(told?.text).not.toContain(lead.name);
});

test("who stands in since it was assigned is reminded too, in whose place; who may not decide it is not", async () => {
  const due = { minutes: 60, remindAfter: [30, 45] };
  const { runId, lead, asker } = await submitted({ due });
  const [cem, off] = [await aPerson({ name: "Cem" }), await aPerson({ name: "Off" })];
  await standingIn(cem, lead);
  await standingIn(off, lead, { maxAmount: 0 });
  await standingIn(asker, lead);
  const reminders = async (person: Person) =>
    (await mailsTo(person)).filter(({ subject }) => subject?.startsWith("Reminder: ")).map(({ text }) => text);
  must(await later(runId, 31));
  must(await later(runId, 31));
  expect(await reminders(cem)).toEqual([expect.stringContaining(`because you decide in ${lead.name}'s place`)]);
  expect(await reminders(lead)).toEqual([expect.stringContaining("because the work is yours to do")]);
  expect([await reminders(off), await reminders(asker)]).toEqual([[], []]);
  must(await later(runId, 46));
  expect([(await reminders(cem)).length, (await reminders(lead)).length]).toEqual([2, 2]);
});
