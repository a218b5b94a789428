import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { addApprover, askQuestion, overrideItem } from "../../lib/approvals/steer";
import type { Values } from "../../lib/engine/state";
import type { Person } from "../../lib/people/current-person";
import { controlRun } from "../../lib/runs/commands";
import { runPage } from "../../lib/runs/queries/run-page";
import { claimItem } from "../../lib/work/commands/claim-item";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { listApprovals } from "../../lib/work/queries/list-approvals";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { aScreenFlow } from "../builders/flows";
import { opened } from "../builders/interviews";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow } from "../builders/runs";

/** What one person may not do twice, by whatever road (S31, I36). */
const { ann, boss } = await aTeamWithThings();
let made = 0;

const to = ({ username }: Person) => ({ assignee: { type: "user", value: { literal: username } } });
type Given = Parameters<typeof anApprovalStep>[1];

/** One step behind the other, or a single one; the run's id. */
async function submitted(by: Person, ...steps: Given[]): Promise<string> {
  const stages = steps.map((step, index) =>
    aStage(`Stage${index}`, [anApprovalStep(`Step${index}`, step)], {
      next: index + 1 < steps.length ? `Stage${index + 1}` : null,
    }),
  );
  const start = { type: "autolaunched", object: "Thing", next: "Stage0" };
  const { definitionId } = await activated(anApprovalProcess(stages, { name: `One_${++made}`, start }));
  const ask = { definitionId, recordId: await aRecord("Thing", { Amount: 1 }, by), comments: "" };
  return must(await commanded(by, (tx) => requestApproval(tx, by, ask))).runId;
}
const theOpen = async (runId: string) => (await openItems(runId))[0]?.workItemId ?? "";
const say = (person: Person, workItemId: string) =>
  commanded(person, (tx) => decide(tx, person, { workItemId, decision: "approve", comments: "" }));
const override = (person: Person, workItemId: string) =>
  commanded(person, (tx) => overrideItem(tx, person, { workItemId, outcome: "Approve", comments: "so" }));
type Control = Parameters<typeof controlRun>[2]["command"];
const skip = async (person: Person, runId: string, outputs: Values | null) => {
  const stepRunId = (await openItems(runId))[0]?.stepRunId ?? "";
  return control(person, runId, { type: "skip-step", stepRunId, reason: "so", outputs });
};
const control = (person: Person, runId: string, command: Control) =>
  commanded(person, (tx) => controlRun(tx, person, { runId, command }));
const skipOffered = async (person: Person, runId: string) =>
  (await runPage(db(), person, runId))?.control.steps.map(({ maySkip }) => maySkip);
const addTo = (workItemId: string, { userId }: Person) =>
  commanded(boss, (tx) => addApprover(tx, boss, { workItemId, userId, reason: "x" }));
const give = (by: Person, workItemId: string, type: "user" | "group", id: string) =>
  commanded(by, (tx) => reassignItem(tx, by, { workItemId, to: { type, id }, reason: "x" }));
const listed = async (who: Person) =>
  (await listApprovals(db(), await again(who), { view: "decide" })).rows.map(({ workItemId }) => workItemId);
const statusOf = async (runId: string) => (await stateNow(runId)).submission?.status;

describe("a question", () => {
  const asks = (person: Person, workItemId: string, { userId }: Person) =>
    commanded(person, (tx) => askQuestion(tx, person, { workItemId, userId, text: "Why?" }));

  test("is not asked about one's own request by a member of the group that decides on it", async () => {
    const [one, other, hal] = [await aPerson(), await aPerson(), await aPerson()];
    const { name } = await aGroup(undefined, [one, other]);
    const runId = await submitted(await again(one), { assignee: { type: "group", value: { literal: name } } });
    const item = await theOpen(runId);
    expect(await asks(await again(one), item, hal)).toMatchObject({ refusal: { code: "own-submission" } });
    expect(await openItems(runId)).toHaveLength(1);
    must(await asks(await again(other), item, hal));
  });

  test("is not asked by who has had their say, or decided in somebody's place", async () => {
    const [one, other, hal] = [await aPerson(), await aPerson({ name: "Otto" }), await aPerson()];
    const { name } = await aGroup(undefined, [one, hal]);
    const runId = await submitted(ann, to(other), { assignee: { type: "group", value: { literal: name } } });
    const standIn = await standingIn(one, other);
    must(await say(standIn, await theOpen(runId)));
    expect(await asks(await again(one), await theOpen(runId), hal)).toMatchObject({
      refusal: { code: "decided-in-place", details: { to: "Otto" } },
    });
  });
});

