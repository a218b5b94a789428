import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { requestApproval } from "../../lib/approvals/commands";
import { traceOf } from "../../lib/approvals/queries/trace-of";
import { addApprover, answerItem, askQuestion } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { completeItem } from "../../lib/work/commands/complete-item";
import { deactivateAndHandOver } from "../../lib/work/commands/hand-over";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems } from "../builders/runs";

const { ann, admin } = await aTeamWithThings();
let made = 0;

type Stages = Parameters<typeof anApprovalProcess>[0];
async function submitted(stages: Stages, more: object = {}) {
  const { definitionId } = await activated(anApprovalProcess(stages, { name: `Known_${++made}`, ...more }));
  const recordId = await aRecord("Thing", { Amount: 100 }, ann);
  const request = { definitionId, recordId, comments: "Please" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, request)));
  return { runId, recordId };
}
const by = ({ username }: Person) => ({ assignee: { type: "user", value: { literal: username } } });
const of = async (runId: string, { userId }: Person) =>
  (await openItems(runId)).find(({ assigneeId }) => assigneeId === userId)?.workItemId ?? "";
const say = (who: Person, workItemId: string, approvalDecision: string, approvalComments: string) =>
  commanded(who, (tx) => completeItem(tx, who, { workItemId, outputs: { approvalDecision, approvalComments } }));
const seen = (who: Person, workItemId: string) => itemDetail(db(), who, workItemId);

describe("whoever is asked one question about a request", () => {
  async function asked() {
    const [boss, sam, lea] = [await again(await aPerson()), await again(await aPerson()), await again(await aPerson())];
    const { runId, recordId } = await submitted([aStage("First", [anApprovalStep("One", by(boss))])]);
    const workItemId = await of(runId, boss);
    const ask = (who: Person, text: string) =>
      commanded(boss, (tx) => askQuestion(tx, boss, { workItemId, userId: who.userId, text }));
    must(await ask(sam, "Is he ill?"));
    must(await ask(lea, "Is it in the plan?"));
    const [ofSam, ofLea] = [await of(runId, sam), await of(runId, lea)];
    must(await commanded(sam, (tx) => answerItem(tx, sam, { workItemId: ofSam, text: "Yes, for long" })));
    return { recordId, workItemId, boss, sam, lea, ofSam, ofLea };
  }

  test("sees their question with what the record says, before and after they have answered", async () => {
    const { boss, workItemId, lea, ofLea } = await asked();
    const shown = await seen(lea, ofLea);
    const own = { prompt: { text: "Is it in the plan?" }, submissionComments: null, soFar: null };
    expect(shown).toMatchObject({ ...own, mayWork: true, approval: null });
    expect(JSON.stringify(shown)).not.toContain("Please");
    expect(await seen(boss, workItemId)).toMatchObject({ submissionComments: "Please", soFar: { comments: "Please" } });
    expect(shown?.facts.map(({ value }) => value)).toContain("100");
    must(await commanded(lea, (tx) => answerItem(tx, lea, { workItemId: ofLea, text: "It is" })));
    expect(await seen(lea, ofLea)).toMatchObject({ closed: { comments: "It is" } });
  });

  test("does not see the approver's item, what others were asked, nor who decided", async () => {
    const { lea, boss, ofSam, ofLea, workItemId, recordId } = await asked();
    expect(await seen(lea, workItemId)).toBeNull();
    expect(await seen(lea, ofSam)).toBeNull();
    must(await say(boss, workItemId, "Approve", "Because of the illness"));
    expect(JSON.stringify(await seen(lea, ofLea))).not.toContain("ill");
    const { submissions } = await traceOf(db(), lea, recordId);
    expect(submissions).toMatchObject([{ comments: "", stages: null, changes: null }]);
    expect((await traceOf(db(), boss, recordId)).submissions[0]?.stages).not.toBeNull();
  });

  test("still sees that question when it was given to somebody else", async () => {
    const { lea, boss, ofLea, workItemId } = await asked();
    const to = { type: "user", id: (await aPerson()).userId } as const;
    must(await commanded(admin, (tx) => reassignItem(tx, admin, { workItemId: ofLea, to, reason: "On holiday" })));
    expect(await seen(lea, ofLea)).toMatchObject({ mayWork: false, approval: null });
    expect(await seen(lea, workItemId)).toBeNull();
    expect(await seen(boss, workItemId)).toMatchObject({ approval: { questions: [{}, {}] } });
  });
});

