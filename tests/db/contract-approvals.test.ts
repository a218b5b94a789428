import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { recallSubmission } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { cancelRun } from "../../lib/runs/commands";
import { dispatch } from "../../lib/runs/dispatch";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow } from "../builders/runs";

/** The views of approvals that reports and examiners read: their columns, and what they say of every way in which a submission can go. */
const { ann, boss, admin } = await aTeamWithThings();
const members = await Promise.all([1, 2, 3].map((n) => aPerson({ name: `Member ${n}` })));
const { name: board } = await aGroup("Contract_board", members);
const [one, two] = (await Promise.all(members.map((member) => again(member)))) as [Person, Person, Person];

const OUTCOMES = [
  { name: "With_conditions", label: "With conditions", does: "approve" },
  { name: "Not_now", label: "Not now", does: "reject" },
  { name: "Back", label: "Send back", does: "send_back" },
];
const voting = { assignee: { type: "group", value: { literal: board } }, rule: { type: "at_least", count: 2 } };
let made = 0;
async function submitted(step: object = {}) {
  const steps = [anApprovalStep("Step", { outcomes: OUTCOMES, ...step })];
  const process = anApprovalProcess([aStage("First", steps)], { name: `Contract_${++made}` });
  const { definitionId } = await activated(process);
  const recordId = await aRecord("Thing", { Amount: 1 }, ann);
  const request = { definitionId, recordId, comments: "please" };
  return { recordId, runId: must(await commanded(ann, (tx) => requestApproval(tx, ann, request))).runId };
}
async function says(person: Person, runId: string, decision: string, of = person): Promise<void> {
  const item = (await openItems(runId)).find(({ assigneeId }) => assigneeId === of.userId);
  const said = { workItemId: item?.workItemId ?? "", decision, comments: "so" };
  must(await commanded(person, (tx) => decide(tx, person, said)));
}

type Row = { [column: string]: unknown };
const submissionOf = async (runId: string) =>
  (await db().execute<Row>(sql`select * from contract.submission where run_id = ${runId}`))[0];
const itemsOf = async (runId: string): Promise<Row[]> => [
  ...(await db().execute<Row>(sql`
    select i.* from contract.approval_item i join contract.submission s using (submission_id)
    where s.run_id = ${runId} order by work_item_id`)),
];

test.each([
  [
    "submission",
    "submission_id text, run_id text, record_type text, record_id text, submitted_by text, status text, submitted_at timestamptz, ended_at timestamptz",
  ],
  [
    "approval_item",
    "approval_item_id text, submission_id text, work_item_id text, parent_item_id text, assigned_to text, reviewed_by text, reviewed_at timestamptz, status text, comments text",
  ],
])("contract.%s has the columns that were promised, of their types", async (view, promised) => {
  const rows = await db().execute<{ said: string }>(sql`
    select column_name || ' ' || case data_type when 'timestamp with time zone' then 'timestamptz' else data_type end as said
    from information_schema.columns where table_schema = 'contract' and table_name = ${view}`);
  expect(rows.map(({ said }) => said)).toEqual(expect.arrayContaining(promised.split(", ")));
});

test("a submission says what was asked, by whom, and how it stands", async () => {
  const { runId, recordId } = await submitted();
  const { submission } = await stateNow(runId);
  expect(await submissionOf(runId)).toMatchObject({
    submission_id: submission?.id,
    run_id: runId,
    record_type: "Thing",
    record_id: recordId,
    submitted_by: ann.userId,
    status: "in_progress",
    ended_at: null,
  });
  const [item] = await itemsOf(runId);
  expect(item).toMatchObject({ assigned_to: boss.userId, status: "assigned", parent_item_id: null });
  expect(item).toMatchObject({ reviewed_by: null, reviewed_at: null, comments: null });
  expect(item?.approval_item_id).toBe(item?.work_item_id);
});

test.each([
  ["approve", "approved", "approved"],
  ["reject", "rejected", "rejected"],
  ["With_conditions", "approved", "approved"],
  ["Not_now", "rejected", "rejected"],
  ["Back", "sent_back", "in_progress"],
])("%s leaves the item %s and the submission %s", async (decision, status, ends) => {
  const { runId } = await submitted();
  await says(boss, runId, decision);
  const [item] = await itemsOf(runId);
  expect(item).toMatchObject({ status, outcome: decision, reviewed_by: boss.userId, comments: "so" });
  expect(item?.reviewed_at).not.toBeNull();
  expect(await submissionOf(runId)).toMatchObject({ status: ends });
});

test("a delegate stands beside whom they decided for", async () => {
  const { runId } = await submitted();
  const delegate = await standingIn(await aPerson({ name: "Delegate" }), boss);
  await says(delegate, runId, "approve", boss);
  expect(await itemsOf(runId)).toMatchObject([
    { assigned_to: boss.userId, reviewed_by: delegate.userId, on_behalf_of: boss.userId, decided_as: "delegate" },
  ]);
});

test("a group's item has its members' beneath it; who was not asked any more is Withdrawn", async () => {
  const { runId } = await submitted(voting);
  await says(one, runId, "approve");
  await says(two, runId, "With_conditions");
  const [group, ...votes] = await itemsOf(runId);
  expect(group).toMatchObject({ voting: true, status: "approved", reviewed_by: two.userId });
  expect(votes.map(({ parent_item_id }) => parent_item_id)).toEqual(Array(3).fill(group?.approval_item_id));
  expect(votes.map(({ status }) => status)).toEqual(["approved", "approved", "withdrawn"]);
});

test.each([
  [
    "recalled",
    (runId: string) => commanded(ann, (tx) => recallSubmission(tx, ann, { runId, reason: "x" })),
    "recalled",
  ],
  ["canceled", (runId: string) => commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "x" })), "canceled"],
  [
    "error",
    async (runId: string) => {
      const stepRunId = (await stateNow(runId)).steps[0]?.id ?? "";
      const command = { type: "fail-step", stepRunId, reason: "x" } as const;
      return commanded(admin, (tx) => dispatch(tx, admin, { runId, command }));
    },
    "errored",
  ],
] as const)(
  "what is open when a submission ends as %s says so; what was decided before stays as it was",
  async (status, end, left) => {
    const { runId } = await submitted(voting);
    await says(one, runId, "reject");
    must<unknown>(await end(runId));
    const submission = await submissionOf(runId);
    expect(submission).toMatchObject({ status });
    expect(submission?.ended_at).not.toBeNull();
    expect((await itemsOf(runId)).map(({ status: one_ }) => one_)).toEqual([left, "rejected", left, left]);
  },
);

test("what was withdrawn before a submission was recalled stays Withdrawn", async () => {
  const steps = [anApprovalStep("Step", { outcomes: OUTCOMES, ...voting })];
  const stages = [aStage("First", steps, { next: "Second" }), aStage("Second", [anApprovalStep("Other")])];
  const { definitionId } = await activated(anApprovalProcess(stages, { name: `Contract_${++made}` }));
  const recordId = await aRecord("Thing", {}, ann);
  const request = { definitionId, recordId, comments: "" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, request)));
  await says(one, runId, "approve");
  await says(two, runId, "approve");
  must(await commanded(ann, (tx) => recallSubmission(tx, ann, { runId, reason: "x" })));
  const statuses = (await itemsOf(runId)).map(({ status }) => status);
  expect(statuses).toEqual(["approved", "approved", "approved", "withdrawn", "recalled"]);
});
