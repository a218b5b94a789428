import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { user, workItem } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { decideMany } from "../../lib/approvals/decide-many";
import { addApprover, answerItem } from "../../lib/approvals/steer";
import { newId } from "../../lib/ids";
import type { Person } from "../../lib/people/current-person";
import { saveRecord } from "../../lib/records/commands/save-record";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { listApprovals } from "../../lib/work/queries/list-approvals";
import { listRequests } from "../../lib/work/queries/list-requests";
import { countWork, listWork, openItemsOn } from "../../lib/work/queries/list-work";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems } from "../builders/runs";

const team = await aTeamWithThings();
const facts = [{ label: "Amount", value: "$Record.Amount" }];

const process = (assignee: object, name: string) =>
  anApprovalProcess([aStage("First", [anApprovalStep("Step", { assignee })])], { name, approval: { facts } });
const toUser = (person: Person) => ({ type: "user", value: { literal: person.username } });

async function submitted(definitionId: string, amounts: readonly number[]): Promise<string[]> {
  const ids: string[] = [];
  for (const Amount of amounts) {
    const recordId = await aRecord("Thing", { Amount }, team.ann);
    const { runId } = must(
      await commanded(team.ann, (tx) => requestApproval(tx, team.ann, { definitionId, recordId, comments: "" })),
    );
    ids.push((await openItems(runId))[0]?.workItemId ?? "");
  }
  return ids;
}
const idsIn = async (person: Person, asked: Parameters<typeof listApprovals>[2]) =>
  (await listApprovals(db(), person, asked)).rows.map(({ workItemId }) => workItemId);

test("to decide: what is mine, my groups' unless another claimed it, newest first, with the chosen facts", async () => {
  const [ben, other] = [await aPerson(), await aPerson()];
  const { name } = await aGroup(undefined, [ben, other]);
  const mine = (await activated(process(toUser(ben), "List_mine"))).definitionId;
  const groups = (await activated(process({ type: "group", value: { literal: name } }, "List_group"))).definitionId;
  const [first, second] = await submitted(mine, [10, 20]);
  const [shared, taken] = await submitted(groups, [30, 40]);
  await db()
    .update(workItem)
    .set({ claimedBy: other.userId })
    .where(eq(workItem.workItemId, taken ?? ""));
  const reader = await again(ben);
  expect(await idsIn(reader, { view: "decide" })).toEqual([shared, second, first]);
  expect((await listApprovals(db(), reader, { view: "decide" })).rows[0]).toMatchObject({
    facts: [{ label: "Amount", shown: "30", number: 30 }],
    hasScreens: false,
  });
  expect(await idsIn(reader, { view: "decide", process: mine })).toEqual([second, first]);
  expect(await idsIn(reader, { view: "decide", search: "nothing like it" })).toEqual([]);
  const page = await listApprovals(db(), reader, { view: "decide", size: 2 });
  expect(await idsIn(reader, { view: "decide", size: 2, cursor: page.next ?? "" })).toEqual([first]);
  expect((await countWork(db(), reader)).approvals).toBe(3);
  await db()
    .update(workItem)
    .set({ claimedBy: null })
    .where(eq(workItem.workItemId, taken ?? ""));
});

test("delegated to me: what my delegator may decide, within what they let me, and never as if it were mine", async () => {
  const ben = await aPerson();
  const [one, two] = [
    (await activated(process(toUser(ben), "List_one"))).definitionId,
    (await activated(process(toUser(ben), "List_two"))).definitionId,
  ];
  const [mine] = await submitted(one, [10]);
  await submitted(two, [20]);
  const ana = await standingIn(await aPerson(), ben, { processes: [one] });
  expect(await idsIn(ana, { view: "delegated" })).toEqual([mine]);
  expect(await idsIn(ana, { view: "decide" })).toEqual([]);
  expect((await countWork(db(), ana)).approvals).toBe(1);
  const report = await decideMany(ana, {
    items: [{ workItemId: mine ?? "", comments: "" }],
    decision: "approve",
    key: "key-in-place",
  });
  expect(report).toEqual({ done: [mine], failed: [] });
  expect(await idsIn(ana, { view: "decided" })).toEqual([mine]);
  const requests = await listRequests(db(), team.ann.userId, { areApprovals: true, process: one });
  expect(requests.rows).toMatchObject([{ submissionStatus: "approved" }]);
});

test("many at once: those that can be decided are, the report says of the others why not, and the same key does nothing twice", async () => {
  const ben = await aPerson();
  const { definitionId } = await activated(process(toUser(ben), "List_many"));
  const [first = "", second = "", third = ""] = await submitted(definitionId, [1, 2, 3]);
  must(
    await commanded(ben, async (tx) => {
      const { decide } = await import("../../lib/approvals/commands");
      return decide(tx, ben, { workItemId: second, decision: "approve", comments: "" });
    }),
  );
  const input = {
    items: [first, second, third, first].map((workItemId) => ({
      workItemId,
      comments: workItemId === third ? "" : "No",
    })),
    decision: "reject" as const,
    key: "key-of-many",
  };
  const report = await decideMany(ben, input);
  expect(report.done).toEqual([first]);
  expect(report.failed.map(({ workItemId }) => workItemId)).toEqual([second, third]);
  expect(report.failed[0]?.message).toContain("already approved");
  expect(await decideMany(ben, input)).toEqual(report);
  expect((await db().select().from(workItem).where(eq(workItem.workItemId, first)))[0]).toMatchObject({
    outcome: "reject",
    comments: "No",
  });
  expect((await db().select().from(workItem).where(eq(workItem.workItemId, third)))[0]).toMatchObject({
    status: "assigned",
  });
});

