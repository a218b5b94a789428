import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { job, recordLock } from "../../db/schema";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { work } from "../builders/jobs";
import { aRun, aTeamWithThings, stateNow } from "../builders/runs";

const { ann } = await aTeamWithThings();

test("a flow whose unlocking shows that its stage is over has unlocked, and its job is done at the first try", async () => {
  const act = (name: string, next: string | null) => ({ type: "action", name, label: name, action: name, next });
  const close = {
    ...{ type: "update_records", name: "Close", label: "Close", object: "Thing", record: "recordId" },
    ...{ values: { Status: { literal: "Closed" } }, next: "unlock_record" },
  };
  const elements = [act("lock_record", "Close"), close, act("unlock_record", null)];
  await activated(aBackgroundFlow("Closes", { start: "lock_record", elements }));
  const step = aBackgroundStep("Work", { flow: "Closes", inputs: { recordId: { ref: "$Record.Id" } } });
  const isClosed = { left: "$Record.Status", operator: "equals", right: { literal: "Closed" } };
  const exit = { type: "requirements", condition: { requirements: [isClosed] } };
  const stages = [aStage("First", [step], { exit, next: "Second" }), aStage("Second", [anInteractiveStep("Ask")])];
  const { runId, recordId } = await aRun(anOrchestration(stages, { name: "OfCloses" }), ann);
  await work();
  expect((await stateNow(runId)).steps).toMatchObject([
    { name: "Work", status: "discontinued" },
    { name: "Ask", status: "in_progress" },
  ]);
  expect(await db().select().from(recordLock).where(eq(recordLock.recordId, recordId))).toEqual([]);
  const jobs = await db().select().from(job).where(eq(job.runId, runId));
  expect(jobs.find(({ kind }) => kind === "run_flow")).toMatchObject({ status: "done", attempts: 1 });
});
