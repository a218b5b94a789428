import { and, eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { outbox, workItem } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { addApprover } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { claimItem } from "../../lib/work/commands/claim-item";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { listApprovals } from "../../lib/work/queries/list-approvals";
import { countWork, listWork } from "../../lib/work/queries/list-work";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow } from "../builders/runs";

/** Who decided on a request in somebody's place decides nothing of it for themselves: so nobody waits for them (S31). */
const { ann, boss } = await aTeamWithThings();
let made = 0;

type Given = Parameters<typeof anApprovalStep>[1];

const to = ({ username }: Person) => ({ assignee: { type: "user", value: { literal: username } } });
const toGroup = (name: string, rule = "first") => ({
  assignee: { type: "group", value: { literal: name } },
  rule: { type: rule },
});

/** Ben's approval, and another step behind it or beside it; ana stands in for ben. */
async function aRequest(
  order: "in a row" | "at once",
  other: (ana: Person, carl: Person) => Promise<Given> | Given,
  hasFallback = true,
) {
  const people = await Promise.all([aPerson({ name: "Ben" }), aPerson({ name: "Ana" }), aPerson(), aPerson()]);
  const [ben, one, carl, stop] = people;
  const steps = [anApprovalStep("Bens", to(ben)), anApprovalStep("Other", await other(one, carl))] as const;
  const stages =
    order === "at once"
      ? [aStage("First", [...steps])]
      : [aStage("First", [steps[0]], { next: "Second" }), aStage("Second", [steps[1]])];
  const fallback = hasFallback && { fallbackAssignee: { type: "user", value: stop.username } };
  const process = anApprovalProcess(stages, { name: `Aside_${++made}`, ...fallback });
  const { definitionId } = await activated(process);
  const ana = await standingIn(one, ben);
  const ask = { definitionId, recordId: await aRecord("Thing", { Amount: 1 }, ann), comments: "" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, ask)));
  const bens = (await openItems(runId)).find(({ assigneeId }) => assigneeId === ben.userId)?.workItemId ?? "";
  return {
    runId,
    ben: await again(ben),
    ana: await again(ana),
    carl: await again(carl),
    stop: await again(stop),
    bens,
  };
}
const reassigned = (workItemId: string, { userId: id }: Person) =>
  commanded(boss, (tx) => reassignItem(tx, boss, { workItemId, to: { type: "user", id }, reason: "x" }));
const added = (workItemId: string, { userId }: Person) =>
  commanded(boss, (tx) => addApprover(tx, boss, { workItemId, userId, reason: "x" }));
const aTeam = async (...members: Person[]) => (await aGroup(undefined, members)).name;
const say = (person: Person, workItemId = "") =>
  commanded(person, (tx) => decide(tx, person, { workItemId, decision: "approve", comments: "" }));
const openOf = async (runId: string) => (await openItems(runId)).filter(({ kind }) => kind === "approval");
const ofPerson = async (runId: string, { userId }: Person) =>
  (await openOf(runId)).find(({ assigneeId }) => assigneeId === userId);
const listed = async (who: Person, view: "decide" | "delegated" = "decide") =>
  (await listApprovals(db(), await again(who), { view })).rows.map(({ workItemId }) => workItemId);
const mailsAbout = async (workItemId: string) =>
  db()
    .select()
    .from(outbox)
    .where(and(eq(outbox.workItemId, workItemId), eq(outbox.kind, "assignment")));
const statusOf = async (runId: string) => (await stateNow(runId)).submission?.status;

