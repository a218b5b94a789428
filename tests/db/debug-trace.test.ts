import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { evaluation } from "../../db/schema";
import type { Person } from "../../lib/people/current-person";
import { debugRun } from "../../lib/runs/debug-run";
import { runPage } from "../../lib/runs/queries/run-page";
import { activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { anEvaluationFlow, aScreenFlow } from "../builders/flows";
import { opened, screen, sent } from "../builders/interviews";
import { aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aRun, aTeamWithThings, theItem } from "../builders/runs";

let ann: Person;
let author: Person;

/** Decides before its screen and after it, then changes a record that may not be there. */
const checking = aScreenFlow("Check_Thing", {
  label: "Check the thing",
  variables: [{ name: "target", type: "text", isInput: true }],
  start: "Known",
  elements: [
    {
      ...{ type: "decision", name: "Known", label: "Is it known?", defaultNext: "Say" },
      outcomes: [
        {
          ...{ name: "Yes", label: "Yes", next: null },
          when: { requirements: [{ left: "target", operator: "is_null", right: { literal: true } }] },
        },
      ],
    },
    {
      ...{ type: "screen", name: "Say", label: "Say how it is", next: "Write" },
      fields: [{ name: "status", type: "text", label: "Status" }],
    },
    {
      ...{ type: "update_records", name: "Write", label: "Write it down", object: "Thing", next: null },
      ...{ record: "target", values: { Status: { ref: "status" } } },
    },
  ],
});

/** Whether a text is what is wanted. */
const judging = anEvaluationFlow("Is_Wanted", {
  label: "Is it wanted",
  variables: [
    { name: "text", type: "text", isInput: true },
    { name: "isOrchestrationConditionMet", type: "boolean", isOutput: true, default: false },
  ],
  start: "How",
  elements: [
    {
      ...{ type: "decision", name: "How", label: "How is it?", defaultNext: null },
      outcomes: [
        {
          ...{ name: "Fine", label: "Fine", next: "Say_Yes" },
          when: { requirements: [{ left: "text", operator: "equals", right: { literal: "fine" } }] },
        },
      ],
    },
    {
      ...{ type: "assignment", name: "Say_Yes", label: "Say yes", next: null },
      assignments: [{ variable: "isOrchestrationConditionMet", value: { literal: true } }],
    },
  ],
});

const wanted = { type: "evaluation_flow", flow: "Is_Wanted", inputs: { text: { ref: "$Record.Status" } } };
const process = (name: string) =>
  anOrchestration(
    [
      aStage(
        "Look",
        [
          anInteractiveStep("Check", { flow: "Check_Thing", inputs: { target: { ref: "$Record.Name" } } }),
          anInteractiveStep("Later", { entry: wanted }),
        ],
        { exit: wanted },
      ),
    ],
    { name },
  );

beforeAll(async () => {
  ({ ann } = await aTeamWithThings());
  author = await aPerson({ name: "Otis Author", role: "author" });
  await activated(checking, judging, process("Traced"), process("Plain"));
});

const played = async (recordId: string): Promise<string> => {
  const input = { definitionId: "Traced", version: 1, recordId, inputs: {}, startStage: null, mocks: {}, keep: true };
  const done = must(await debugRun(author, { input }));
  if (!("runId" in done)) throw new Error("the run was not kept");
  return done.runId;
};
const flowsOf = async (runId: string) => (await runPage(db(), author, runId))?.flows ?? [];

test("the page of a debug run tells what its forms passed, each try of one that failed too", async () => {
  const recordId = await aRecord("Thing", { Status: "new", Name: "nowhere" }, ann);
  const runId = await played(recordId);
  const { workItemId } = await theItem(runId);
  const first = screen(await opened(author, workItemId));
  const failed = screen(await sent(author, first, { status: "fine" }));
  expect(failed.error).toContain("Write it down");
  must(await sent(author, failed, { status: "better" }));
  const form = (await flowsOf(runId)).find(({ flow }) => flow === "Check the thing");
  const fault = expect.stringContaining("Write it down");
  expect(form).toMatchObject({ of: "Check", asked: null, status: "open", isCut: false });
  expect(form?.passed).toMatchObject([
    { element: "Is it known?", took: "Otherwise", asked: [{ label: "Yes", proof: { met: false } }] },
    { element: "Say how it is", type: "screen", fault: null },
    { element: "Write it down", fault },
    { element: "Write it down", fault },
  ]);
});

test("the page of a debug run tells what its evaluation flows passed when they were asked last, and what they answered", async () => {
  const runId = await played(await aRecord("Thing", { Status: "new", Name: "Pump" }, ann));
  const asked = (await flowsOf(runId)).filter(({ flow }) => flow === "Is it wanted");
  expect(asked.map(({ of, asked: question }) => ({ of, ...question }))).toEqual([
    { of: "Look", part: "stage", met: false },
    { of: "Later", part: "entry", met: false },
  ]);
  for (const one of asked)
    expect(one).toMatchObject({
      status: "finished",
      passed: [
        { element: "How is it?", took: "Otherwise", asked: [{ proof: { requirements: [{ leftValue: "new" }] } }] },
      ],
    });
  const fine = await played(await aRecord("Thing", { Status: "fine", Name: "Pump" }, ann));
  expect((await flowsOf(fine)).filter(({ asked: question }) => question)).toMatchObject([
    { of: "Look", asked: { part: "stage", met: true }, passed: [{ took: "Fine" }, { element: "Say yes" }] },
  ]);
});

test("of a run that is not played for trying nothing is kept of what an evaluation flow passed", async () => {
  const { runId } = await aRun(process("Plain"), ann, { values: { Status: "new", Name: "Pump" } });
  const { workItemId } = await theItem(runId);
  const { interviewId } = screen(await opened(ann, workItemId));
  expect(await db().select().from(evaluation).where(eq(evaluation.runId, runId))).toEqual([]);
  const [row] = await db().execute<{ traced: boolean }>(
    `select state ? 'trace' as traced from interview where interview_id = '${interviewId}'`,
  );
  expect(row?.traced).toBe(false);
  expect(await flowsOf(runId)).toEqual([]);
});
