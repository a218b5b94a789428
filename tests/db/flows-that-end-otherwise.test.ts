import { and, eq, isNull, ne } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { interview, job } from "../../db/schema";
import type { StepRun } from "../../lib/engine/state";
import type { Person } from "../../lib/people/current-person";
import { cancelRun, controlRun, goToStage } from "../../lib/runs/commands";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { work } from "../builders/jobs";
import { must } from "../builders/records";
import { aRun, aTeamWithThings, commanded, stateNow } from "../builders/runs";

/** The flow of a background step that ends otherwise than by its flow: it is over in the same transaction, and nothing says that it still waits. */
let ann: Person;
let admin: Person;

beforeAll(async () => {
  ({ ann, admin } = await aTeamWithThings());
  const later = {
    type: "amount_of_time",
    name: "Later",
    label: "Later",
    amount: { literal: 2 },
    unit: "days",
    next: null,
  };
  const elements = [{ type: "wait", name: "Waits", label: "Waits", events: [later] }];
  await activated(aBackgroundFlow("Waits_long", { start: "Waits", elements }));
});

type Step = { readonly runId: string; readonly stepRunId: string };
type Control = Parameters<typeof controlRun>[2]["command"];
const reason = "not needed";
const control = async (runId: string, command: Control) =>
  void must(await commanded(admin, (tx) => controlRun(tx, admin, { runId, command })));

const ENDS: Readonly<Record<string, (step: Step) => Promise<void>>> = {
  cancelled: async ({ runId }) => void must(await commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason }))),
  skipped: ({ runId, stepRunId }) => control(runId, { type: "skip-step", stepRunId, reason, outputs: null }),
  "failed by an admin": ({ runId, stepRunId }) => control(runId, { type: "fail-step", stepRunId, reason }),
  "failed by an admin while its run is suspended": async ({ runId, stepRunId }) => {
    await control(runId, { type: "suspend", reason });
    await control(runId, { type: "fail-step", stepRunId, reason });
  },
  "left with its stage": async ({ runId }) =>
    void must(await commanded(admin, (tx) => goToStage(tx, admin, { runId, stage: "Other", reason }))),
  "given up": async ({ stepRunId }) => {
    const its = and(eq(job.stepRunId, stepRunId), ne(job.status, "done"));
    await db()
      .update(job)
      .set({ runAt: new Date(0), attempts: job.maxAttempts })
      .where(its);
    await work();
  },
};

const statusOf = async (stepRunId: string) => {
  const [row] = await db()
    .select({ status: interview.status })
    .from(interview)
    .where(and(eq(interview.stepRunId, stepRunId), isNull(interview.workItemId)));
  return row?.status;
};
const hasEnded = ({ status, storedFailure }: StepRun) => status !== "in_progress" || storedFailure !== null;

test.each(Object.entries(ENDS))("a waiting flow whose step is %s waits no more", async (how, end) => {
  const steps = [aBackgroundStep("Work", { flow: "Waits_long" }), anInteractiveStep("Beside")];
  const stages = [aStage("First", steps), aStage("Other", [anInteractiveStep("Next")])];
  const { runId } = await aRun(anOrchestration(stages, { name: `Ends_${how.replaceAll(" ", "_")}` }), ann);
  await work();
  const stepRunId = (await stateNow(runId)).steps.find(({ name }) => name === "Work")?.id ?? "";
  expect(await statusOf(stepRunId)).toBe("waiting");
  await end({ runId, stepRunId });
  const step = (await stateNow(runId)).steps.find(({ id }) => id === stepRunId);
  expect(step && hasEnded(step)).toBe(true);
  expect(await statusOf(stepRunId)).toBe("closed");
});