describe("an admin's override", () => {
  test("is refused, as skipping it is, to who decided on the request, for themselves or in somebody's place, and to that one; another admin may", async () => {
    const [one, ben] = [await aPerson({ role: "admin" }), await aPerson({ role: "admin" })];
    const standIn = await standingIn(await aPerson({ role: "admin" }), ben);
    const second = await again(await aPerson({ role: "admin" }));
    for (const [approver, decider, barred] of [
      [one, await again(one), await again(one)],
      [ben, standIn, standIn],
      [ben, standIn, await again(ben)],
    ] as const) {
      const runId = await submitted(ann, to(approver), to(await aPerson()));
      must(await say(decider, await theOpen(runId)));
      const item = await theOpen(runId);
      const offered = async (person: Person) => (await itemDetail(db(), person, item))?.approval?.mayOverride;
      expect([await offered(barred), await offered(second)]).toEqual([false, true]);
      expect([await skipOffered(barred, runId), await skipOffered(second, runId)]).toEqual([[false], [true]]);
      const refused = { refusal: { code: "decided-as-approver" } };
      expect(await override(barred, item)).toMatchObject(refused);
      for (const outputs of [{ approvalDecision: "Approve" }, null])
        expect(await skip(barred, runId, outputs)).toMatchObject(refused);
      expect(await openItems(runId)).toHaveLength(1);
      must(await override(second, item));
      expect(await statusOf(runId)).toBe("approved");
    }
  });

  test("does not keep who gave it from what the process asks of them next", async () => {
    const one = await again(await aPerson({ role: "admin" }));
    const runId = await submitted(ann, to(await aPerson()), to(one));
    must(await override(one, await theOpen(runId)));
    must(await say(one, await theOpen(runId)));
    expect(await statusOf(runId)).toBe("approved");
  });
});

describe("an admin who decided on the request", () => {
  const offered = async (person: Person, runId: string) => {
    const { goTo, steps } = (await runPage(db(), person, runId))?.control ?? {};
    return [goTo !== null, steps?.some(({ mayFail }) => mayFail)];
  };

  test("leads it past nobody else's approval by going to a stage or failing a step; another admin may", async () => {
    const [one, second] = [
      await again(await aPerson({ role: "admin" })),
      await again(await aPerson({ role: "admin" })),
    ];
    const runId = await submitted(ann, to(one), to(await aPerson()), to(await aPerson()));
    must(await say(one, await theOpen(runId)));
    const stepRunId = (await openItems(runId))[0]?.stepRunId ?? "";
    const refused = { refusal: { code: "decided-as-approver" } };
    expect([await offered(one, runId), await offered(second, runId)]).toEqual([
      [false, false],
      [true, true],
    ]);
    for (const stage of ["Stage2", "Stage0"])
      expect(await control(one, runId, { type: "go-to-stage", stage, reason: "so" })).toMatchObject(refused);
    expect(await control(one, runId, { type: "fail-step", stepRunId, reason: "so" })).toMatchObject(refused);
    expect((await openItems(runId)).map((item) => item.stepRunId)).toEqual([stepRunId]);
    must(await control(second, runId, { type: "fail-step", stepRunId, reason: "so" }));
    expect(await control(one, runId, { type: "go-to-stage", stage: "Stage2", reason: "so" })).toMatchObject(refused);
    must(await control(second, runId, { type: "go-to-stage", stage: "Stage2", reason: "so" }));
    expect(await openItems(runId)).toHaveLength(1);
  });
});

