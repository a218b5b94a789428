import { and, eq, isNull } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { interview, job, recordLock, wait } from "../../db/schema";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { work } from "../builders/jobs";
import { aRun, aTeamWithThings, stateNow } from "../builders/runs";

const { ann } = await aTeamWithThings();

const act = (name: string, next: string | null) => ({ type: "action", name, label: name, action: name, next });
const close = {
  ...{ type: "update_records", name: "Close", label: "Close", object: "Thing", record: "recordId" },
  ...{ values: { Status: { literal: "Closed" } }, next: "unlock_record" },
};

/** A run whose first stage is over as soon as the flow of its step has closed the record and unlocked it; the flow goes on with `rest`. */
async function closing(name: string, next: string | null, rest: readonly object[] = []) {
  const elements = [act("lock_record", "Close"), close, act("unlock_record", next), ...rest];
  await activated(aBackgroundFlow(name, { start: "lock_record", elements }));
  const step = aBackgroundStep("Work", { flow: name, inputs: { recordId: { ref: "$Record.Id" } } });
  const isClosed = { left: "$Record.Status", operator: "equals", right: { literal: "Closed" } };
  const exit = { type: "requirements", condition: { requirements: [isClosed] } };
  const stages = [aStage("First", [step], { exit, next: "Second" }), aStage("Second", [anInteractiveStep("Ask")])];
  const started = await aRun(anOrchestration(stages, { name: `Of${name}` }), ann);
  await work();
  expect((await stateNow(started.runId)).steps).toMatchObject([
    { name: "Work", status: "discontinued" },
    { name: "Ask", status: "in_progress" },
  ]);
  return started;
}

test("a flow whose unlocking shows that its stage is over has unlocked, and its job is done at the first try", async () => {
  const { runId, recordId } = await closing("Closes", null);
  expect(await db().select().from(recordLock).where(eq(recordLock.recordId, recordId))).toEqual([]);
  const jobs = await db().select().from(job).where(eq(job.runId, runId));
  expect(jobs.find(({ kind }) => kind === "run_flow")).toMatchObject({ status: "done", attempts: 1 });
});

test("one that comes to a wait in that same commit waits for nothing", async () => {
  const later = {
    type: "amount_of_time",
    name: "Later",
    label: "Later",
    amount: { literal: 2 },
    unit: "days",
    next: null,
  };
  const waits = { type: "wait", name: "Waits", label: "Waits", events: [later] };
  const { runId } = await closing("Closes_and_waits", "Waits", [waits]);
  const its = and(eq(interview.runId, runId), isNull(interview.workItemId));
  expect(await db().select({ status: interview.status }).from(interview).where(its)).toEqual([{ status: "closed" }]);
  const open = and(eq(wait.runId, runId), eq(wait.event, "Later"), isNull(wait.resolvedAt));
  expect(await db().select().from(wait).where(open)).toEqual([]);
  const queued = and(eq(job.runId, runId), eq(job.kind, "resume_flow"), eq(job.status, "queued"));
  expect(await db().select().from(job).where(queued)).toEqual([]);
});