describe("a later step", () => {
  test("counts no vote of theirs: the others are unanimous without them", async () => {
    const { runId, ana, carl, bens, ben } = await aRequest("in a row", async (a, c) =>
      toGroup(await aTeam(a, c), "unanimous"),
    );
    must(await say(ana, bens));
    const votes = (await openOf(runId)).filter(({ parentItemId }) => parentItemId !== null);
    expect(votes.map(({ assigneeId }) => assigneeId)).toEqual([carl.userId]);
    expect(await listed(ana)).toEqual([]);
    must(await say(carl, votes[0]?.workItemId));
    expect(await statusOf(runId)).toBe("approved");
    expect(ben.userId).not.toBe(carl.userId);
  });

  test("goes to the fallback where it is theirs alone, by name or in a group, and is flagged", async () => {
    for (const other of [(a: Person) => to(a), async (a: Person) => toGroup(await aTeam(a), "unanimous")]) {
      const { runId, ana, stop, bens } = await aRequest("in a row", other);
      must(await say(ana, bens));
      const item = await ofPerson(runId, stop);
      expect(["fallback", "inactive_assignee"]).toContain(item?.flag);
      must(await say(stop, item?.workItemId));
      expect(await statusOf(runId)).toBe("approved");
    }
  });

  test("waits for whoever is given it by hand, or a vote, where there is no fallback, and the run says so", async () => {
    const inGroup = async (a: Person) => toGroup(await aTeam(a), "unanimous");
    for (const [other, give] of [[to, reassigned] as const, [inGroup, added] as const]) {
      const { runId, ana, carl, bens } = await aRequest("in a row", other, false);
      must(await say(ana, bens));
      const [item] = await openOf(runId);
      const workItemId = item?.workItemId ?? "";
      expect(item).toMatchObject({ flag: "nobody_left" });
      expect((await stateNow(runId)).run.stalledReason).toContain("obody is left who could do its work item");
      expect([await listed(ana), (await mailsAbout(workItemId)).map(({ status }) => status)]).toEqual([
        [],
        ["skipped"],
      ]);
      must(await give(workItemId, carl));
      const own = (await openItems(runId)).find(({ assigneeId }) => assigneeId === carl.userId);
      must(await say(carl, own?.workItemId ?? ""));
      expect(await statusOf(runId)).toBe("approved");
    }
  });

  test("of a group is not offered, counted, mailed or claimable by them, but by the others", async () => {
    const { runId, ana, carl, bens } = await aRequest("in a row", async (a, c) => toGroup(await aTeam(a, c)));
    must(await say(ana, bens));
    const [item] = await openOf(runId);
    const id = item?.workItemId ?? "";
    expect(await listed(ana)).toEqual([]);
    expect(await listed(carl)).toEqual([id]);
    expect(await countWork(db(), await again(ana))).toMatchObject({ approvals: 0, groups: 0, now: 0 });
    expect((await listWork(db(), await again(ana), { view: "groups" })).rows).toEqual([]);
    expect((await mailsAbout(id)).map(({ recipientId }) => recipientId)).toEqual([carl.userId]);
    expect(await itemDetail(db(), await again(ana), id)).toMatchObject({ mayWork: false, mayClaim: false });
    const claim = await commanded(ana, (tx) => claimItem(tx, ana, { workItemId: id, takeOver: false }));
    expect(claim).toMatchObject({ refusal: { code: "decided-in-place", details: { to: "Ben" } } });
    expect(await say(ana, id)).toMatchObject({ refusal: { code: "decided-in-place" } });
    must(await say(carl, id));
  });

  test("of a group in which the other is too is theirs in that one's place again", async () => {
    const ben = await aPerson({ name: "Ben" });
    const ana = await standingIn(await aPerson(), ben);
    const group = await aTeam(ben, ana);
    const stages = [
      aStage("First", [anApprovalStep("Bens", to(ben))], { next: "Second" }),
      aStage("Second", [anApprovalStep("Other", toGroup(group))]),
    ];
    const { definitionId } = await activated(anApprovalProcess(stages, { name: `Aside_${++made}` }));
    const ask = { definitionId, recordId: await aRecord("Thing", { Amount: 1 }, ann), comments: "" };
    const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, ask)));
    must(await say(await again(ana), (await openOf(runId))[0]?.workItemId));
    const id = (await openOf(runId))[0]?.workItemId ?? "";
    expect([await listed(ana), await listed(ana, "delegated")]).toEqual([[], [id]]);
    expect(await itemDetail(db(), await again(ana), id)).toMatchObject({ mayWork: true, mayClaim: false });
    must(await say(await again(ana), id));
    const [done] = await db().select().from(workItem).where(eq(workItem.workItemId, id));
    expect(done).toMatchObject({ completedBy: ana.userId, onBehalfOf: ben.userId });
  });

  test("is not given to them by hand, nor as one more approver", async () => {
    const { runId, ana, bens } = await aRequest("in a row", (_a, c) => to(c));
    must(await say(ana, bens));
    const workItemId = (await openOf(runId))[0]?.workItemId ?? "";
    const given = { workItemId, to: { type: "user", id: ana.userId } as const, reason: "x" };
    const refused = { refusal: { code: "already-approver" } };
    expect(await commanded(boss, (tx) => reassignItem(tx, boss, given))).toMatchObject(refused);
    const one = { workItemId, userId: ana.userId, reason: "x" };
    expect(await commanded(boss, (tx) => addApprover(tx, boss, one))).toMatchObject(refused);
  });
});

