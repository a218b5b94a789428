import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { history, workItem } from "../../db/schema";
import type { Person } from "../../lib/people/current-person";
import type { Result } from "../../lib/result";
import { listRuns } from "../../lib/runs/queries/list-runs";
import { runPage } from "../../lib/runs/queries/run-page";
import { changePlaceAndWork } from "../../lib/work/commands/change-place";
import { claimItem } from "../../lib/work/commands/claim-item";
import { deactivateAndHandOver } from "../../lib/work/commands/hand-over";
import { letBackIn } from "../../lib/work/commands/let-back-in";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { listItems } from "../../lib/work/queries/list-items";
import { listWork } from "../../lib/work/queries/list-work";
import {
  activated,
  anApprovalProcess,
  anApprovalStep,
  anInteractiveStep,
  anOrchestration,
  aStage,
} from "../builders/definitions";
import { aGroup, again, aPerson, aQueue, wasOf } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, finished, started, stateNow, theItem } from "../builders/runs";

/** Open work when people leave groups and queues: no claim stays with them, and what nobody can do is shown to managers. */
let team: Awaited<ReturnType<typeof aTeamWithThings>>;
beforeAll(async () => {
  team = await aTeamWithThings();
});

type Type = "group" | "queue";
let made = 0;
/** An open item of that group or queue. */
async function itemOf(type: Type, name: string) {
  const assignee = { type, value: { literal: name } };
  const { definitionId } = await activated(
    anOrchestration([aStage("First", [anInteractiveStep("Fill", { assignee })])], { name: `Leaving_${++made}` }),
  );
  const recordId = await aRecord("Thing", {}, team.ann);
  return theItem(must(await started(team.ann, { definitionId, recordId, inputs: {} })).runId);
}
const claim = (person: Person, workItemId: string) =>
  commanded(person, (tx) => claimItem(tx, person, { workItemId, takeOver: false }));
const now = async (workItemId: string) =>
  (await db().select().from(workItem).where(eq(workItem.workItemId, workItemId)))[0];
type Members = { type: "user" | "group"; id: string }[];
const put = async (type: Type, id: string, members: Members): Promise<Result<{ stranded: number }>> => {
  const was = await wasOf(type, id);
  return commanded(team.admin, (tx) => changePlaceAndWork(tx, team.admin, { type, id, label: "Place", members, was }));
};
const user = ({ userId }: Person) => ({ type: "user" as const, id: userId });
const isInNow = async (person: Person, workItemId: string) =>
  (await listWork(db(), await again(person), { view: "now" })).rows.some(
    (row) => "workItemId" in row && row.workItemId === workItemId,
  );

test("who leaves a group gives back what they had claimed in it, there and in the queues around it; others keep theirs", async () => {
  const [gone, stays] = [await aPerson(), await aPerson()];
  const group = await aGroup(undefined, [gone, stays]);
  const queue = await aQueue(undefined, [group]);
  const items = [
    await itemOf("group", group.name),
    await itemOf("queue", queue.name),
    await itemOf("queue", queue.name),
  ];
  const [own, around, other] = items.map(({ workItemId }) => workItemId) as [string, string, string];
  must(await claim(await again(gone), own));
  must(await claim(await again(gone), around));
  must(await claim(await again(stays), other));
  expect(await isInNow(gone, own)).toBe(true);

  expect(must(await put("group", group.groupId, [user(stays)]))).toEqual({ stranded: 0 });
  expect(await now(own)).toMatchObject({ status: "assigned", claimedBy: null, flag: null });
  expect(await now(around)).toMatchObject({ status: "assigned", claimedBy: null });
  expect(await now(other)).toMatchObject({ claimedBy: stays.userId });
  const types = (await db().select().from(history).where(eq(history.subjectId, own))).map(({ type }) => type);
  expect(types).toContain("work-item-released");
  expect(await isInNow(gone, own)).toBe(false);
  must(await claim(await again(stays), own));
});

test("who still belongs to it another way keeps what they claimed", async () => {
  const both = await aPerson();
  const inner = await aGroup(undefined, [both]);
  const outer = await aQueue(undefined, [both, inner]);
  const { workItemId } = await itemOf("queue", outer.name);
  must(await claim(await again(both), workItemId));
  must(await put("queue", outer.queueId, [{ type: "group", id: inner.groupId }]));
  expect(await now(workItemId)).toMatchObject({ claimedBy: both.userId });
});

test("a claim that is left with nobody of the group gives no sight of the item", async () => {
  const [gone, stays] = [await aPerson(), await aPerson()];
  const group = await aGroup(undefined, [stays]);
  const { workItemId } = await itemOf("group", group.name);
  await db().update(workItem).set({ claimedBy: gone.userId }).where(eq(workItem.workItemId, workItemId));
  expect(await isInNow(gone, workItemId)).toBe(false);
  expect(await itemDetail(db(), await again(gone), workItemId)).toBeNull();
  await db().update(workItem).set({ claimedBy: null }).where(eq(workItem.workItemId, workItemId));
});

