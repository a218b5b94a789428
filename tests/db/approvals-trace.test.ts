import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { sealedDecision } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { traceOf } from "../../lib/approvals/queries/trace-of";
import { askQuestion, recallSubmission } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { saveRecord } from "../../lib/records/commands/save-record";
import { controlRun } from "../../lib/runs/commands";
import { aBackgroundStep, activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, theItem } from "../builders/runs";

const team = await aTeamWithThings();
const approval = {
  facts: [{ label: "How much", value: "$Record.Amount" }],
  recallStage: aStage("Undo", [aBackgroundStep("Tidy")]),
};
const { definitionId } = await activated(anApprovalProcess([aStage("First", [anApprovalStep("One")])], { approval }));
const newRecord = () => aRecord("Thing", { Amount: 100 }, team.ann);
async function submit(recordId: string, of = definitionId) {
  const request = { definitionId: of, recordId, comments: "Please" };
  const { runId } = must(await commanded(team.ann, (tx) => requestApproval(tx, team.ann, request)));
  return { runId, workItemId: (await theItem(runId)).workItemId };
}
const say = (person: Person, workItemId: string, decision: string) =>
  commanded(person, (tx) => decide(tx, person, { workItemId, decision, comments: "So be it" }));
const change = (id: string, amount: number) =>
  commanded(team.ann, (tx) => saveRecord(tx, team.ann, { object: "Thing", id, values: { Amount: amount } }));
const trace = (person: Person, recordId: string) => traceOf(db(), person, recordId);

test("the trace is the tree of stages, steps and items, with who decided what and why", async () => {
  const recordId = await newRecord();
  const { workItemId } = await submit(recordId);
  const sam = await again(await aPerson({ name: "Sam Source" }));
  const ask = { workItemId, userId: sam.userId, text: "Is it so?" };
  must(await commanded(team.boss, (tx) => askQuestion(tx, team.boss, ask)));
  must(await say(team.boss, workItemId, "approve"));
  const { submissions, hasMore } = await trace(team.ann, recordId);
  expect(hasMore).toBe(false);
  expect(submissions).toMatchObject([
    {
      status: "approved",
      submittedByName: "Ann Asks",
      comments: "Please",
      changes: null,
      mayRecall: false,
      maySeeRun: true,
      stages: [
        {
          label: "First",
          status: "completed",
          steps: [
            {
              label: "One",
              items: [
                {
                  said: "Approve",
                  byName: "Bea Boss",
                  comments: "So be it",
                  assignee: { name: "Bea Boss" },
                  children: [{ kind: "question", prompt: "Is it so?", assignee: { name: "Sam Source" } }],
                },
              ],
            },
          ],
        },
      ],
    },
  ]);
});

test("a step that was skipped is shown as skipped, whatever outcome it was given, with nothing said or sealed", async () => {
  const recordId = await newRecord();
  const { runId, workItemId } = await submit(recordId);
  const { stepRunId } = await theItem(runId);
  const outputs = { approvalDecision: "Approve" };
  const command = { type: "skip-step", stepRunId, reason: "Nobody is there", outputs } as const;
  must(await commanded(team.admin, (tx) => controlRun(tx, team.admin, { runId, command })));
  const [submission] = (await trace(team.ann, recordId)).submissions;
  const step = { skipReason: "Nobody is there", items: [{ said: null, byName: null }] };
  expect(submission).toMatchObject({ status: "approved", stages: [{ steps: [step] }] });
  expect(await db().$count(sealedDecision, eq(sealedDecision.workItemId, workItemId))).toBe(0);
});

test("a resubmission shows the differences, the newest first; a change after the approval is named", async () => {
  const recordId = await newRecord();
  must(await say(team.boss, (await submit(recordId)).workItemId, "reject"));
  must(await change(recordId, 70));
  must(await say(team.boss, (await submit(recordId)).workItemId, "approve"));
  expect(await trace(team.ann, recordId)).toMatchObject({
    stale: [],
    submissions: [
      { status: "approved", changes: [{ label: "How much", before: "100", after: "70" }] },
      { status: "rejected", changes: null },
    ],
  });
  must(await change(recordId, 500));
  expect(await trace(team.ann, recordId)).toMatchObject({
    stale: [{ byName: "Bea Boss", changes: [{ label: "How much", before: "70", after: "500" }] }],
    submissions: [{ changes: [{ before: "100", after: "70" }] }, {}],
  });
});

test("a change is named too after an outcome of the author's own that approves", async () => {
  const outcomes = [{ name: "Conditional", label: "Approve with conditions", does: "approve", needsReason: true }];
  const process = anApprovalProcess([aStage("First", [anApprovalStep("One", { outcomes })])], {
    ...{ name: "Conditional", approval },
  });
  const recordId = await newRecord();
  const { workItemId } = await submit(recordId, (await activated(process)).definitionId);
  must(await say(team.boss, workItemId, "Conditional"));
  must(await change(recordId, 500));
  expect((await trace(team.ann, recordId)).stale).toMatchObject([
    { byName: "Bea Boss", changes: [{ label: "How much", before: "100", after: "500" }] },
  ]);
});

test("the submitter may recall while it goes on, and the trace says how the recall path stands", async () => {
  const recordId = await newRecord();
  const { runId } = await submit(recordId);
  expect((await trace(team.ann, recordId)).submissions).toMatchObject([
    { mayRecall: true, mayCancel: false, recallPath: { label: "Undo", status: null } },
  ]);
  expect((await trace(team.boss, recordId)).submissions).toMatchObject([{ mayRecall: false }]);
  must(await commanded(team.ann, (tx) => recallSubmission(tx, team.ann, { runId, reason: "Wrong one" })));
  expect(await openItems(runId)).toEqual([]);
  expect((await trace(team.ann, recordId)).submissions).toMatchObject([
    {
      ...{ status: "recalled", mayRecall: false, recallPath: { status: "completed" } },
      takenBack: { byName: team.ann.name, reason: "Wrong one" },
    },
  ]);
});

test("whoever only sees the record knows of the submission, not of who decided what; admins may steer", async () => {
  const recordId = await newRecord();
  await submit(recordId);
  const [seen] = (await trace(await again(await aPerson()), recordId)).submissions;
  expect(seen).toMatchObject({ stages: null, comments: "", maySeeRun: false, changes: null });
  const [steered] = (await trace(team.admin, recordId)).submissions;
  const [item] = steered?.stages?.[0]?.steps[0]?.items ?? [];
  expect(item?.steer).toMatchObject({ mayOverride: true, mayAddApprover: true });
});

test("a record that nobody submitted has no trace", async () => {
  expect(await trace(team.ann, await newRecord())).toEqual({ submissions: [], hasMore: false, stale: [] });
});
