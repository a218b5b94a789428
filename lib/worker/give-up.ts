import { holdJob } from "../../db/jobs";
import { runCommand } from "../command";
import { log } from "../log";
import { ok } from "../result";
import type { ClaimedJob } from "./claim-jobs";
import { buryJob } from "./end-job";
import { tellRun } from "./tell-run";

/**
 * Ends a job whose attempts are used up. Of a flow this is itself the command `flow-failed`: the step errs and the job is dead in one
 * transaction (I32), so nobody has to sweep. A dead wake is seen by the admins; the next change of the record makes a new one.
 */
export async function giveUp(job: ClaimedJob, error: string): Promise<void> {
  const { jobId, fence, kind, runId, stepRunId, attempts } = job;
  log().error({ jobId, kind, runId, attempts, reason: error }, "job given up");
  await runCommand(
    { kind: "flow-failed", actorId: null, key: `${jobId}:${fence}`, ...(runId === null ? {} : { subjectId: runId }) },
    async (tx) => {
      await holdJob(tx, job);
      if (kind === "run_flow" && runId !== null && stepRunId !== null) {
        await tellRun(tx, runId, {
          type: "flow-failed",
          stepRunId,
          error: `tried ${Math.min(attempts, job.maxAttempts)} times: ${error}`,
          element: null,
        });
      }
      await buryJob(tx, job, error);
      return ok(null);
    },
  );
}
