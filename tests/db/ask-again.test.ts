import { and, eq, inArray, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { job, run } from "../../db/schema";
import { activate } from "../../lib/definitions/commands/activate";
import { deactivate } from "../../lib/definitions/commands/deactivate";
import { startRun } from "../../lib/runs/start";
import { claimJobs } from "../../lib/worker/claim-jobs";
import { makeHolder } from "../../lib/worker/holder";
import { perform } from "../../lib/worker/perform";
import { activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { anEvaluationFlow } from "../builders/flows";
import { never, work } from "../builders/jobs";
import { aRecord, must } from "../builders/records";
import { aRun, aTeamWithThings, commanded, stateNow } from "../builders/runs";

/** Runs whose conditions ask an evaluation flow, when another version of it becomes active. */
const { ann, admin } = await aTeamWithThings();

const MET = "isOrchestrationConditionMet";
const answering = (name: string, answer: boolean) =>
  anEvaluationFlow(name, {
    variables: [{ name: MET, type: "boolean", isOutput: true, default: false }],
    elements: [
      {
        ...{ type: "assignment", name: "Set", label: "Set", next: null },
        assignments: [{ variable: MET, value: { literal: answer } }],
      },
    ],
  });
const asks = (flow: string) => ({ type: "evaluation_flow", flow });
const NEVER = {
  type: "requirements",
  condition: { requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: "Never" } }] },
};
const process = (name: string, entry: object = NEVER) =>
  anOrchestration([aStage("S", [anInteractiveStep("A"), anInteractiveStep("B", { entry })])], { name });
const statusOf = async (runId: string, step = "B") =>
  (await stateNow(runId)).steps.findLast(({ name }) => name === step)?.status;
const jobsOf = (runId: string) => db().select().from(job).where(eq(job.runId, runId));

test("they ask it at once, and go on when it lets them; no others are woken", async () => {
  await activated(answering("Lets", false));
  const { runId } = await aRun(process("AsksLets", asks("Lets")), ann);
  const { runId: other } = await aRun(process("AsksNothing"), ann);
  await work();
  expect(await statusOf(runId)).toBe("not_started");
  await activated(answering("Lets", true));
  await work();
  expect(await statusOf(runId)).toBe("in_progress");
  expect(await jobsOf(other)).toEqual([]);
});

test("the exit of a stage is asked too, and a version that was active before may come back", async () => {
  const stage = aStage("S", [anInteractiveStep("A")], { exit: asks("Ends") });
  await activated(answering("Ends", true));
  await activated(answering("Ends", false));
  const { runId } = await aRun(anOrchestration([stage], { name: "AsksEnds" }), ann);
  expect((await stateNow(runId)).run.status).toBe("in_progress");
  must(await commanded(admin, (tx) => activate(tx, admin, { name: "Ends", version: 1 })));
  await work();
  expect((await stateNow(runId)).run.status).toBe("completed");
});

test("one that is put out of use by force fails what waits for it, at once and not at the next change", async () => {
  await activated(answering("Forced", false));
  const { runId } = await aRun(process("AsksForced", asks("Forced")), ann);
  await work();
  expect(await commanded(admin, (tx) => deactivate(tx, admin, { name: "Forced", force: false }))).toMatchObject({
    refusal: { code: "flow-in-use" },
  });
  must(await commanded(admin, (tx) => deactivate(tx, admin, { name: "Forced", force: true })));
  await work();
  expect((await stateNow(runId)).run).toMatchObject({ status: "error", error: expect.stringContaining("Forced") });
});

test("a run that had asked the version before and was not committed yet asks again", async () => {
  await activated(answering("Late", false), process("AsksLate", asks("Late")));
  const recordId = await aRecord("Thing", {}, ann);
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const starting = commanded(ann, async (tx) => {
    const done = await startRun(tx, ann, { definitionId: "AsksLate", recordId, inputs: {} });
    begun.resolve();
    await gate.promise;
    return done;
  });
  await begun.promise;
  await activated(answering("Late", true));
  await work();
  gate.resolve();
  const { runId } = must(await starting);
  await work();
  expect(await statusOf(runId)).toBe("not_started");
  await db()
    .update(job)
    .set({ runAt: sql`clock_timestamp() - interval '1 second'` })
    .where(and(eq(job.kind, "ask_again"), eq(job.status, "queued")));
  await work();
  expect(await statusOf(runId)).toBe("in_progress");
});

test("all of them, were there more than one transaction leaves jobs for", async () => {
  await activated(answering("Many", false));
  const { runId } = await aRun(process("AsksMany", asks("Many")), ann);
  await work();
  // Copies of its row stand for runs: what is looked at is whom the activation leaves a job.
  const columns = await db().execute<{ name: string }>(
    sql`select column_name as name from information_schema.columns where table_name = 'run' and table_schema = 'public' and column_name <> 'run_id' and is_generated = 'NEVER'`,
  );
  const list = sql.join(
    columns.map(({ name }) => sql.identifier(name)),
    sql`, `,
  );
  await db().execute(
    sql`insert into run (run_id, ${list}) select 'run_copy' || lpad(n::text, 6, '0'), ${list} from run, generate_series(1, 2050) n where run_id = ${runId}`,
  );
  const copies = sql`run_id like 'run\\_copy%'`;
  try {
    await activated(answering("Many", true));
    for (let asked = true; asked; ) {
      const claimed = (await claimJobs(5_000)).filter(({ kind }) => kind === "ask_again");
      for (const one of claimed) await perform(one, makeHolder(), never);
      asked = claimed.length > 0;
    }
    const [left] = await db()
      .select({ n: sql<number>`count(distinct run_id)::int` })
      .from(job)
      .where(and(copies, eq(job.kind, "wake"), inArray(job.status, ["queued", "running"])));
    expect(left?.n).toBe(2_050);
  } finally {
    for (const table of [job, run]) await db().delete(table).where(copies);
  }
});
