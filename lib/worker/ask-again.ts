import { z } from "zod";
import { type ClaimedJob, enqueue, enqueueAll, holdJob } from "../../db/jobs";
import { runCommand } from "../command";
import { ok } from "../result";
import { runsThatAsk } from "../runs/queries/runs-that-ask";
import { finishJob } from "./end-job";

/** `since`: only runs that began since then; `after`: those up to that run were told before. */
const payloadSchema = z.object({
  flow: z.string(),
  since: z.string().nullable().default(null),
  after: z.string().nullable().default(null),
});

/** Runs that one transaction leaves a job for. */
const RUNS_AT_ONCE = 1_000;

/** Has the runs that wait for the answer of an evaluation flow ask it once more, as it is by now; when there are many, further jobs go on. */
export async function askAgain(job: ClaimedJob): Promise<ClaimedJob | null> {
  const { jobId, fence } = job;
  const payload = payloadSchema.parse(job.payload);
  const done = await runCommand({ kind: "ask-again", actorId: null, key: `${jobId}:${fence}` }, async (tx) => {
    await holdJob(tx, job);
    const runIds = await runsThatAsk(tx.db, payload, RUNS_AT_ONCE);
    // The clock's: it leaves no line in histories of runs that it does not move.
    const wakes = runIds.map(
      (runId) => ({ kind: "wake", runId, dedupeKey: `wake:${runId}`, payload: { type: "clock" } }) as const,
    );
    await enqueueAll(tx, wakes);
    const after = runIds.at(RUNS_AT_ONCE - 1);
    if (after !== undefined) await enqueue(tx, { kind: "ask_again", payload: { ...payload, after } });
    return ok(await finishJob(tx, job));
  });
  return done.ok ? done.value : null;
}
