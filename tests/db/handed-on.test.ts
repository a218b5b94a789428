import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { history, job, record } from "../../db/schema";
import { MAX_SECONDS_PER_EXECUTION } from "../../lib/flow/definition";
import type { Person } from "../../lib/people/current-person";
import { cancelRun } from "../../lib/runs/commands";
import { verifyHistory } from "../../lib/runs/verify-history";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { work, workToTheEnd } from "../builders/jobs";
import { must } from "../builders/records";
import { aRun, aTeamWithThings, commanded, finished, stateNow, theItem } from "../builders/runs";

/** Synchronous flows that the commit of what led to them does not run itself. */
let ann: Person;
let admin: Person;
const asynchronous = { processing: "asynchronous" } as const;

/** A flow that sets its record's Status, by which the table is slow or goes wrong. */
const setting = (name: string, status: string) =>
  aBackgroundFlow(name, {
    start: "Save",
    elements: [
      {
        ...{ type: "update_records", name: "Save", label: "Save", object: "Thing", record: "recordId", next: null },
        values: { Status: { literal: status } },
      },
    ],
  });
/** Each of its saves takes more than four seconds. */
const thrice = aBackgroundFlow("Thrice", {
  variables: [{ name: "recordId", type: "text", isInput: true }],
  start: "Save1",
  elements: [1, 2, 3, 4].map((at) => ({
    ...{ type: "update_records", name: `Save${at}`, label: `Save ${at}`, object: "Thing", record: "recordId" },
    ...{ values: { Status: { literal: "Slow" }, Amount: { literal: at } }, next: at < 4 ? `Save${at + 1}` : null },
  })),
});
const withRecord = { inputs: { recordId: { ref: "$Record.Id" } } };

beforeAll(async () => {
  ({ ann, admin } = await aTeamWithThings());
  await activated(setting("Slow", "Slow"), setting("Poison", "Poison"), setting("Endless", "Endless"), thrice);
  await db().execute(sql`
    create function hold_up() returns trigger language plpgsql as $$ begin
      if new.data->>'Status' = 'Slow' then perform pg_sleep(4.2); end if;
      if new.data->>'Status' = 'Endless' then perform pg_sleep(17); end if;
      if new.data->>'Status' = 'Poison' then raise exception 'poison' using errcode = 'XX000'; end if;
      return new;
    end $$`);
  await db().execute(sql`create trigger hold_up before update on record for each row execute function hold_up()`);
});
afterAll(async () => {
  await db().execute(sql`drop function hold_up() cascade`);
});

const jobsOf = (runId: string) => db().select().from(job).where(eq(job.runId, runId)).orderBy(job.createdAt);
const eventsOf = async (runId: string) =>
  (await db().select().from(history).where(eq(history.runId, runId)).orderBy(history.seq)).map(({ type }) => type);
const stepsOf = async (runId: string) =>
  (await stateNow(runId)).steps.map(({ name, status, isAsynchronous }) => [name, status, isAsynchronous]);
