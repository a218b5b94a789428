import { and, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { outbox } from "../../db/schema";
import { requestApproval } from "../../lib/approvals/commands";
import type { Person } from "../../lib/people/current-person";
import { listApprovals } from "../../lib/work/queries/list-approvals";
import { countWork, listWork } from "../../lib/work/queries/list-work";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, theItem } from "../builders/runs";

const team = await aTeamWithThings();
let made = 0;

async function submitted(by: Person, assignee: object, approval: object = {}) {
  const process = anApprovalProcess([aStage("First", [anApprovalStep("Step", { assignee })])], {
    ...{ name: `Own_${++made}`, approval },
  });
  const { definitionId } = await activated(process);
  const request = { definitionId, recordId: await aRecord("Thing", { Amount: 1 }, team.ann), comments: "" };
  return theItem(must(await commanded(by, (tx) => requestApproval(tx, by, request))).runId);
}
const idsIn = async (who: Person, view: "decide" | "delegated") =>
  (await listApprovals(db(), who, { view })).rows.map(({ workItemId }) => workItemId);
const mailed = async (runId: string) =>
  (
    await db()
      .select()
      .from(outbox)
      .where(and(eq(outbox.runId, runId), eq(outbox.kind, "assignment")))
  ).map(({ recipientId }) => recipientId);

test("what somebody submitted is not offered to them, counted or mailed as theirs to decide, though their group decides", async () => {
  const [ann, ben] = [await aPerson(), await aPerson()];
  const { name } = await aGroup(undefined, [ann, ben]);
  const [submitter, other] = [await again(ann), await again(ben)];
  const { workItemId, runId } = await submitted(submitter, { type: "group", value: { literal: name } });
  expect(await idsIn(other, "decide")).toEqual([workItemId]);
  expect(await idsIn(submitter, "decide")).toEqual([]);
  expect(await countWork(db(), submitter)).toMatchObject({ approvals: 0, groups: 0, waiting: 1 });
  const inGroups = await listWork(db(), submitter, { view: "groups" });
  expect(inGroups.rows).toEqual([]);
  expect(await mailed(runId)).toEqual([other.userId]);
});

test("where the process allows self-approval it is", async () => {
  const [ann, ben] = [await aPerson(), await aPerson()];
  const { name } = await aGroup(undefined, [ann, ben]);
  const submitter = await again(ann);
  const assignee = { type: "group", value: { literal: name } };
  const { workItemId, runId } = await submitted(submitter, assignee, { allowsSelfApproval: true });
  expect(await idsIn(submitter, "decide")).toEqual([workItemId]);
  expect(await countWork(db(), submitter)).toMatchObject({ approvals: 1 });
  expect((await mailed(runId)).toSorted()).toEqual([ann.userId, ben.userId].toSorted());
});

test("nor is it offered to them in somebody's place, nor to whoever stands in for them", async () => {
  const [ben, ana] = [await aPerson(), await aPerson()];
  const standIn = await standingIn(ana, ben);
  await submitted(standIn, { type: "user", value: { literal: ben.username } });
  const { name } = await aGroup(undefined, [ben, await aPerson()]);
  await submitted(await again(ben), { type: "group", value: { literal: name } });
  const another = await submitted(team.ann, { type: "group", value: { literal: name } });
  expect(await idsIn(await again(standIn), "delegated")).toEqual([another.workItemId]);
  expect(await countWork(db(), await again(standIn))).toMatchObject({ approvals: 1 });
});
