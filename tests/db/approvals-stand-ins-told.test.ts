import { expect, test } from "vitest";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { stillOpen } from "../../lib/notify/queries/still-open";
import type { Person } from "../../lib/people/current-person";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { aScreenFlow } from "../builders/flows";
import { opened } from "../builders/interviews";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems } from "../builders/runs";

/** What is not theirs to decide any more who decided in somebody's place is opened by no form, and told by no digest (S31). */
const { ann } = await aTeamWithThings();
let made = 0;

/** Ben's approval, which ana gives in his place, beside one of a group that she is in. */
async function aRequest(other: object = {}) {
  const [ben, one, carl] = [await aPerson({ name: "Ben" }), await aPerson(), await again(await aPerson())];
  const { name } = await aGroup(undefined, [one, carl]);
  const steps = [
    anApprovalStep("Bens", { assignee: { type: "user", value: { literal: ben.username } } }),
    anApprovalStep("Other", { assignee: { type: "group", value: { literal: name } }, ...other }),
  ];
  const { definitionId } = await activated(anApprovalProcess([aStage("First", steps)], { name: `Told_${++made}` }));
  const ana = await again(await standingIn(one, ben));
  const ask = { definitionId, recordId: await aRecord("Thing", { Amount: 1 }, ann), comments: "" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, ask)));
  const itemOf = async (type: "user" | "group") =>
    (await openItems(runId)).find(({ assigneeType }) => assigneeType === type)?.workItemId ?? "";
  return { ana, carl, bens: await itemOf("user"), others: await itemOf("group") };
}
const approve = (who: Person, workItemId: string) =>
  commanded(who, (tx) => decide(tx, who, { workItemId, decision: "approve", comments: "" }));

test("a digest that was made before has no line about it any more for them, for the others it has", async () => {
  const { ana, carl, bens, others } = await aRequest();
  const line = { subject: "Approve: Other", path: "/work", workItemId: others, assignmentNo: 1 };
  const linesFor = async ({ userId }: Person) => (await stillOpen({ lines: [line], count: 1 }, userId)).lines;
  expect(await linesFor(ana)).toEqual([line]);
  must(await approve(ana, bens));
  expect([await linesFor(ana), await linesFor(carl)]).toEqual([[], [line]]);
});

test("its screens do not open for them, but for the others", async () => {
  const output = { name: "approvalDecision", type: "text", isOutput: true };
  await activated(aScreenFlow("Look", { variables: [output] }));
  const { ana, carl, bens, others } = await aRequest({ flow: "Look" });
  must(await approve(ana, bens));
  expect(await opened(ana, others)).toMatchObject({ refusal: { code: "decided-in-place", details: { to: "Ben" } } });
  must(await opened(carl, others));
});
