import { holdJob } from "../../db/jobs";
import { runCommand } from "../command";
import { ok } from "../result";
import type { ClaimedJob } from "./claim-jobs";
import { finishJob } from "./end-job";
import { noteOf, tellRun } from "./tell-run";

/** Lets a run look again at what it waits for, because its record changed. */
export async function wake(job: ClaimedJob): Promise<ClaimedJob | null> {
  const { jobId, fence, runId } = job;
  if (runId === null) throw new Error(`the job ${jobId} names no run`);
  const done = await runCommand(
    { kind: "wake", actorId: null, key: `${jobId}:${fence}`, subjectId: runId },
    async (tx) => {
      await holdJob(tx, job);
      return ok(await finishJob(tx, job, noteOf(await tellRun(tx, runId, { type: "wake" }))));
    },
  );
  return done.ok ? done.value : null;
}
