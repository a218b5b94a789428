import { z } from "zod";
import { type ClaimedJob, holdJobAndNext } from "../../db/jobs";
import { runCommand } from "../command";
import { ok } from "../result";
import { finishJob } from "./end-job";
import { noteOf, tellRun } from "./tell-run";

const payloadSchema = z.object({ workItemId: z.string(), assignmentNo: z.number() });

/** Lets a run know that no mail about an assignment could be delivered, so that its item is flagged (A16). */
export async function noteUndelivered(job: ClaimedJob): Promise<ClaimedJob | null> {
  const { jobId, fence, runId, payload } = job;
  const { workItemId, assignmentNo } = payloadSchema.parse(payload);
  if (runId === null) throw new Error(`the job ${jobId} names no run`);
  const header = { kind: "mail-undelivered", actorId: null, key: `${jobId}:${fence}`, subjectId: workItemId };
  const done = await runCommand(header, async (tx) => {
    await holdJobAndNext(tx, job);
    const refusal = await tellRun(tx, runId, { type: "mail-undelivered", workItemId, assignmentNo });
    return ok(await finishJob(tx, job, noteOf(refusal)));
  });
  return done.ok ? done.value : null;
}
