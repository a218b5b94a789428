import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { record } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { addApprover, recallSubmission } from "../../lib/approvals/steer";
import { pinVersion } from "../../lib/definitions/commands/pin-version";
import type { Person } from "../../lib/people/current-person";
import { begin } from "../../lib/runs/start";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow } from "../builders/runs";

const { ann, boss, admin } = await aTeamWithThings();
let made = 0;

const person = async () => again(await aPerson());
const to = ({ username }: Person) => ({ assignee: { type: "user", value: { literal: username } } });
const unchanged = { skipIfUnchanged: ["$Record.Amount"] };

/** A process of these levels, each skipped while the amount is what it was, and a record of 100 of Ann's. */
async function aCase(levels: readonly object[], more: object = {}) {
  const stages = levels.map((level, at) =>
    aStage(`L${at}`, [anApprovalStep(`Step${at}`, { ...unchanged, ...level })], {
      next: at + 1 < levels.length ? `L${at + 1}` : null,
    }),
  );
  const { definitionId } = await activated(anApprovalProcess(stages, { name: `Unchanged_${++made}`, ...more }));
  const recordId = await aRecord("Thing", { Amount: 100 }, ann);
  return { definitionId, recordId };
}

const submit = async (about: { definitionId: string; recordId: string }, by: Person = ann) =>
  must(await commanded(by, (tx) => requestApproval(tx, by, { ...about, comments: "" }))).runId;
const set = (recordId: string, Amount: number) =>
  db().update(record).set({ data: { Amount } }).where(eq(record.recordId, recordId));
const say = async (who: Person, runId: string, decision: "approve" | "reject") => {
  const item = (await openItems(runId)).find(({ assigneeId }) => assigneeId === who.userId);
  must(await commanded(who, (tx) => decide(tx, who, { workItemId: item?.workItemId ?? "", decision, comments: "so" })));
};
const statusOf = async (runId: string) => (await stateNow(runId)).submission?.status;
const decidedBy = async (runId: string) => (await stateNow(runId)).steps.map((step) => step.decidedBy);

describe("a level is skipped while nothing changes since it was approved", () => {
  test("after another level rejected the request: only that one is asked again", async () => {
    const [first, second] = [await person(), await person()];
    const about = await aCase([to(first), to(second)]);
    const rejected = await submit(about);
    await say(first, rejected, "approve");
    await say(second, rejected, "reject");
    const runId = await submit(about);
    expect(await decidedBy(runId)).toEqual(["unchanged", null]);
    expect((await openItems(runId)).map(({ assigneeId }) => assigneeId)).toEqual([second.userId]);
  });

  test("after it was skipped for that reason already", async () => {
    const about = await aCase([to(boss)]);
    await say(boss, await submit(about), "approve");
    await submit(about);
    expect(await decidedBy(await submit(about))).toEqual(["unchanged"]);
  });

  test("after a submission that was taken back before anybody said anything", async () => {
    const about = await aCase([to(boss)]);
    await say(boss, await submit(about), "approve");
    await set(about.recordId, 200);
    const runId = await submit(about);
    must(await commanded(ann, (tx) => recallSubmission(tx, ann, { runId, reason: "too early" })));
    await set(about.recordId, 100);
    expect(await decidedBy(await submit(about))).toEqual(["unchanged"]);
  });
});

