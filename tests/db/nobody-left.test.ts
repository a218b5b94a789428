import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { addApprover, answerItem } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { startRun } from "../../lib/runs/start";
import { changePlaceAndWork } from "../../lib/work/commands/change-place";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { listWork } from "../../lib/work/queries/list-work";
import {
  activated,
  anApprovalProcess,
  anApprovalStep,
  anInteractiveStep,
  anOrchestration,
  aStage,
} from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { aGroup, again, aPerson, wasOf } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow, theItem } from "../builders/runs";

/** What nobody of a group may do is flagged, whyever they may not, and nothing is that somebody may do. */
const { admin, ann } = await aTeamWithThings();
let made = 0;

type Given = Parameters<typeof anApprovalStep>[1];
const BACK = { outcomes: [{ name: "Back", label: "Send back", does: "send_back" }] };
const to = ({ username }: Person) => ({ assignee: { type: "user", value: { literal: username } } });
const toGroup = (name: string, rule = "first") => ({
  assignee: { type: "group", value: { literal: name } },
  rule: { type: rule },
});

async function submitted(by: Person, steps: readonly Given[], approval: object = {}) {
  const stages = steps.map((step, at) =>
    aStage(`Stage${at}`, [anApprovalStep(`Step${at}`, step)], {
      next: at + 1 < steps.length ? `Stage${at + 1}` : null,
    }),
  );
  const start = { type: "autolaunched", object: "Thing", next: "Stage0" };
  const { definitionId } = await activated(
    anApprovalProcess(stages, { name: `Nobody_left_${++made}`, start, approval }),
  );
  const ask = { definitionId, recordId: await aRecord("Thing", { Amount: 1 }, by), comments: "" };
  return must(await commanded(by, (tx) => requestApproval(tx, by, ask))).runId;
}
const people = (count: number) => Promise.all(Array.from({ length: count }, () => aPerson().then(again)));
const put = async ({ groupId: id }: { groupId: string }, members: readonly Person[]) => {
  const was = await wasOf("group", id);
  const those = members.map(({ userId }) => ({ type: "user" as const, id: userId }));
  const input = { type: "group", id, label: "Place", members: those, was } as const;
  return commanded(admin, (tx) => changePlaceAndWork(tx, admin, input));
};
const say = async (person: Person, workItemId: string, decision = "approve") => {
  const now = await again(person);
  return commanded(now, (tx) => decide(tx, now, { workItemId, decision, comments: "so" }));
};
const add = (workItemId: string, { userId }: Person) =>
  commanded(admin, (tx) => addApprover(tx, admin, { workItemId, userId, reason: "x" }));
const itemOf = async (runId: string, { userId }: Person) =>
  (await openItems(runId)).find(({ assigneeId }) => assigneeId === userId)?.workItemId ?? "";
const give = (workItemId: string, { groupId: id }: { groupId: string }) =>
  commanded(admin, (tx) => reassignItem(tx, admin, { workItemId, to: { type: "group", id }, reason: "x" }));

describe("when somebody leaves a group, what it has to decide", () => {
  test("is the submitter's who is left, where the process lets them", async () => {
    const group = await aGroup(undefined, [ann, await aPerson()]);
    const runId = await submitted(ann, [toGroup(group.name)], { allowsSelfApproval: true });
    expect(must(await put(group, [ann]))).toEqual({ stranded: 0 });
    must(await say(ann, (await theItem(runId)).workItemId));
  });

  test("is nobody's though two are left, of whom one asked for it and one decided on it in another's place", async () => {
    const [sue, bob, ben, last] = (await people(4)) as [Person, Person, Person, Person];
    const group = await aGroup(undefined, [sue, bob, last]);
    const standIn = await standingIn(bob, ben);
    const runId = await submitted(sue, [to(ben), toGroup(group.name)]);
    must(await say(standIn, (await theItem(runId)).workItemId));
    expect((await theItem(runId)).flag).toBeNull();
    expect(must(await put(group, [sue, bob]))).toEqual({ stranded: 1 });
    expect((await theItem(runId)).flag).toBe("nobody_left");
  });

  test("is nobody's where whoever is left has had their say beside it", async () => {
    const [sue, bob, last] = (await people(3)) as [Person, Person, Person];
    const group = await aGroup(undefined, [bob, last]);
    const runId = await submitted(sue, [toGroup(group.name)]);
    must(await add((await theItem(runId)).workItemId, bob));
    must(await say(bob, await itemOf(runId, bob)));
    expect(must(await put(group, [bob]))).toEqual({ stranded: 1 });
  });

  test("is decided by the votes that were given, when the others' end with everybody's leaving", async () => {
    const [sue, bob, cem] = (await people(3)) as [Person, Person, Person];
    const group = await aGroup(undefined, [bob, cem]);
    const runId = await submitted(sue, [toGroup(group.name, "unanimous")]);
    must(await say(bob, await itemOf(runId, bob)));
    expect(must(await put(group, []))).toEqual({ stranded: 0 });
    expect((await stateNow(runId)).submission?.status).toBe("approved");
  });

  test("waits for the vote of whoever was added to it, before or after everybody left", async () => {
    const [sue, bob, cem] = (await people(3)) as [Person, Person, Person];
    for (const isBefore of [true, false]) {
      const group = await aGroup(undefined, [bob]);
      const runId = await submitted(sue, [toGroup(group.name, "unanimous")]);
      const voting = (await openItems(runId))[0]?.workItemId ?? "";
      if (isBefore) must(await add(voting, cem));
      expect(must(await put(group, []))).toEqual({ stranded: isBefore ? 0 : 1 });
      if (!isBefore) must(await add(voting, cem));
      expect((await openItems(runId))[0]).toMatchObject({ voting: true, flag: null });
      expect((await stateNow(runId)).run.stalledSince).toBeNull();
      must(await say(cem, await itemOf(runId, cem)));
    }
  });
});