test("emptied, a queue strands its open work: it is flagged for managers, and the answer says how much", async () => {
  const last = await aPerson();
  const queue = await aQueue(undefined, [last]);
  const [one, two] = [await itemOf("queue", queue.name), await itemOf("queue", queue.name)];
  must(await claim(await again(last), one.workItemId));
  expect(must(await put("queue", queue.queueId, []))).toEqual({ stranded: 2 });
  expect(await now(one.workItemId)).toMatchObject({ claimedBy: null, flag: "nobody_left" });
  const flagged = (await listItems(db(), { flagged: true })).rows.map(({ workItemId }) => workItemId);
  expect(flagged).toEqual(expect.arrayContaining([one.workItemId, two.workItemId]));
  expect((await itemDetail(db(), team.boss, two.workItemId))?.why).toContain("nobody was left who could do it");
  const titles = (await runPage(db(), team.boss, two.runId))?.events.map(({ title }) => title);
  expect(titles).toContain("Nobody was left who could do it");
});

test("with only the submitter left, an approval is nobody's to decide", async () => {
  const other = await aPerson();
  const group = await aGroup(undefined, [team.ann, other]);
  const { definitionId } = await activated(
    anApprovalProcess(
      [aStage("First", [anApprovalStep("Decide", { assignee: { type: "group", value: { literal: group.name } } })])],
      {
        name: "Leaving_approval",
      },
    ),
  );
  const recordId = await aRecord("Thing", {}, team.ann);
  const { workItemId } = await theItem(must(await started(team.ann, { definitionId, recordId, inputs: {} })).runId);
  expect(must(await put("group", group.groupId, [user(team.ann)]))).toEqual({ stranded: 1 });
  expect(await now(workItemId)).toMatchObject({ flag: "nobody_left" });
});

test("the last member's deactivation strands it likewise", async () => {
  const last = await aPerson();
  const group = await aGroup(undefined, [last]);
  const { workItemId } = await itemOf("group", group.name);
  must(await commanded(team.admin, (tx) => deactivateAndHandOver(tx, team.admin, { userId: last.userId })));
  expect(await now(workItemId)).toMatchObject({ flag: "nobody_left" });
});

test("more open votes than one page holds all end with who leaves, and each rule counts those who are left", async () => {
  const [gone, ...stay] = [await aPerson(), await aPerson(), await aPerson()];
  const group = await aGroup(undefined, [gone, ...stay]);
  const by = { assignee: { type: "group", value: { literal: group.name } }, rule: { type: "unanimous" } };
  const { definitionId } = await activated(
    anApprovalProcess([aStage("First", [anApprovalStep("Decide", by)])], { name: "Leaving_votes" }),
  );
  for (let made = 0; made < 205; made++)
    must(await started(team.ann, { definitionId, recordId: await aRecord("Thing", {}, team.ann), inputs: {} }));
  must(await put("group", group.groupId, stay.map(user)));
  const votes = await db().select().from(workItem).where(eq(workItem.assigneeId, gone.userId));
  expect(votes.map(({ completionKind }) => completionKind)).toEqual(votes.map(() => "withdrawn"));
  expect(votes).toHaveLength(205);
});

describe("a run whose only open item nobody is left to do", () => {
  const isStalled = async (runId: string) =>
    (await listRuns(db(), { status: "stalled" })).rows.find((row) => row.runId === runId)?.stalledReason ?? null;
  const aStrandedItem = async () => {
    const last = await aPerson();
    const group = await aGroup(undefined, [last]);
    const item = await itemOf("group", group.name);
    expect(await isStalled(item.runId)).toBeNull();
    must(await commanded(team.admin, (tx) => deactivateAndHandOver(tx, team.admin, { userId: last.userId })));
    expect(await isStalled(item.runId)).toContain("nobody is left who could do its work item");
    return { ...item, group, last };
  };

  test("is stalled and goes on when its item is given to somebody", async () => {
    const { runId, workItemId } = await aStrandedItem();
    const to = { type: "user", id: team.ann.userId } as const;
    must(await commanded(team.boss, (tx) => reassignItem(tx, team.boss, { workItemId, to, reason: "" })));
    expect(await isStalled(runId)).toBeNull();
    expect(await now(workItemId)).toMatchObject({ flag: null });
  });

  test("goes on when somebody joins the group, in a group within it too", async () => {
    const { runId, workItemId, group } = await aStrandedItem();
    const inner = await aGroup(undefined, []);
    must(await put("group", group.groupId, [{ type: "group", id: inner.groupId }]));
    expect(await isStalled(runId)).not.toBeNull();
    must(await put("group", inner.groupId, [user(team.ann)]));
    expect(await isStalled(runId)).toBeNull();
    expect(await now(workItemId)).toMatchObject({ flag: null });
    const titles = (await runPage(db(), team.boss, runId))?.events.map(({ title }) => title);
    expect(titles).toContain("Somebody is in its group or queue again who can do it");
  });

  test("goes on when the one who left is let back in", async () => {
    const { runId, workItemId, last } = await aStrandedItem();
    must(await commanded(team.admin, (tx) => letBackIn(tx, team.admin, { userId: last.userId })));
    expect(await isStalled(runId)).toBeNull();
    must(await finished(await again(last), workItemId));
    expect((await stateNow(runId)).run.status).toBe("completed");
  });
});

test("claiming in the moment of leaving: whoever is gone has nothing, whichever comes first", async () => {
  const stays = await aPerson();
  const group = await aGroup(undefined, [stays]);
  for (let round = 0; round < 8; round++) {
    const gone = await aPerson();
    must(await put("group", group.groupId, [user(stays), user(gone)]));
    const { workItemId } = await itemOf("group", group.name);
    const [left] = await Promise.all([
      put("group", group.groupId, [user(stays)]),
      claim(await again(gone), workItemId),
    ]);
    must(left);
    expect((await now(workItemId))?.claimedBy).toBeNull();
  }
});
