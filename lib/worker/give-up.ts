import { type ClaimedJob, holdJob } from "../../db/jobs";
import { runCommand } from "../command";
import { giveUpWaiting } from "../interviews/step-background-flow";
import { log } from "../log";
import { ok } from "../result";
import { holdRun } from "../runs/hold-run";
import { buryJob, endKept } from "./end-job";
import { tellRun } from "./tell-run";

/**
 * Ends a job whose attempts are used up. Of a flow this is itself the command `flow-failed`: the step errs and the job is dead in one
 * transaction (I32), so nobody has to sweep; a suspended run keeps the failure until it is resumed, and the job is done. Of a wake it is
 * `wake-failed`: the run is stalled, with the reason, until it has looked again.
 */
export async function giveUp(job: ClaimedJob, error: string): Promise<void> {
  const { jobId, fence, kind, runId, stepRunId, attempts } = job;
  log().error({ jobId, kind, runId, attempts, reason: error }, "job given up");
  const times = Math.min(attempts, job.maxAttempts);
  const told = `tried ${times === 1 ? "once" : `${times} times`}: ${error}`;
  await runCommand(
    {
      kind: kind === "wake" ? "wake-failed" : "flow-failed",
      actorId: null,
      key: `${jobId}:${fence}`,
      ...(runId === null ? {} : { subjectId: runId }),
    },
    async (tx) => {
      await holdJob(tx, job);
      // What follows must not go wrong again: nobody would give up in its place.
      tx.runsNoFlows = true;
      if (kind !== "wake" && runId !== null && stepRunId !== null) {
        await tellRun(tx, runId, { type: "flow-failed", stepRunId, error: told, element: null });
        await giveUpWaiting(tx, { runId, stepRunId, jobId });
      }
      if (kind === "wake" && runId !== null) await tellRun(tx, runId, { type: "wake-failed", error: told });
      const held = runId === null ? null : await holdRun(tx, { runId });
      const step = held?.state.steps.find(({ id }) => id === stepRunId);
      if (step?.status === "in_progress") endKept(tx, job, error);
      else buryJob(tx, job, error);
      return ok(null);
    },
  );
}
