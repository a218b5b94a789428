import { expect, test } from "vitest";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { MAX_HISTORY_ROWS } from "../../lib/engine/settle";
import type { Person } from "../../lib/people/current-person";
import {
  activated,
  anApprovalProcess,
  anApprovalStep,
  anInteractiveStep,
  anOrchestration,
  aStage,
} from "../builders/definitions";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, finished, openItems, started } from "../builders/runs";
import { foundAfter } from "../support/found-after";

/**
 * What `npm run audit` asks of runs finds what it is for, and ends with a run as long as one may be: each rule is asked in the time that any
 * statement of Baton's has.
 */
const { ann, boss } = await aTeamWithThings();
const other = await again(await aPerson());
await aGroup("Both", [boss, other]);
const to = ({ username }: Person) => ({ assignee: { type: "user", value: { literal: username } } });

/** Ended when one of its two steps is done: the other is discontinued. */
async function worked(): Promise<string> {
  const isDone = { requirements: [{ left: "Done.Status", operator: "equals", right: { literal: "Completed" } }] };
  const steps = [anInteractiveStep("Done", to(ann)), anInteractiveStep("Left", to(boss))];
  const stage = aStage("First", steps, { exit: { type: "requirements", condition: isDone } });
  const { definitionId } = await activated(anOrchestration([stage], { name: "Audited_work" }));
  const recordId = await aRecord("Thing", {}, ann);
  const { runId } = must(await started(ann, { definitionId, recordId, inputs: {} }));
  const items = await openItems(runId);
  must(await finished(ann, items.find(({ assigneeId }) => assigneeId === ann.userId)?.workItemId ?? ""));
  return runId;
}

/** Ended by the votes of both and by one who decides alone. */
async function approved(): Promise<string> {
  const both = { assignee: { type: "group", value: { literal: "Both" } }, rule: { type: "unanimous" } };
  const third = await again(await aPerson());
  const stage = aStage("First", [anApprovalStep("Vote", both), anApprovalStep("Decide", to(third))]);
  const { definitionId } = await activated(anApprovalProcess([stage], { name: "Audited_votes" }));
  const request = { definitionId, recordId: await aRecord("Thing", {}, ann), comments: "" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, request)));
  for (const person of [boss, other, third]) {
    const workItemId = (await openItems(runId)).find(({ assigneeId }) => assigneeId === person.userId)?.workItemId;
    const decision = { workItemId: workItemId ?? "", decision: "approve", comments: "so" } as const;
    must(await commanded(person, (tx) => decide(tx, person, decision)));
  }
  return runId;
}

/** Statements that give a run its rounds again, until its history is as long as one may be. Of copied texts only the ids are others. */
function lengthened(runId: string): string[] {
  const run = `(select * from run where run_id = '${runId}')`;
  const past = `(select *, row_number() over (order by seq) as at_line, count(*) over () as lines from history where run_id = '${runId}' and subject_type <> 'run')`;
  const rounds = `cross join lateral generate_series(1, (select ${MAX_HISTORY_ROWS} / count(*) + 1 from ${past} p)) n cross join ${run} r`;
  const copied = (table: string, ids: readonly string[], more: readonly string[] = [], from: string = table) => `
    insert into ${table} select c.* from ${from} t ${rounds} cross join lateral jsonb_populate_record(null::${table}, to_jsonb(t) ||
      jsonb_build_object(${[...ids.map((id) => `'${id}', t.${id} || ':' || n`), ...more].join(", ")})) c where t.run_id = '${runId}'`;
  const seq = "r.head_seq + (n - 1) * t.lines + t.at_line";
  const link = `'prev_hash', case ${seq} when r.head_seq + 1 then r.head_hash else ((${seq}) - 1)::text end`;
  const then = (names: readonly string[]) => names.map((name) => `'${name}', r.ended_at`);
  return [
    copied("stage_run", ["stage_run_id"], ["'ordinal', t.ordinal + n * 10", ...then(["started_at", "ended_at"])]),
    copied(
      "step_run",
      ["stage_run_id", "step_run_id"],
      ["'ordinal', t.ordinal + n * 10", ...then(["entry_met_at", "started_at", "ended_at"])],
    ),
    copied("work_item", ["step_run_id", "work_item_id", "parent_item_id"]),
    copied("outbox", ["message_id", "work_item_id", "dedupe_key"]),
    copied("history", ["subject_id"], [`'seq', ${seq}`, `'hash', (${seq})::text`, link, ...then(["at"])], past),
    "analyze",
  ];
}

const work = await worked();
const approval = await approved();
const touch = (runId: string) => `update history set milestone = milestone where run_id = '${runId}'`;

test("runs that keep every rule are not complained of", async () => {
  expect(await foundAfter(touch(work))).toEqual([]);
  expect(await foundAfter(touch(approval))).toEqual([]);
});

test.each([
  ["of work", work],
  ["of approvals", approval],
])("with as long a run as may be %s every rule is asked in time", async (_, runId) => {
  const isLong = `update run set label = label where run_id = '${runId}' and ${MAX_HISTORY_ROWS} <= (select count(*) from history h where h.run_id = run.run_id)`;
  expect(await foundAfter(...lengthened(runId), isLong)).toEqual([]);
});

const left = `select step_run_id from step_run where run_id = '${work}' and name = 'Left'`;
const ofLeft = `run_id = '${work}' and subject_type = 'step' and subject_id = (${left})`;
const ofRun = `run_id = '${work}'`;

test.each([
  [
    "I2",
    "a stage that begins while another is open",
    `insert into stage_run select c.* from stage_run t cross join lateral jsonb_populate_record(null::stage_run, to_jsonb(t) || jsonb_build_object(
      'stage_run_id', 'stg_next', 'ordinal', t.ordinal + 1, 'started_at', t.ended_at - interval '1 ms')) c where t.${ofRun}`,
  ],
  ["I11", "a step that says another status", `update step_run set status = 'completed' where step_run_id in (${left})`],
  ["I11", "a stage that says another status", `update stage_run set status = 'canceled' where ${ofRun}`],
  ["I11", "a run that says another status", `update run set status = 'canceled' where ${ofRun}`],
  ["I11", "an item of which there is no history", `delete from history where ${ofRun} and subject_type = 'work_item'`],
  [
    "I15",
    "done after it was discontinued",
    `update work_item set completion_kind = 'done', closed_at = now() where step_run_id in (${left})`,
  ],
  ["I15", "ended though it was discontinued", `update history set milestone = 'end_step' where ${ofLeft}`],
  ["I42", "a step that is left in progress", `delete from history where ${ofLeft} and to_status = 'discontinued'`],
  [
    "I42",
    "a step that is discontinued later by another command",
    `update history set seq = seq + 1000, command_id = 'cmd_other' where ${ofLeft} and to_status = 'discontinued'`,
  ],
  [
    "I42",
    "a step that is completed behind the end of its stage",
    `update history set seq = seq + 1000, to_status = 'completed' where ${ofLeft} and to_status = 'discontinued'`,
  ],
])("%s finds %s", async (rule, _, statement) => {
  expect(await foundAfter(statement)).toContain(rule);
});
