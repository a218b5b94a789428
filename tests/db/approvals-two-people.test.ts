import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { addApprover } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow } from "../builders/runs";

const { ann, boss } = await aTeamWithThings();
let made = 0;
const step = (name: string, { username }: Person) =>
  anApprovalStep(name, { assignee: { type: "user", value: { literal: username } } });

/** Ben's approval and Ana's, who stands in for Ben and is a manager: one after the other, or both at once. */
async function aRequest(order: "in a row" | "at once") {
  const [ben, one] = [await aPerson({ name: "Ben" }), await aPerson({ name: "Ana", role: "manager" })];
  const steps = [step("Bens", ben), step("Anas", one)] as const;
  const stages =
    order === "at once"
      ? [aStage("First", [...steps])]
      : [aStage("First", [steps[0]], { next: "Second" }), aStage("Second", [steps[1]])];
  const { definitionId } = await activated(anApprovalProcess(stages, { name: `Two_${++made}` }));
  const ana = await standingIn(one, ben);
  const ask = { definitionId, recordId: await aRecord("Thing", { Amount: 1 }, ann), comments: "" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, ask)));
  const itemOf = async ({ userId }: Person) =>
    (await openItems(runId)).find(({ assigneeId }) => assigneeId === userId)?.workItemId ?? "";
  return { runId, ben: await again(ben), ana, itemOf };
}
const say = (person: Person, workItemId: string) =>
  commanded(person, (tx) => decide(tx, person, { workItemId, decision: "approve", comments: "" }));
const give = (by: Person, workItemId: string, to: Person) =>
  commanded(by, (tx) => reassignItem(tx, by, { workItemId, to: { type: "user", id: to.userId }, reason: "x" }));
const add = (by: Person, workItemId: string, { userId }: Person) =>
  commanded(by, (tx) => addApprover(tx, by, { workItemId, userId, reason: "x" }));

describe("two approvals of one request are two people's", () => {
  test.each(["in a row", "at once"] as const)(
    "who decided in somebody's place does not decide for themselves after it, %s, and is told before",
    async (order) => {
      const { runId, ben, ana, itemOf } = await aRequest(order);
      must(await say(ana, await itemOf(ben)));
      const own = await itemOf(ana);
      expect(await itemDetail(db(), ana, own)).toMatchObject({ mayWork: false });
      expect(await say(ana, own)).toMatchObject({
        refusal: { code: "decided-in-place", details: { to: "Ben" } },
      });
      // Somebody else has to: whom a manager gives it to.
      const other = await again(await aPerson());
      must(await give(boss, own, other));
      must(await say(other, await itemOf(other)));
      expect((await stateNow(runId)).submission?.status).toBe("approved");
    },
  );

  test("nor is what somebody else was to decide given to them by hand, whoever does it", async () => {
    const { ben, ana, itemOf } = await aRequest("at once");
    const bens = await itemOf(ben);
    // Their own is open.
    expect(await give(boss, bens, ana)).toMatchObject({ refusal: { code: "already-approver" } });
    must(await say(ana, await itemOf(ana)));
    // It is decided.
    expect(await say(ana, bens)).toMatchObject({ refusal: { code: "decided-before" } });
    expect(await give(ana, bens, ana)).toMatchObject({ refusal: { code: "already-approver" } });
    expect(await add(boss, bens, ana)).toMatchObject({ refusal: { code: "already-approver" } });
    must(await say(ben, bens));
  });

  test("nor is their own given to the one in whose place they decide", async () => {
    const { ben, ana, itemOf } = await aRequest("at once");
    expect(await give(ana, await itemOf(ana), ben)).toMatchObject({ refusal: { code: "already-approver" } });
  });

  test("but one person decides twice where the process itself asks them twice", async () => {
    const twice = await again(await aPerson());
    const stages = [aStage("First", [step("One", twice)], { next: "Second" }), aStage("Second", [step("Two", twice)])];
    const { definitionId } = await activated(anApprovalProcess(stages, { name: `Two_${++made}` }));
    const ask = { definitionId, recordId: await aRecord("Thing", { Amount: 1 }, ann), comments: "" };
    const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, ask)));
    for (let level = 0; level < 2; level++) must(await say(twice, (await openItems(runId))[0]?.workItemId ?? ""));
    expect((await stateNow(runId)).submission?.status).toBe("approved");
  });
});