describe("the page of a decision tells what was said before", () => {
  const twoLevels = (one: Person, two: Person) => [
    aStage("First", [anApprovalStep("One", by(one))], { next: "Second" }),
    aStage("Second", [anApprovalStep("Two", by(two))]),
  ];

  test("to the next level, with who said it; and to whoever stands in for it, on the record's page too", async () => {
    const [one, two] = [await again(await aPerson({ name: "First Approver" })), await again(await aPerson())];
    const standIn = await standingIn(await aPerson(), two);
    const { runId, recordId } = await submitted(twoLevels(one, two));
    must(await say(one, await of(runId, one), "Approve", "It is in the plan"));
    const said = { said: "Approve", byName: "First Approver", comments: "It is in the plan" };
    const stages = [{ steps: [{ items: [said] }] }, { label: "Second" }];
    for (const who of [two, standIn])
      expect(await seen(who, await of(runId, two))).toMatchObject({ soFar: { comments: "Please", stages } });
    expect((await traceOf(db(), standIn, recordId)).submissions).toMatchObject([{ stages }]);
    expect((await traceOf(db(), await again(await aPerson()), recordId)).submissions).toMatchObject([{ stages: null }]);
  });

  test("to the members of a group that votes, and to who was added as an approver", async () => {
    const people = await Promise.all([aPerson(), aPerson(), aPerson()]);
    const [first, second, added] = (await Promise.all(people.map((one) => again(one)))) as [Person, Person, Person];
    const { name } = await aGroup(undefined, [first, second]);
    const step = { assignee: { type: "group", value: { literal: name } }, rule: { type: "unanimous" } };
    const { runId } = await submitted([aStage("First", [anApprovalStep("One", step)])]);
    const workItemId = (await openItems(runId)).find(({ voting }) => voting)?.workItemId ?? "";
    const more = { workItemId, userId: added.userId, reason: "Knows it" };
    must(await commanded(admin, (tx) => addApprover(tx, admin, more)));
    must(await say(first, await of(runId, first), "Approve", "It is in the plan"));
    for (const who of [second, added])
      expect(JSON.stringify((await seen(who, await of(runId, who)))?.soFar)).toContain("It is in the plan");
  });

  test("of a member who left that their vote does not count, by name, and nobody waits for it", async () => {
    const people = await Promise.all([aPerson({ name: "Gone Gail" }), aPerson(), aPerson()]);
    const [gone, second] = (await Promise.all(people.map((one) => again(one)))) as [Person, Person];
    const { name } = await aGroup(undefined, people);
    const step = { assignee: { type: "group", value: { literal: name } }, rule: { type: "unanimous" } };
    const { runId, recordId } = await submitted([aStage("First", [anApprovalStep("One", step)])]);
    must(await commanded(admin, (tx) => deactivateAndHandOver(tx, admin, { userId: gone.userId })));
    const vote = (await seen(second, await of(runId, second)))?.approval?.vote;
    expect(vote).toMatchObject({ needed: 2, open: 2, approve: 0, reject: 0 });
    expect(vote?.voters.find(({ hasLeft }) => hasLeft)).toMatchObject({ name: "Gone Gail", said: null });
    const [trace] = (await traceOf(db(), second, recordId)).submissions;
    const votes = trace?.stages?.[0]?.steps[0]?.items[0]?.children ?? [];
    expect(votes.filter(({ hasLeft }) => hasLeft).map(({ assignee }) => assignee.name)).toEqual(["Gone Gail"]);
    expect(votes).toHaveLength(3);
  });
});
