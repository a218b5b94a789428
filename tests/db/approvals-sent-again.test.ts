import { expect, test } from "vitest";
import { db } from "../../db/client";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { answerItem } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { deactivateAndHandOver } from "../../lib/work/commands/hand-over";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { listApprovals } from "../../lib/work/queries/list-approvals";
import { listWork } from "../../lib/work/queries/list-work";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow } from "../builders/runs";

/** Whoever sends a request again in its submitter's place has submitted it too, and decides nothing of it (I36). */
const { admin } = await aTeamWithThings();
let made = 0;

type Given = Parameters<typeof anApprovalStep>[1];
const to = ({ username }: Person) => ({ assignee: { type: "user", value: { literal: username } } });
const toGroup = (name: string, rule = "first") => ({
  assignee: { type: "group", value: { literal: name } },
  rule: { type: rule },
});
const BACK = { outcomes: [{ name: "Back", label: "Send back", does: "send_back" }] };
const open = async (runId: string) => (await openItems(runId)).filter(({ voting }) => !voting);
const itemOf = async (runId: string, { userId }: Person) =>
  (await open(runId)).find(({ assigneeId }) => assigneeId === userId)?.workItemId ?? "";
const say = (person: Person, workItemId: string, decision = "approve") =>
  commanded(person, (tx) => decide(tx, person, { workItemId, decision, comments: "so" }));
const listed = async (who: Person, view: "decide" | "delegated" = "decide") =>
  (await listApprovals(db(), await again(who), { view })).rows.map(({ workItemId }) => workItemId);
const statusOf = async (runId: string) => (await stateNow(runId)).submission?.status;

/** Bob's approval of what Sue asks for, beside others; Bob sends it back, Sue is gone by then, and her revision is Bob's, who sends it again. */
async function sentAgain(others: (bob: Person) => Promise<Given[]>, more: object = {}) {
  const one = await aPerson({ name: "Bob", role: "manager" });
  const sue = await again(await aPerson({ managerId: one.userId }));
  const steps = [to(one), ...(await others(one))].map((step) => ({ ...step, ...BACK }));
  const stage = aStage(
    "First",
    steps.map((step, index) => anApprovalStep(`Step${index}`, step)),
  );
  const { definitionId } = await activated(anApprovalProcess([stage], { name: `Again_${++made}`, ...more }));
  const ask = { definitionId, recordId: await aRecord("Thing", { Amount: 1 }, sue), comments: "" };
  const { runId } = must(await commanded(sue, (tx) => requestApproval(tx, sue, ask)));
  const bob = await again(one);
  const ofBob = (await open(runId)).find((item) => item.assigneeId === bob.userId && item.parentItemId === null);
  must(await say(bob, ofBob?.workItemId ?? "", "Back"));
  must(await commanded(admin, (tx) => deactivateAndHandOver(tx, admin, { userId: sue.userId })));
  const revision = (await open(runId)).find(({ kind }) => kind === "revision");
  expect(revision).toMatchObject({ assigneeId: bob.userId });
  must(await commanded(bob, (tx) => answerItem(tx, bob, { workItemId: revision?.workItemId ?? "", text: "mended" })));
  return { runId, bob };
}
const nobodys = async () => [];

test("their own step waits for whoever is given it by hand, which they do not choose, nor does a stand-in give it", async () => {
  const { runId, bob } = await sentAgain(nobodys);
  const [item] = await open(runId);
  const workItemId = item?.workItemId ?? "";
  expect(item).toMatchObject({ kind: "approval", assigneeId: bob.userId, flag: "nobody_left" });
  const standIn = await standingIn(await aPerson(), bob);
  expect([await listed(bob), await listed(standIn, "delegated")]).toEqual([[], []]);
  expect((await listWork(db(), bob, { view: "now" })).rows).toEqual([]);
  const refused = { refusal: { code: "own-submission" } };
  for (const who of [bob, standIn]) {
    expect(await itemDetail(db(), who, workItemId)).toMatchObject({ mayWork: false });
    expect(await say(who, workItemId)).toMatchObject(refused);
  }
  const other = await again(await aPerson());
  const given = { workItemId, to: { type: "user", id: other.userId } as const, reason: "x" };
  expect(await commanded(bob, (tx) => reassignItem(tx, bob, given))).toMatchObject({ ok: false });
  must(await commanded(admin, (tx) => reassignItem(tx, admin, given)));
  must(await say(other, workItemId));
  expect(await statusOf(runId)).toBe("approved");
});

test("it goes to the fallback where there is one, and so does what they had open at another step", async () => {
  const stop = await again(await aPerson());
  const { runId, bob } = await sentAgain(async (one) => [to(one)], {
    fallbackAssignee: { type: "user", value: stop.username },
  });
  const items = await open(runId);
  expect(items.map(({ assigneeId, flag }) => [assigneeId, flag])).toEqual([
    [stop.userId, "fallback"],
    [stop.userId, "fallback"],
  ]);
  expect(await listed(bob)).toEqual([]);
});

test("of a group it is the others' to decide, and their vote is taken out", async () => {
  const [carl, dora] = [await again(await aPerson()), await again(await aPerson())];
  const { runId, bob } = await sentAgain(
    async (one) => [
      toGroup((await aGroup(undefined, [one, carl])).name),
      toGroup((await aGroup(undefined, [one, dora])).name, "unanimous"),
    ],
    { fallbackAssignee: { type: "user", value: carl.username } },
  );
  const items = await open(runId);
  expect(items.map(({ assigneeId }) => assigneeId)).not.toContain(bob.userId);
  expect(await listed(bob)).toEqual([]);
  const ofGroup = items.find(({ assigneeType }) => assigneeType === "group")?.workItemId ?? "";
  expect(await say(bob, ofGroup)).toMatchObject({ refusal: { code: "own-submission" } });
  must(await say(carl, ofGroup));
  must(await say(dora, await itemOf(runId, dora)));
  must(await say(carl, await itemOf(runId, carl)));
  expect(await statusOf(runId)).toBe("approved");
});

test("they decide it where the process lets people decide what they submitted, and the history says so", async () => {
  const { runId, bob } = await sentAgain(nobodys, { approval: { allowsSelfApproval: true } });
  must(await say(bob, await itemOf(runId, bob)));
  expect(await statusOf(runId)).toBe("approved");
  const [said] = await db().$client<{ n: number }[]>`
    select count(*)::int as n from contract.history where run_id = ${runId} and milestone = 'self_approval_allowed'`;
  expect(said).toEqual({ n: 1 });
});
