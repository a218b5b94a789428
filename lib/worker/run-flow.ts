import { z } from "zod";
import { type ClaimedJob, holdJobAndNext } from "../../db/jobs";
import type { Tx } from "../../db/transaction";
import type { Command } from "../engine/command";
import { type BackgroundStep, giveUpWaiting, stepBackgroundFlow } from "../interviews/step-background-flow";
import { type Background, readBackground } from "../interviews/store-interview";
import { ok, type Result } from "../result";
import { holdRun } from "../runs/hold-run";
import { inItsName } from "../runs/in-its-name";
import { runTogether } from "../together";
import { finishJob } from "./end-job";
import { noteOf, tellRun } from "./tell-run";

/** Of the job that begins a flow, and of one that says that what a flow waits for may have happened. */
const payloadSchema = z.union([
  z.object({ flow: z.string(), version: z.number(), runAs: z.string().nullable().default(null) }),
  z.object({ waitId: z.string(), recordId: z.string().nullable().default(null) }),
]);

type Call = Parameters<typeof stepBackgroundFlow>[1];
type Progress = { readonly isDone: boolean; readonly next: ClaimedJob | null };

/**
 * Runs the flow of an asynchronous background step, from its beginning or from what it waited for: a commit for each Action, Subflow and
 * Wait, and a last one that tells the run how it ended. The job ends with the flow, or as soon as the flow waits. Each commit names the
 * job and its fence, and asks anew whether the step is still in progress; so a crash repeats nothing that was committed, and a worker that
 * froze writes nothing.
 */
export async function runFlow(job: ClaimedJob, signal: AbortSignal): Promise<ClaimedJob | null> {
  const call = callOf(job);
  for (let commit = 1; ; commit++) {
    signal.throwIfAborted();
    const header = {
      kind: "run-flow",
      actorId: null,
      key: `${job.jobId}:${job.fence}:${commit}`,
      subjectId: call.runId,
    };
    const done = await runTogether<Background | null, Progress>(header, {
      holds: call.runId,
      runs: call.begins?.name ?? "",
      // Each lock behind the one before.
      ahead: async (tx) => {
        const { runId, stepRunId } = call;
        const locked = [holdJobAndNext(tx, job), holdRun(tx, { runId })];
        const [before] = await Promise.all([readBackground(tx, stepRunId), ...locked]);
        return before;
      },
      work: (tx, before) => carryOn(tx, { job, call }, before),
    });
    if (!done.ok) throw new Error(`the flow's commit was refused: ${done.refusal.code}`);
    if (done.value.isDone) return done.value.next;
  }
}

async function carryOn(
  tx: Tx,
  { job, call }: { job: ClaimedJob; call: Call },
  before: Background | null,
): Promise<Result<Progress>> {
  const { runId, stepRunId } = call;
  const held = await holdRun(tx, { runId });
  const started = held?.state.steps.find(({ id }) => id === stepRunId);
  const isTraced = held?.state.run.debug != null;
  const go = () => stepBackgroundFlow(tx, call, { step: started, before, isTraced });
  const step = await inItsName(tx, held?.row.askedBy ?? null, go);
  if (step.type === "more") return ok({ isDone: false, next: null });
  return ok({ isDone: true, next: await finishJob(tx, job, await tellOutcome(tx, call, step)) });
}

function callOf({ jobId, runId, stepRunId, payload }: ClaimedJob): Call {
  const wanted = payloadSchema.safeParse(payload);
  if (!wanted.success) throw new Error("the job names no flow", { cause: wanted.error });
  if (runId === null || stepRunId === null) throw new Error("the job names no step");
  const { data } = wanted;
  if ("waitId" in data) return { runId, stepRunId, jobId, begins: null, happening: data };
  const { flow: name, version, runAs } = data;
  return { runId, stepRunId, jobId, begins: { name, version, runAs }, happening: null };
}

/**
 * What the job's row is to say. A run that will not hear of a success is a fault, and what the flow wrote must not stay then; unless an action
 * of this very commit showed that the stage is over (2.5): then the step was in progress as long as its flow was at work, which waits for nothing.
 */
async function tellOutcome(
  tx: Tx,
  call: Call,
  step: Exclude<BackgroundStep, { type: "more" }>,
): Promise<string | null> {
  const { runId, stepRunId } = call;
  if (step.type === "stopped") return OVER;
  if (step.type === "waiting") {
    if (await isInProgress(tx, call)) return null;
    await giveUpWaiting(tx, call);
    return OVER;
  }
  const refusal = await tellRun(tx, runId, commandOf(stepRunId, step));
  if (refusal && step.type === "finished" && (await isInProgress(tx, { runId, stepRunId })))
    throw new Error(`the run refused the flow's end: ${refusal.code}`);
  return noteOf(refusal);
}

const OVER = "the step was no longer in progress";

async function isInProgress(tx: Tx, { runId, stepRunId }: Pick<Call, "runId" | "stepRunId">): Promise<boolean> {
  const steps = (await holdRun(tx, { runId }))?.state.steps ?? [];
  return steps.some(({ id, status }) => id === stepRunId && status === "in_progress");
}

const commandOf = (stepRunId: string, step: Extract<BackgroundStep, { type: "finished" | "failed" }>): Command =>
  step.type === "finished"
    ? { type: "flow-finished", stepRunId, outputs: step.outputs }
    : { type: "flow-failed", stepRunId, error: step.error, element: step.element };