describe("whoever decides in somebody's place while something of their own is open", () => {
  test("has their vote taken out, which the history tells, and the group decides without it", async () => {
    const { runId, ana, carl, bens } = await aRequest("at once", async (a, c) =>
      toGroup(await aTeam(a, c), "unanimous"),
    );
    const own = await ofPerson(runId, ana);
    must(await say(ana, bens));
    const [vote] = await db()
      .select()
      .from(workItem)
      .where(eq(workItem.workItemId, own?.workItemId ?? ""));
    expect(vote).toMatchObject({
      completionKind: "withdrawn",
      comments: expect.stringContaining("somebody else's place"),
    });
    expect((await itemDetail(db(), await again(boss), own?.workItemId ?? ""))?.history.at(-1)).toMatchObject({
      comments: expect.stringContaining("somebody else's place"),
    });
    expect((await mailsAbout(own?.workItemId ?? "")).map(({ status }) => status)).toEqual(["withdrawn"]);
    expect(await listed(ana)).toEqual([]);
    must(await say(carl, (await ofPerson(runId, carl))?.workItemId));
    expect(await statusOf(runId)).toBe("approved");
  });

  test("decides the group by leaving it, where all others have voted", async () => {
    const { runId, ana, carl, bens } = await aRequest("at once", async (a, c) =>
      toGroup(await aTeam(a, c), "unanimous"),
    );
    must(await say(carl, (await ofPerson(runId, carl))?.workItemId));
    must(await say(ana, bens));
    expect(await statusOf(runId)).toBe("approved");
  });

  test("leaves the fallback to vote where nobody else would, and to decide what was theirs", async () => {
    for (const other of [
      (a: Person) => to(a),
      async (a: Person) => toGroup(await aTeam(a), "unanimous"),
      async (a: Person) => toGroup(await aTeam(a)),
    ]) {
      const { runId, ana, stop, bens } = await aRequest("at once", other);
      must(await say(ana, bens));
      const item = await ofPerson(runId, stop);
      expect(item).toMatchObject({ flag: "fallback" });
      expect((await mailsAbout(item?.workItemId ?? "")).some(({ recipientId }) => recipientId === stop.userId)).toBe(
        true,
      );
      must(await say(stop, item?.workItemId));
      expect(await statusOf(runId)).toBe("approved");
    }
  });

  test("leaves it flagged, and the run stalled with the reason, where there is no fallback; a manager gives it on", async () => {
    for (const other of [(a: Person) => to(a), async (a: Person) => toGroup(await aTeam(a))]) {
      const { runId, ana, carl, bens } = await aRequest("at once", other, false);
      must(await say(ana, bens));
      const [item] = await openOf(runId);
      expect(item).toMatchObject({ flag: "nobody_left" });
      expect((await stateNow(runId)).run.stalledReason).toContain("obody is left who could do its work item");
      expect(await listed(ana)).toEqual([]);
      expect(await countWork(db(), await again(ana))).toMatchObject({ approvals: 0, now: 0, groups: 0 });
      const given = { workItemId: item?.workItemId ?? "", to: { type: "user", id: carl.userId } as const, reason: "x" };
      must(await commanded(boss, (tx) => reassignItem(tx, boss, given)));
      must(await say(carl, item?.workItemId));
      expect(await statusOf(runId)).toBe("approved");
    }
  });

  test("gives back what they had claimed, and the mails to them about it are withdrawn", async () => {
    const { runId, ana, carl, bens } = await aRequest("at once", async (a, c) => toGroup(await aTeam(a, c)));
    const id = (await openOf(runId)).find(({ assigneeType }) => assigneeType === "group")?.workItemId ?? "";
    must(await commanded(ana, (tx) => claimItem(tx, ana, { workItemId: id, takeOver: false })));
    must(await say(ana, bens));
    expect((await openOf(runId))[0]).toMatchObject({ workItemId: id, claimedBy: null, flag: null });
    const mails = Object.fromEntries((await mailsAbout(id)).map(({ recipientId, status }) => [recipientId, status]));
    expect(mails).toEqual({ [ana.userId]: "withdrawn", [carl.userId]: "queued" });
    must(await say(carl, id));
    expect(await statusOf(runId)).toBe("approved");
  });
});

test("who decided for themselves is offered nothing of the request in another's place, and told of nothing", async () => {
  const [ben, one] = [await aPerson(), await aPerson()];
  const ana = await standingIn(one, ben);
  const stages = [
    aStage("First", [anApprovalStep("Anas", to(ana))], { next: "Second" }),
    aStage("Second", [anApprovalStep("Bens", to(ben))]),
  ];
  const { definitionId } = await activated(anApprovalProcess(stages, { name: `Aside_${++made}` }));
  const ask = { definitionId, recordId: await aRecord("Thing", { Amount: 1 }, ann), comments: "" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, ask)));
  must(await say(ana, (await openOf(runId))[0]?.workItemId));
  const id = (await openOf(runId))[0]?.workItemId ?? "";
  expect(await listed(ana, "delegated")).toEqual([]);
  expect(await countWork(db(), await again(ana))).toMatchObject({ approvals: 0 });
  expect((await mailsAbout(id)).map(({ recipientId }) => recipientId)).toEqual([ben.userId]);
  must(await say(await again(ben), id));
});