test("many at once: a reason is asked for only where the process asks for it", async () => {
  const reader = await again(await aPerson());
  const step = (name: string, more: object) =>
    anApprovalProcess([aStage("First", [anApprovalStep("Step", { assignee: toUser(reader), ...more })])], { name });
  const [strict] = await submitted(
    (await activated(step("List_strict", { approveNeedsReason: true }))).definitionId,
    [1],
  );
  const [easy] = await submitted((await activated(step("List_easy", { rejectNeedsReason: false }))).definitionId, [2]);
  const rows = (await listApprovals(db(), reader, { view: "decide" })).rows;
  expect(rows.map(({ workItemId, needsReason }) => [workItemId, needsReason])).toEqual([
    [easy, { approve: false, reject: false }],
    [strict, { approve: true, reject: true }],
  ]);
  const items = rows.map(({ workItemId, shownAs }) => ({ workItemId, shownAs, comments: "" }));
  expect(await decideMany(reader, { items, decision: "reject", key: newId("command") })).toEqual({
    done: [easy],
    failed: [{ workItemId: strict, message: "Say why, in a few words. Nothing was changed." }],
  });
});

test("whoever left their delegator's team sees nothing of it any more", async () => {
  const ben = await aPerson();
  const { definitionId } = await activated(process(toUser(ben), "List_left"));
  await submitted(definitionId, [1]);
  const ana = await standingIn(await aPerson(), ben);
  expect(await idsIn(ana, { view: "delegated" })).toHaveLength(1);
  await db().execute("update delegation set ended_at = clock_timestamp() where ended_at is null");
  expect(await idsIn(await again(ana), { view: "delegated" })).toEqual([]);
  await db().update(user).set({ active: true }).where(eq(user.userId, ben.userId));
});

test("many at once: what was changed since the list was shown is reported and stays, what was not is decided", async () => {
  const ben = await again(await aPerson());
  const { definitionId } = await activated(process(toUser(ben), "List_stale"));
  const [same, changed] = await submitted(definitionId, [10, 20]);
  const rows = (await listApprovals(db(), ben, { view: "decide" })).rows;
  const id = rows.find(({ workItemId }) => workItemId === changed)?.record?.id ?? "";
  must(
    await commanded(team.ann, (tx) => saveRecord(tx, team.ann, { object: "Thing", id, values: { Amount: 90_000 } })),
  );
  const sent = (listed: typeof rows) =>
    listed.map(({ workItemId, shownAs }) => ({ workItemId, comments: "", shownAs }));
  const decided = (listed: typeof rows) =>
    decideMany(ben, { items: sent(listed), decision: "approve", key: newId("command") });
  expect(await decided(rows)).toMatchObject({
    done: [same],
    failed: [{ workItemId: changed, message: expect.stringContaining("was changed after you opened this (Amount)") }],
  });
  const report = await decided((await listApprovals(db(), ben, { view: "decide" })).rows);
  expect(report).toEqual({ done: [changed], failed: [] });
});

test("a group's item is offered nowhere to a member who had their say beside it, until the step is sent again", async () => {
  const [ben, other] = [await aPerson({ name: "Ben" }), await aPerson()];
  const { name } = await aGroup(undefined, [ben, other]);
  const back = [{ name: "Rework", label: "Send back", does: "send_back", to: null, needsReason: true }];
  const step = anApprovalStep("Step", { assignee: { type: "group", value: { literal: name } }, outcomes: back });
  const { definitionId } = await activated(anApprovalProcess([aStage("First", [step])], { name: "List_said" }));
  const [groups = ""] = await submitted(definitionId, [10]);
  const seen = async (person: Person) => {
    const reader = await again(person);
    const detail = await itemDetail(db(), reader, groups);
    const { runId = "", record } = detail?.item ?? {};
    const counts = await countWork(db(), reader);
    const ids = (rows: readonly { readonly workItemId: string }[]) => rows.map(({ workItemId }) => workItemId);
    return {
      runId,
      decide: await idsIn(reader, { view: "decide" }),
      groups: ids((await listWork(db(), reader, { view: "groups" })).rows),
      record: ids(await openItemsOn(db(), reader, record?.id ?? "")),
      counts: [counts.approvals, counts.groups],
      rights: [detail?.mayWork, detail?.mayClaim, detail?.hasSaid],
    };
  };
  const offered = { decide: [groups], groups: [groups], record: [groups], counts: [1, 1], rights: [true, true, false] };
  const { runId } = await seen(ben);
  const add = { workItemId: groups, userId: ben.userId, reason: "four eyes" };
  must(await commanded(team.admin, (tx) => addApprover(tx, team.admin, add)));
  const bens = (await openItems(runId)).find(({ assigneeId }) => assigneeId === ben.userId)?.workItemId ?? "";
  const say = async (person: Person, workItemId: string, decision: string) => {
    const by = await again(person);
    return must(await commanded(by, (tx) => decide(tx, by, { workItemId, decision, comments: "so" })));
  };
  expect(await say(ben, bens, "approve")).toMatchObject({ next: null });
  const not = { decide: [], groups: [], record: [], counts: [0, 0], rights: [false, false, true] };
  expect(await seen(ben)).toMatchObject(not);
  expect(await seen(other)).toMatchObject(offered);

  await say(other, groups, "Rework");
  const revision = (await openItems(runId)).find(({ kind }) => kind === "revision")?.workItemId ?? "";
  must(await commanded(team.ann, (tx) => answerItem(tx, team.ann, { workItemId: revision, text: "mended" })));
  const anew = (await openItems(runId)).map(({ workItemId }) => workItemId);
  expect(anew).toHaveLength(2); // the group's, and again that of whoever was added beside it
  expect((await idsIn(await again(ben), { view: "decide" })).sort()).toEqual(anew.sort());
});
