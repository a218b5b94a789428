import { and, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { history, outbox } from "../../db/schema";
import { deactivate } from "../../lib/definitions/commands/deactivate";
import type { Person } from "../../lib/people/current-person";
import { controlRun } from "../../lib/runs/commands";
import { deactivateAndHandOver } from "../../lib/work/commands/hand-over";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { aPerson } from "../builders/people";
import { must } from "../builders/records";
import { aRun, aTeamWithThings, commanded, finished, stateNow, theItem } from "../builders/runs";

/** What the next stage of an open run needs may be gone when it begins (A16, A24): it is said, and somebody can do something about it. */
const { ann, boss, admin } = await aTeamWithThings();
const to = ({ username }: Person) => ({ assignee: { type: "user", value: { literal: username } } });
const first = aStage("First", [anInteractiveStep("Fill", to(ann))], { next: "Second" });

async function goOn(runId: string): Promise<void> {
  must(await finished(ann, (await theItem(runId)).workItemId));
}

test("a flow that an admin has deactivated by force: refused first with who needs it; then its step ends in Error", async () => {
  await activated(aBackgroundFlow("Gone"));
  const second = aStage("Second", [anInteractiveStep("Beside", to(boss)), aBackgroundStep("Work", { flow: "Gone" })]);
  const { runId } = await aRun(anOrchestration([first, second], { name: "Needs_it" }), ann);
  const end = (force: boolean) => commanded(admin, (tx) => deactivate(tx, admin, { name: "Gone", force }));
  expect(await end(false)).toMatchObject({ ok: false, refusal: { code: "flow-in-use", details: { name: "Gone" } } });
  must(await end(true));
  await goOn(runId);
  const { run, stages, steps, items } = await stateNow(runId);
  const error = expect.stringContaining("“Gone” of “Work” had no active version when its stage began");
  expect(run).toMatchObject({ status: "error", error });
  expect(stages.map(({ status }) => status)).toEqual(["completed", "error"]);
  expect(steps.slice(1)).toMatchObject([
    { name: "Beside", status: "discontinued" },
    { name: "Work", status: "error", error },
  ]);
  expect(items.some(({ status }) => status === "assigned")).toBe(false);
  const told = await db()
    .select({ to: outbox.recipientId })
    .from(outbox)
    .where(and(eq(outbox.runId, runId), eq(outbox.kind, "failure")));
  expect(told.map((mail) => mail.to)).toContain(admin.userId);
});

test("a flow that a step calls by an older version of its flow: who needs it is said, until that step has ended", async () => {
  const rest = { type: "amount_of_time", name: "Days", label: "Days", amount: { literal: 2 }, unit: "days" };
  const elements = [
    { type: "wait", name: "Rest", label: "Rest", events: [{ ...rest, next: "Call" }] },
    { type: "subflow", name: "Call", label: "Call", flow: "Called", next: null },
  ];
  await activated(aBackgroundFlow("Called"), aBackgroundFlow("Calls", { start: "Rest", elements }));
  const steps = [aBackgroundStep("Work", { flow: "Calls" }), aBackgroundStep("Other", { processing: "asynchronous" })];
  const { runId } = await aRun(anOrchestration([aStage("First", steps)], { name: "Calls_it", label: "Calls it" }), ann);
  await activated(aBackgroundFlow("Calls"));
  const end = () => commanded(admin, (tx) => deactivate(tx, admin, { name: "Called", force: false }));
  expect(await end()).toMatchObject({
    refusal: { code: "flow-in-use", problems: [{ path: "Calls", message: "Calls, version 1: 1 open run" }] },
  });
  const stepRunId = (await stateNow(runId)).steps.find(({ name }) => name === "Work")?.id ?? "";
  must(
    await commanded(admin, (tx) =>
      controlRun(tx, admin, { runId, command: { type: "skip-step", stepRunId, reason: "not needed", outputs: null } }),
    ),
  );
  expect((await stateNow(runId)).run.status).toBe("in_progress");
  must(await end());
});

test.each([true, false])("an assignee whom an admin has deactivated; with a fallback: %s", async (hasFallback) => {
  const [leaves, spare] = [await aPerson(), await aPerson()];
  const second = aStage("Second", [anInteractiveStep("Check", to(leaves))]);
  const fallbackAssignee = { type: "user", value: spare.username };
  const more = { name: `Needs_them_${hasFallback}`, ...(hasFallback && { fallbackAssignee }) };
  const { runId } = await aRun(anOrchestration([first, second], more), ann);
  must(await commanded(admin, (tx) => deactivateAndHandOver(tx, admin, { userId: leaves.userId })));
  await goOn(runId);
  expect(await theItem(runId)).toMatchObject({
    label: "Check",
    assigneeId: hasFallback ? spare.userId : ann.userId,
    flag: "inactive_assignee",
  });
});

test.each([
  ["59", "whoever began it", ann.userId],
  ["60", "Baton itself", null],
])("a run of API %s that an admin resumes: its background steps run as %s", async (api, _, runAs) => {
  const second = aStage("Second", [aBackgroundStep("Work")]);
  const { runId } = await aRun(anOrchestration([first, second], { name: `Api_${api}`, apiVersion: Number(api) }), ann);
  const control = (type: "suspend" | "resume") =>
    commanded(admin, (tx) => controlRun(tx, admin, { runId, command: { type, reason: "for a while" } }));
  must(await control("suspend"));
  // Stored, and taken when the run is resumed: the admin's command begins the second stage.
  await goOn(runId);
  expect((await stateNow(runId)).steps.map(({ name }) => name)).toEqual(["Fill"]);
  must(await control("resume"));
  const work = (await stateNow(runId)).steps.find(({ name }) => name === "Work");
  expect(work).toMatchObject({ status: "completed", runAs });
  const [begun] = await db()
    .select({ by: history.actorId })
    .from(history)
    .where(and(eq(history.runId, runId), eq(history.type, "step-started"), eq(history.subjectId, work?.id ?? "")));
  expect(begun?.by).toBe(admin.userId);
});
