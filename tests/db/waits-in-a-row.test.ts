import { and, eq, isNull, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { job, wait } from "../../db/schema";
import { MAX_ELEMENTS_PER_EXECUTION } from "../../lib/flow/definition";
import type { Person } from "../../lib/people/current-person";
import { aBackgroundStep, activated, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { work } from "../builders/jobs";
import { aRun, aTeamWithThings, stateNow } from "../builders/runs";

/** Wait elements that follow one another, of which the first is over when it is reached. */
let ann: Person;
beforeAll(async () => {
  ({ ann } = await aTeamWithThings());
});

const forDays = (amount: number, next: string) => ({
  ...{ type: "amount_of_time", name: "Days", label: "Days", amount: { literal: amount }, unit: "days", next },
});
const aWait = (name: string, amount: number, next: string) => ({
  ...{ type: "wait", name, label: name, events: [forDays(amount, next)] },
});
const set = { type: "assignment", name: "Set", label: "Set", next: null };
const says = (word: string) => ({ ...set, assignments: [{ variable: "result", value: { literal: word } }] });

async function begun(name: string, elements: readonly { readonly name: string }[]) {
  await activated(aBackgroundFlow(name, { start: elements[0]?.name, elements }));
  const step = aBackgroundStep("Work", { flow: name });
  const { runId } = await aRun(anOrchestration([aStage("First", [step])], { name: `Of${name}` }), ann);
  await work();
  return runId;
}
const openWaits = (runId: string) =>
  db()
    .select()
    .from(wait)
    .where(and(eq(wait.runId, runId), isNull(wait.resolvedAt)));

test("the second is waited for, and goes on when its time has come", async () => {
  const runId = await begun("TwoWaits", [aWait("Over", 0, "Then"), aWait("Then", 2, "Set"), says("late")]);
  expect((await stateNow(runId)).run.status).toBe("in_progress");
  expect(await openWaits(runId)).toMatchObject([{ kind: "timer", event: "Days" }]);
  const due = sql`clock_timestamp() - interval '1 second'`;
  await db().update(wait).set({ dueAt: due }).where(eq(wait.runId, runId));
  await db()
    .update(job)
    .set({ runAt: due })
    .where(and(eq(job.runId, runId), eq(job.status, "queued")));
  await work();
  expect((await stateNow(runId)).steps).toMatchObject([{ status: "completed", outputs: { result: "late" } }]);
});

test("when both are over at once, nothing is waited for", async () => {
  const runId = await begun("NoWaits", [aWait("Over", 0, "Too"), aWait("Too", 0, "Set"), says("now")]);
  expect((await stateNow(runId)).steps).toMatchObject([{ status: "completed", outputs: { result: "now" } }]);
  expect(await openWaits(runId)).toEqual([]);
});

test("a circle of waits that are over at once ends the step in Error, with the number", {
  timeout: 30_000,
}, async () => {
  const never = { requirements: [{ left: "result", operator: "equals", right: { literal: "never" } }] };
  const outcomes = [{ name: "Out", label: "Out", when: never, next: null }];
  const find = { type: "get_records", name: "Find", label: "Find", object: "Thing", into: "found", next: "Ready" };
  const elements = [
    aWait("Over", 0, "Find"),
    find,
    { type: "decision", name: "Ready", label: "Ready", outcomes, defaultNext: "Over" },
  ];
  const variables = [
    { name: "result", type: "text", isOutput: true },
    { name: "found", type: "record", object: "Thing" },
  ];
  await activated(aBackgroundFlow("Spins", { start: "Over", elements, variables }));
  const step = aBackgroundStep("Work", { flow: "Spins" });
  const { runId } = await aRun(anOrchestration([aStage("First", [step])], { name: "OfSpins" }), ann);
  await work();
  expect((await stateNow(runId)).steps).toMatchObject([
    { status: "error", error: expect.stringContaining(String(MAX_ELEMENTS_PER_EXECUTION)) },
  ]);
});
