import { expect, test } from "vitest";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { addApprover, answerItem, askQuestion, overrideItem, recallSubmission } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow } from "../builders/runs";
import { foundAfter } from "../support/found-after";

/**
 * What `npm run audit` asks of approvals finds what it is for: each rule is broken by hand in a run that keeps it, in a transaction that is
 * rolled back, and the audit names it.
 */
const { ann, boss, admin } = await aTeamWithThings();
const members = await Promise.all([1, 2, 3].map((n) => aPerson({ name: `Member ${n}` })));
const { name: board } = await aGroup("The_board", members);
const [one, two, three] = (await Promise.all(members.map((member) => again(member)))) as [Person, Person, Person];
const stranger = await aPerson({ name: "Stranger" });
const delegate = await standingIn(await aPerson({ name: "Delegate" }), boss);

const OUTCOMES = [{ name: "Back", label: "Send back", does: "send_back" }];
let made = 0;
async function submitted(step: object): Promise<string> {
  const steps = [anApprovalStep("Step", { outcomes: OUTCOMES, ...step })];
  const process = anApprovalProcess([aStage("First", steps)], { name: `Audited_${++made}` });
  const { definitionId } = await activated(process);
  const recordId = await aRecord("Thing", { Amount: 1 }, ann);
  const request = { definitionId, recordId, comments: "" };
  return must(await commanded(ann, (tx) => requestApproval(tx, ann, request))).runId;
}
const itemOf = async (runId: string, { userId }: Person) =>
  (await openItems(runId)).find(({ assigneeId }) => assigneeId === userId)?.workItemId ?? "";
const says = async (person: Person, runId: string, decision = "approve", of = person) => {
  const workItemId = await itemOf(runId, of);
  must(await commanded(person, (tx) => decide(tx, person, { workItemId, decision, comments: "so" })));
};

const voting = { assignee: { type: "group", value: { literal: board } }, rule: { type: "at_least", count: 2 } };
const [going, decided, overridden, single, inPlace, sent, recalled] = await Promise.all([
  submitted(voting),
  submitted(voting),
  submitted(voting),
  submitted({}),
  submitted({}),
  submitted({}),
  submitted({}),
]);
await says(one, going);
await says(one, decided);
await says(two, decided);
await commanded(admin, async (tx) => {
  const [group] = await openItems(overridden);
  return overrideItem(tx, admin, { workItemId: group?.workItemId ?? "", outcome: "Reject", comments: "openly" });
});
const ofBoss = await itemOf(single, boss);
must(await commanded(admin, (tx) => addApprover(tx, admin, { workItemId: ofBoss, userId: one.userId, reason: "x" })));
must(await commanded(boss, (tx) => askQuestion(tx, boss, { workItemId: ofBoss, userId: two.userId, text: "why?" })));
await says(boss, single);
await says(delegate, inPlace, "approve", boss);
await says(boss, sent, "Back");
const revision = await itemOf(sent, ann);
must(await commanded(ann, (tx) => answerItem(tx, ann, { workItemId: revision, text: "mended" })));
await says(boss, sent, "reject");
must(await commanded(ann, (tx) => recallSubmission(tx, ann, { runId: recalled, reason: "a mistake" })));

const item = (runId: string, { userId }: Person, set: string) =>
  `update work_item set ${set} where run_id = '${runId}' and kind = 'approval' and assignee_id = '${userId}'`;
const group = (runId: string, set: string) => `update work_item set ${set} where run_id = '${runId}' and voting`;
const done = (by: Person, outcome = "approve") =>
  `status = 'completed', completion_kind = 'done', closed_at = now(), completed_by = '${by.userId}', outcome = '${outcome}', decided_as = 'assignee'`;

test("runs that keep every rule are not complained of", async () => {
  expect(await foundAfter(`update work_item set label = label where run_id = '${going}'`)).toEqual([]);
  expect((await stateNow(decided)).submission?.status).toBe("approved");
});