test("who joins a group that votes, where nobody could, does not decide for all of it", async () => {
  const [sue, bob, ben, joins] = (await people(4)) as [Person, Person, Person, Person];
  const group = await aGroup(undefined, [bob]);
  const standIn = await standingIn(bob, ben);
  const runId = await submitted(sue, [to(ben), toGroup(group.name, "unanimous")]);
  must(await say(standIn, (await theItem(runId)).workItemId));
  const { workItemId, voting, flag } = await theItem(runId);
  expect({ voting, flag }).toEqual({ voting: true, flag: "nobody_left" });
  must(await put(group, [bob, joins, await aPerson()]));
  expect(await say(joins, workItemId)).toMatchObject({ refusal: { code: "vote-on-own-item" } });
  must(await add(workItemId, joins));
  must(await say(joins, await itemOf(runId, joins)));
  expect((await stateNow(runId)).submission?.status).toBe("approved");
});

test("nothing is given by hand to a group of which only its submitter is left", async () => {
  const [ben] = (await people(1)) as [Person];
  const group = await aGroup(undefined, [ann]);
  const runId = await submitted(ann, [to(ben)]);
  const refused = { refusal: { code: "nobody-there-decides" } };
  expect(await give((await theItem(runId)).workItemId, group)).toMatchObject(refused);
});

test("for whom a stand-in said something before it was sent back has it among their groups' again", async () => {
  const [sue, ben, bob] = (await people(3)) as [Person, Person, Person];
  const standIn = await standingIn(bob, ben);
  const runId = await submitted(sue, [{ ...to(ben), ...BACK }]);
  must(await say(standIn, (await theItem(runId)).workItemId, "Back"));
  const revision = (await theItem(runId)).workItemId;
  must(await commanded(sue, (tx) => answerItem(tx, sue, { workItemId: revision, text: "mended" })));
  const { workItemId } = await theItem(runId);
  must(await give(workItemId, await aGroup(undefined, [ben, await aPerson()])));
  const now = await again(ben);
  expect(await itemDetail(db(), now, workItemId)).toMatchObject({ mayWork: true });
  expect((await listWork(db(), now, { view: "groups" })).rows).toMatchObject([{ workItemId }]);
  must(await say(now, workItemId));
});

test("work that is being given to a group while its last member leaves is found by that, and flagged", async () => {
  const group = await aGroup(undefined, [await aPerson()]);
  const assignee = { type: "group", value: { literal: group.name } };
  const { definitionId } = await activated(
    anOrchestration([aStage("First", [anInteractiveStep("Fill", { assignee })])], { name: `Nobody_left_${++made}` }),
  );
  const recordId = await aRecord("Thing", {}, ann);
  const [arrived, barrier] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const starting = commanded(ann, async (tx) => {
    const begun = await startRun(tx, ann, { definitionId, recordId, inputs: {} });
    arrived.resolve();
    await barrier.promise;
    return begun;
  });
  await arrived.promise;
  const leaving = put(group, []);
  const first = await Promise.race([leaving.then(() => "left"), new Promise((done) => setTimeout(done, 300))]);
  barrier.resolve();
  const { runId } = must(await starting);
  expect([first, must(await leaving)]).toEqual([undefined, { stranded: 1 }]);
  expect((await theItem(runId)).flag).toBe("nobody_left");
});
