import { asc, eq } from "drizzle-orm";
import { afterEach, beforeAll, expect, test } from "vitest";
import { connect, db } from "../../db/client";
import { job, outbox } from "../../db/schema";
import { registerAction } from "../../lib/interviews/action-registry";
import { brokenInvariants } from "../../lib/launch/invariants";
import { sendEmail } from "../../lib/notify/send-email";
import type { Person } from "../../lib/people/current-person";
import { controlRun } from "../../lib/runs/commands";
import { claimJobs } from "../../lib/worker/claim-jobs";
import { runFlow } from "../../lib/worker/run-flow";
import { aBackgroundStep, activated, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { never, work, workToTheEnd } from "../builders/jobs";
import { must } from "../builders/records";
import { aRun, aTeamWithThings, commanded, stateNow } from "../builders/runs";

/** Flows that are at work while their run is suspended: what they come to is kept until it is resumed (A20b). */
let ann: Person;
let admin: Person;

const mail = (name: string, next: string | null) => ({
  ...{ type: "action", name, label: name, action: "send_email", next },
  inputs: { to: { literal: "somebody@example.com" }, subject: { literal: name }, body: { literal: name } },
});

beforeAll(async () => {
  ({ ann, admin } = await aTeamWithThings());
  const elements = [mail("First", "Second"), mail("Second", "Third"), mail("Third", null)];
  await activated(aBackgroundFlow("Mails", { start: "First", elements }));
});
afterEach(() => registerAction("send_email", sendEmail));

const begun = async (name: string) => {
  const steps = [aBackgroundStep("Work", { flow: "Mails", processing: "asynchronous" })];
  return (await aRun(anOrchestration([aStage("Only", steps)], { name }), ann)).runId;
};
const control = async (runId: string, command: Parameters<typeof controlRun>[2]["command"]) =>
  void must(await commanded(admin, (tx) => controlRun(tx, admin, { runId, command })));
const suspend = (runId: string) => control(runId, { type: "suspend", reason: "for a while" });
const resume = (runId: string) => control(runId, { type: "resume", reason: "goes on" });
const stepOf = async (runId: string) => {
  const [step] = (await stateNow(runId)).steps;
  if (!step) throw new Error(`${runId} has no step`);
  return step;
};
const mailsOf = async (runId: string) => {
  const its = eq(outbox.runId, runId);
  const rows = await db().select({ content: outbox.content }).from(outbox).where(its).orderBy(asc(outbox.createdAt));
  return rows.flatMap(({ content }) => (content as { subject?: string }).subject ?? []);
};
const jobsOf = (runId: string) => db().select().from(job).where(eq(job.runId, runId)).orderBy(job.createdAt);
const broken = async () => {
  const client = connect(1);
  return (await brokenInvariants(client).finally(() => client.end())).map(({ name }) => name);
};

test("a step that an admin fails while its worker is away: whoever takes the flow up does nothing more of it", async () => {
  const runId = await begun("Failed_by_hand");
  const [claimed] = await claimJobs(1);
  if (!claimed) throw new Error("no job is due");
  registerAction("send_email", async (tx, call) => {
    if (call.element === "Second") throw new Error("the power went out");
    return sendEmail(tx, call);
  });
  await expect(runFlow(claimed, never)).rejects.toThrow("the power went out");
  registerAction("send_email", sendEmail);
  await suspend(runId);
  await control(runId, { type: "fail-step", stepRunId: (await stepOf(runId)).id, reason: "it is wrong" });
  await db()
    .update(job)
    .set({ leaseUntil: new Date(0) })
    .where(eq(job.jobId, claimed.jobId));
  await work();
  expect(await mailsOf(runId)).toEqual(["First"]);
  expect(await jobsOf(runId)).toMatchObject([{ status: "done", attempts: 2 }]);
  await resume(runId);
  expect(await stepOf(runId)).toMatchObject({ status: "error", error: "it is wrong" });
});

test("a flow that is given up: its failure is kept, and no rule of the audit takes it for forgotten", async () => {
  const runId = await begun("Given_up");
  registerAction("send_email", () => Promise.reject(new Error("the power went out")));
  await suspend(runId);
  await workToTheEnd(runId);
  expect(await stepOf(runId)).toMatchObject({ status: "in_progress", storedFailure: { element: null } });
  expect(await broken()).toEqual([]);
  await resume(runId);
  expect(await stepOf(runId)).toMatchObject({ status: "error", error: expect.stringContaining("the power went out") });
  expect((await jobsOf(runId)).map(({ status }) => status)).not.toContain("queued");
});