test.each([
  ["I35", "somebody else's item", item(inPlace, boss, `completed_by = '${stranger.userId}', on_behalf_of = null`)],
  [
    "I35",
    "a delegation that had ended",
    `update delegation set ended_at = accepted_at where delegate_id = '${delegate.userId}'`,
  ],
  ["I36", "the submitter", item(single, boss, `completed_by = '${ann.userId}'`)],
  [
    "I67",
    "whoever sent it again",
    `update work_item set completed_by = '${boss.userId}' where run_id = '${sent}' and kind = 'revision'`,
  ],
  ["I60", "an approval without enough votes", item(decided, two, "outcome = 'reject'")],
  ["I60", "a rejection though enough approved", group(decided, "outcome = 'reject'")],
  ["I60", "an outcome that nobody voted for", group(decided, "outcome = 'Back'")],
  [
    "I60",
    "what an admin decided, without a word of the admin",
    `update history set milestone = null where run_id = '${overridden}' and milestone = 'admin_override'`,
  ],
  ["I61", "a group that is still asked though enough approved", item(going, two, done(two))],
  [
    "I61",
    "a group that is still asked though too few are left",
    `update work_item set ${done(stranger, "reject")} where run_id = '${going}' and parent_item_id is not null and assignee_id in ('${two.userId}', '${three.userId}')`,
  ],
  [
    "I62",
    "an open vote of a group that has decided",
    item(decided, three, "status = 'assigned', completion_kind = null, closed_at = null"),
  ],
  [
    "I62",
    "an open question of an item that is done",
    `update work_item set status = 'assigned', completion_kind = null, closed_at = null where run_id = '${single}' and kind = 'question'`,
  ],
  ["I63", "a vote without its group", item(going, three, "parent_item_id = 'wi_none'")],
  ["I63", "a vote beneath an item that does not vote", group(decided, "voting = false")],
  [
    "I64",
    "two votes of one person",
    item(decided, two, `completed_by = '${one.userId}', assignee_id = '${one.userId}'`),
  ],
  [
    "I64",
    "two approvals of one person beside one another",
    item(single, one, `${done(boss)}, assignee_id = '${boss.userId}'`),
  ],
  [
    "I64",
    "a second decision of what was not sent again",
    `update work_item set kind = 'question' where run_id = '${sent}' and kind = 'revision'`,
  ],
  ["I65", "an assignee who was not", item(decided, one, `completed_by = '${stranger.userId}'`)],
  ["I65", "a delegate in nobody's place", item(inPlace, boss, "on_behalf_of = null")],
  [
    "I65",
    "a delegate of somebody who had not asked",
    item(inPlace, boss, `on_behalf_of = '${one.userId}', assignee_id = '${one.userId}'`),
  ],
  ["I65", "an admin who did not say so", item(decided, one, "decided_as = 'admin'")],
  ["I66", "a group's decision by somebody without a vote", group(decided, `completed_by = '${stranger.userId}'`)],
  ["I67", "a rejection by the submitter", item(sent, boss, `completed_by = '${ann.userId}'`)],
  ["I67", "an approval in the submitter's place", item(inPlace, boss, `on_behalf_of = '${ann.userId}'`)],
  [
    "I70",
    "a stand-in's own decision",
    `update work_item set completed_by = '${delegate.userId}', on_behalf_of = case when assignee_id = '${one.userId}' then assignee_id end
     where run_id = '${decided}' and completion_kind = 'done' and not voting`,
  ],
  [
    "I72",
    "a stand-in whom the submitter picked",
    `with passed as (
       update delegation set delegate_id = '${ann.userId}', may_pass_on = true where delegate_id = '${delegate.userId}' returning *)
     insert into delegation select (jsonb_populate_record(null::delegation, to_jsonb(passed) || jsonb_build_object(
       'delegation_id', 'another', 'delegator_id', '${ann.userId}', 'delegate_id', '${delegate.userId}'))).* from passed`,
  ],
  [
    "I71",
    "an admin who decided for others after a say of their own",
    `update work_item set completed_by = '${one.userId}', decided_as = case when assignee_id = '${one.userId}' then decided_as else 'admin' end,
     closed_at = case when assignee_id = '${one.userId}' then closed_at - interval '1 hour' else closed_at end
     where run_id = '${decided}' and completion_kind = 'done' and not voting`,
  ],
  ["I68", "approved in spite of a rejection", `update submission set status = 'approved' where run_id = '${sent}'`],
  [
    "I69",
    "approved while the run goes on",
    `update submission set status = 'approved', ended_at = now() where run_id = '${going}'`,
  ],
  [
    "I69",
    "recalled, of a run that was completed",
    `update submission set status = 'recalled' where run_id = '${decided}'`,
  ],
  [
    "I69",
    "open without its run",
    `update submission set status = 'in_progress', ended_at = null where run_id = '${recalled}'`,
  ],
])("%s finds %s", async (rule, _what, statement) => {
  expect(await foundAfter(statement)).toContain(rule);
});