describe("a level is asked for, though nothing differs from an approval that somebody once gave there", () => {
  test("one member of a unanimous group approved, another rejected", async () => {
    const [one, other] = [await person(), await person()];
    const { name } = await aGroup(undefined, [one, other]);
    const assignee = { type: "group", value: { literal: name } };
    const about = await aCase([{ assignee, rule: { type: "unanimous" } }]);
    const runId = await submit(about);
    await say(await again(one), runId, "approve");
    await say(await again(other), runId, "reject");
    expect(await statusOf(runId)).toBe("rejected");
    expect(await statusOf(await submit(about))).toBe("in_progress");
  });

  test("an approver who was added approved, the step's own rejected", async () => {
    const [own, added] = [await person(), await person()];
    const about = await aCase([to(own)]);
    const runId = await submit(about);
    const workItemId = (await openItems(runId))[0]?.workItemId ?? "";
    const add = { workItemId, userId: added.userId, reason: "four eyes" };
    must(await commanded(boss, (tx) => addApprover(tx, boss, add)));
    await say(added, runId, "approve");
    await say(own, runId, "reject");
    expect(await statusOf(await submit(about))).toBe("in_progress");
  });

  test("the members of a group saw different amounts, though the last saw this one", async () => {
    const [one, other] = [await person(), await person()];
    const { name } = await aGroup(undefined, [one, other]);
    const about = await aCase([{ assignee: { type: "group", value: { literal: name } }, rule: { type: "unanimous" } }]);
    const runId = await submit(about);
    await say(await again(one), runId, "approve");
    await set(about.recordId, 200);
    await say(await again(other), runId, "approve");
    expect(await statusOf(runId)).toBe("approved");
    expect(await statusOf(await submit(about))).toBe("in_progress");
  });

  test.each([
    ["the policy that approvers are shown", { policy: "Nobody may spend more than 50." }],
    ["the facts that they are shown", { facts: [{ value: "$Record.Amount", label: "How much" }] }],
  ])("%s is another since", async (_what, approval) => {
    const level = [aStage("L0", [anApprovalStep("Step0", { ...unchanged, ...to(boss) })])];
    const name = `Unchanged_${++made}`;
    const { definitionId } = await activated(anApprovalProcess(level, { name }));
    const about = { definitionId, recordId: await aRecord("Thing", { Amount: 100 }, ann) };
    await say(boss, await submit(about), "approve");
    await activated(anApprovalProcess(level, { name, description: "Only this is another" }));
    expect(await statusOf(await submit(about))).toBe("approved");
    await activated(anApprovalProcess(level, { name, approval }));
    expect(await statusOf(await submit(about))).toBe("in_progress");
  });

  test("it was approved in a debug run", async () => {
    const about = await aCase([to(boss)]);
    const debug = { playedBy: boss.userId, mocks: {}, startStage: null };
    const played = await commanded(boss, async (tx) => {
      const pinned = must(await pinVersion(tx, admin, { name: about.definitionId, version: 1 }));
      const record = { object: "Thing", id: about.recordId };
      const actor = { type: "user", id: boss.userId } as const;
      return begin(tx, { pinned, actor, record, recordPrior: null, inputs: {}, comments: "", debug });
    });
    const { runId } = must(played);
    await say(boss, runId, "approve");
    expect(await statusOf(runId)).toBe("approved");
    expect(await statusOf(await submit(about))).toBe("in_progress");
  });

  test("whoever gave that approval submits it now", async () => {
    const about = await aCase([to(boss)], { fallbackAssignee: { type: "user", value: ann.username } });
    await say(boss, await submit(about), "approve");
    expect(await statusOf(await submit(about, boss))).toBe("in_progress");
  });

  test("it was rejected with other values since", async () => {
    const about = await aCase([to(boss)]);
    await say(boss, await submit(about), "approve");
    await set(about.recordId, 200);
    await say(boss, await submit(about), "reject");
    await set(about.recordId, 100);
    expect(await statusOf(await submit(about))).toBe("in_progress");
  });

  test("another level rejected the request since, in a later submission", async () => {
    const [first, second] = [await person(), await person()];
    const about = await aCase([to(first), to(second)]);
    const approved = await submit(about);
    await say(first, approved, "approve");
    await say(second, approved, "approve");
    await set(about.recordId, 200);
    await say(first, await submit(about), "reject");
    await set(about.recordId, 100);
    expect(await decidedBy(await submit(about))).toEqual([null]);
  });

  test("one of a group rejected it since, in a submission that was taken back before the group had decided", async () => {
    const people = [await person(), await person(), await person()] as const;
    const { name } = await aGroup(undefined, people);
    const assignee = { type: "group", value: { literal: name } };
    const about = await aCase([{ assignee, rule: { type: "majority" } }]);
    const [one, other] = [await again(people[0]), await again(people[1])];
    const approved = await submit(about);
    await say(one, approved, "approve");
    await say(other, approved, "approve");
    await set(about.recordId, 200);
    const runId = await submit(about);
    await say(other, runId, "reject");
    must(await commanded(ann, (tx) => recallSubmission(tx, ann, { runId, reason: "a mistake" })));
    await set(about.recordId, 100);
    expect(await statusOf(await submit(about))).toBe("in_progress");
  });
});
