import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { job, run } from "../../db/schema";
import { saveRecord } from "../../lib/records/commands/save-record";
import { cancelRun } from "../../lib/runs/commands";
import { activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { anEvaluationFlow } from "../builders/flows";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, started, stateNow } from "../builders/runs";

/** I51: one command leads to no more than so many rows of a run's history; what is left is a job's. */
const MOST = 500;
const { ann, admin } = await aTeamWithThings();
await activated(anEvaluationFlow());

/** Stages that lead round for ever: the exit's flow finds each complete at once, the entries' flow starts none of their steps. */
function aCircle(name: string, steps: number, start: object) {
  const judged = (answer: boolean) => ({
    type: "evaluation_flow",
    flow: "Judge",
    inputs: { answer: { literal: answer } },
  });
  const idle = Array.from({ length: steps }, (_, at) => anInteractiveStep(`Step_${at}`, { entry: judged(false) }));
  const isDone = { requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: "Done" } }] };
  const outcomes = [{ name: "Done", label: "Done", when: isDone, next: null }];
  const again = { type: "decision", name: "Again", label: "Again", outcomes, defaultNext: "Round" };
  return anOrchestration([aStage("Round", idle, { exit: judged(true), next: "Again" }), again], { name, start });
}

const rowsOf = async (runId: string) =>
  db().execute<{ rows: number }>(
    sql`select count(*)::int as rows from history where run_id = ${runId} group by xmin order by min(seq)`,
  );

async function ended(runId: string): Promise<void> {
  must(await commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "enough" })));
}

test.each([1, 30])("a circle of stages of %i steps that a flow judges leaves as a job after a while", async (steps) => {
  const start = { type: "autolaunched", object: "Thing", next: "Round" };
  const { definitionId } = await activated(aCircle(`Round_${steps}`, steps, start));
  const recordId = await aRecord("Thing", {}, ann);
  const { runId } = must(await started(ann, { definitionId, recordId, inputs: {} }));
  const [first, ...more] = await rowsOf(runId);
  expect(first?.rows).toBeGreaterThan(100);
  expect(first?.rows).toBeLessThan(MOST);
  expect(more).toEqual([]);
  expect((await stateNow(runId)).run).toMatchObject({ status: "in_progress", stalledSince: null });
  expect(await db().select().from(job).where(eq(job.runId, runId))).toMatchObject([{ kind: "wake", status: "queued" }]);
  await ended(runId);
});

test("a save that starts such a circle is carried out", async () => {
  const start = { type: "record_triggered", object: "Thing", on: "update", next: "Round" };
  await activated(aCircle("Round_of_saves", 40, start));
  const id = await aRecord("Thing", { Status: "Before" }, ann);
  must(await commanded(ann, (tx) => saveRecord(tx, ann, { object: "Thing", id, values: { Status: "After" } })));
  const [begun] = await db().select().from(run).where(eq(run.recordId, id));
  expect(begun).toMatchObject({ status: "in_progress", definitionId: "Round_of_saves" });
  expect((await rowsOf(begun?.runId ?? ""))[0]?.rows).toBeLessThan(MOST);
  await ended(begun?.runId ?? "");
});
