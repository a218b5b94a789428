import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { MAX_HISTORY_ROWS } from "../../lib/engine/settle";
import { MAX_ELEMENTS_PER_EXECUTION, MAX_SECONDS_PER_EXECUTION, MAX_SUBFLOW_DEPTH } from "../../lib/flow/definition";
import type { Person } from "../../lib/people/current-person";
import { LIMITS } from "../../lib/people/keep-to-limits";
import { MAX_DEPTH } from "../../lib/runs/react";
import { aBackgroundStep, activated, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { aRun, aTeamWithThings, stateNow } from "../builders/runs";

/** S77: nothing that somebody defines or asks takes without end. */
let ann: Person;
beforeAll(async () => {
  ({ ann } = await aTeamWithThings());
});

test("the bounds are those that are promised", () => {
  expect({
    MAX_ELEMENTS_PER_EXECUTION,
    MAX_SECONDS_PER_EXECUTION,
    MAX_SUBFLOW_DEPTH,
    MAX_DEPTH,
    MAX_HISTORY_ROWS,
  }).toEqual({
    MAX_ELEMENTS_PER_EXECUTION: 2_000,
    MAX_SECONDS_PER_EXECUTION: 10,
    MAX_SUBFLOW_DEPTH: 10,
    MAX_DEPTH: 10,
    MAX_HISTORY_ROWS: 50_000,
  });
  expect(LIMITS.start.asker).toBe(600);
});

test("a flow that goes in a circle ends its step in Error with the number, and leaves nothing half done", async () => {
  const set = (name: string, next: string) => ({
    type: "assignment",
    name,
    label: name,
    assignments: [{ variable: "result", value: { literal: name } }],
    next,
  });
  const never = { logic: "all", requirements: [{ left: "result", operator: "equals", right: { literal: "never" } }] };
  const outcomes = [{ name: "Out", label: "Out", when: never, next: null }];
  const choose = { type: "decision", name: "Two", label: "Two", outcomes, defaultNext: "One" };
  await activated(aBackgroundFlow("Circle", { start: "One", elements: [set("One", "Two"), choose] }));
  const body = anOrchestration([aStage("First", [aBackgroundStep("Job", { flow: "Circle" })])], { name: "Circles" });
  const { runId } = await aRun(body, ann);
  expect((await stateNow(runId)).steps).toMatchObject([
    { status: "error", error: expect.stringContaining(String(MAX_ELEMENTS_PER_EXECUTION)) },
  ]);
  const [open] = await db().execute<{ n: number }>(
    sql`select count(*)::int as n from job where status in ('queued', 'running')`,
  );
  expect(open?.n).toBe(0);
});