describe("an approval that was given to a group by hand", () => {
  test("is not decided by a member who decided at another step, nor claimed by or offered to them; by the others it is", async () => {
    const [first, second, third] = [await again(await aPerson()), await aPerson(), await again(await aPerson())];
    const { groupId } = await aGroup(undefined, [first, third]);
    const runId = await submitted(ann, to(first), to(second));
    must(await say(first, await theOpen(runId)));
    const item = await theOpen(runId);
    must(await give(boss, item, "group", groupId));
    const refused = { refusal: { code: "decides-elsewhere" } };
    const now = await again(first);
    expect(await listed(first)).toEqual([]);
    expect(await listed(third)).toEqual([item]);
    expect(await itemDetail(db(), now, item)).toMatchObject({ mayWork: false, mayClaim: false });
    expect(await say(now, item)).toMatchObject(refused);
    const claim = await commanded(now, (tx) => claimItem(tx, now, { workItemId: item, takeOver: false }));
    expect(claim).toMatchObject(refused);
    must(await say(await again(third), item));
    expect(await statusOf(runId)).toBe("approved");
  });

  test("opens no screens for a member who decided at its step or another; for the others it does", async () => {
    const output = { name: "approvalDecision", type: "text", isOutput: true };
    await activated(aScreenFlow("Look", { variables: [output] }));
    const screens = { flow: "Look" };
    const [first, second, third] = [await again(await aPerson()), await aPerson(), await again(await aPerson())];
    const { groupId } = await aGroup(undefined, [first, third]);
    for (const [steps, code] of [
      [[to(first), { ...to(second), ...screens }], "decides-elsewhere"],
      [[{ ...to(first), ...screens }], "said-already"],
    ] as const) {
      const runId = await submitted(ann, ...steps);
      const own = await theOpen(runId);
      if (steps.length === 1) must(await addTo(own, second));
      must(await say(first, own));
      const item = await theOpen(runId);
      must(await give(boss, item, "group", groupId));
      expect(await opened(await again(first), item)).toMatchObject({ refusal: { code } });
      must(await opened(third, item));
    }
  });

  test("nor by one in whose place another step was decided", async () => {
    const [ben, second, third] = [await aPerson(), await aPerson(), await aPerson()];
    const { groupId } = await aGroup(undefined, [ben, third]);
    const runId = await submitted(ann, to(ben), to(second));
    must(await say(await standingIn(await aPerson(), ben), await theOpen(runId)));
    const item = await theOpen(runId);
    must(await give(boss, item, "group", groupId));
    expect(await listed(ben)).toEqual([]);
    expect(await say(await again(ben), item)).toMatchObject({ refusal: { code: "decides-elsewhere" } });
    must(await say(await again(third), item));
  });

  test("is decided by them where the process itself asks their group", async () => {
    const first = await aPerson();
    const { name } = await aGroup(undefined, [first]);
    const runId = await submitted(ann, to(first), { assignee: { type: "group", value: { literal: name } } });
    for (let level = 0; level < 2; level++) must(await say(await again(first), await theOpen(runId)));
    expect(await statusOf(runId)).toBe("approved");
  });

  test("is given to no group of which nobody may decide it", async () => {
    const [first, second] = [await again(await aPerson()), await aPerson()];
    const { groupId } = await aGroup(undefined, [first]);
    const runId = await submitted(ann, to(first), to(second));
    must(await say(first, await theOpen(runId)));
    expect(await give(boss, await theOpen(runId), "group", groupId)).toMatchObject({
      refusal: { code: "nobody-there-decides" },
    });
    expect((await openItems(runId))[0]?.assigneeId).toBe(second.userId);
  });
});

test("in whose place one step was decided gets no other step of the request by hand", async () => {
  const [ben, second] = [await aPerson(), await aPerson()];
  const runId = await submitted(ann, to(ben), to(second));
  must(await say(await standingIn(await aPerson(), ben), await theOpen(runId)));
  const item = await theOpen(runId);
  const refused = { refusal: { code: "already-approver" } };
  expect(await give(boss, item, "user", ben.userId)).toMatchObject(refused);
  const add = { workItemId: item, userId: ben.userId, reason: "x" };
  expect(await commanded(boss, (tx) => addApprover(tx, boss, add))).toMatchObject(refused);
});