describe("a synchronous flow is left to a job", () => {
  test("when the command has taken four seconds: what came before is committed", async () => {
    const stages = [
      aStage("First", [aBackgroundStep("Long", { flow: "Slow", ...withRecord })], { next: "Second" }),
      aStage("Second", [aBackgroundStep("Short")]),
    ];
    const { runId } = await aRun(anOrchestration(stages, { name: "TakesLong" }), ann);
    expect(await stepsOf(runId)).toEqual([
      ["Long", "completed", false],
      ["Short", "in_progress", true],
    ]);
    expect(await jobsOf(runId)).toMatchObject([{ kind: "run_flow", status: "queued", attempts: 0 }]);
    expect((await eventsOf(runId)).filter((type) => type === "step-handed-on")).toHaveLength(1);
    await work();
    expect((await stateNow(runId)).run).toMatchObject({ status: "completed", stalledSince: null });
    expect(await verifyHistory(db())).toEqual([]);
  });

  test("when the job that leads to it was tried before: it uses up its own tries, and undoes nothing", async () => {
    const stages = [
      aStage("First", [aBackgroundStep("Before", asynchronous)], { next: "Second" }),
      aStage("Second", [aBackgroundStep("Bad", { flow: "Poison", ...withRecord })]),
    ];
    const { runId } = await aRun(anOrchestration(stages, { name: "Poisoned" }), ann);
    await work();
    expect(await stepsOf(runId)).toEqual([["Before", "in_progress", true]]);
    await workToTheEnd(runId);
    expect(await stepsOf(runId)).toEqual([
      ["Before", "completed", true],
      ["Bad", "error", true],
    ]);
    expect(await jobsOf(runId)).toMatchObject([
      { status: "done", attempts: 2 },
      { status: "dead", attempts: 5 },
    ]);
  });

  test("when a job is given up that leads to it by a fault path: giving up goes wrong no more", async () => {
    const stages = [
      aStage("First", [aBackgroundStep("Before", asynchronous)], { faultNext: "Mend" }),
      aStage("Mend", [aBackgroundStep("Bad", { flow: "Poison", ...withRecord })]),
    ];
    const { runId } = await aRun(anOrchestration(stages, { name: "GivenUp" }), ann);
    await db().update(job).set({ attempts: job.maxAttempts }).where(eq(job.runId, runId));
    await work();
    expect(await stepsOf(runId)).toEqual([
      ["Before", "error", true],
      ["Bad", "in_progress", true],
    ]);
    expect(await jobsOf(runId)).toMatchObject([{ status: "dead" }, { status: "queued" }]);
    await workToTheEnd(runId);
    expect((await stateNow(runId)).run.status).toBe("error");
    expect((await jobsOf(runId)).map(({ status }) => status)).toEqual(["dead", "dead"]);
  });

  test("when a person's own command went wrong with it: their act is done, and the tries of the flow are its own", async () => {
    const steps = [
      anInteractiveStep("Fill"),
      aBackgroundStep("Bad", { flow: "Poison", ...withRecord, entry: { type: "step_completed", step: "Fill" } }),
    ];
    const { runId } = await aRun(anOrchestration([aStage("S", steps)], { name: "PersonsPoison" }), ann);
    const { workItemId } = await theItem(runId);
    must(await finished(ann, workItemId));
    expect(await stepsOf(runId)).toEqual([
      ["Fill", "completed", true],
      ["Bad", "in_progress", true],
    ]);
    expect(await jobsOf(runId)).toMatchObject([{ kind: "run_flow", status: "queued", attempts: 0 }]);
    await workToTheEnd(runId);
    expect((await stateNow(runId)).run.status).toBe("error");
  });

  test("when one statement of it takes longer than a transaction may: the act that led to it is done all the same", {
    timeout: 60_000,
  }, async () => {
    const stage = aStage("S", [aBackgroundStep("Endless", { flow: "Endless", ...withRecord })]);
    const { runId } = await aRun(anOrchestration([stage], { name: "EndlessStatement" }), ann);
    expect(await stepsOf(runId)).toEqual([["Endless", "in_progress", true]]);
    expect(await jobsOf(runId)).toMatchObject([{ kind: "run_flow", status: "queued", attempts: 0 }]);
    must(await commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "seen enough" })));
  });

  test("else never: an ordinary chain is one commit, and no job", async () => {
    const steps = ["One", "Two", "Three"].map((name, at, names) =>
      aBackgroundStep(name, at > 0 ? { entry: { type: "step_completed", step: names[at - 1] } } : {}),
    );
    const { runId } = await aRun(anOrchestration([aStage("First", steps)], { name: "Ordinary" }), ann);
    expect((await stateNow(runId)).run.status).toBe("completed");
    expect(await jobsOf(runId)).toEqual([]);
    expect(await eventsOf(runId)).not.toContain("step-handed-on");
  });
});

test("a flow is stopped after ten seconds, with the number, and nothing of it stays", { timeout: 60_000 }, async () => {
  const stage = aStage("S", [aBackgroundStep("Long", { flow: "Thrice", ...withRecord })]);
  const { runId, recordId } = await aRun(anOrchestration([stage], { name: "TakesTooLong" }), ann);
  expect((await stateNow(runId)).steps).toMatchObject([
    {
      status: "error",
      error: `The flow was stopped after ${MAX_SECONDS_PER_EXECUTION} seconds.`,
      isAsynchronous: false,
    },
  ]);
  const [row] = await db().select().from(record).where(eq(record.recordId, recordId));
  expect(row?.data).not.toMatchObject({ Status: "Slow" });
});
