import { z } from "zod";
import { type ClaimedJob, holdJobAndNext } from "../../db/jobs";
import type { Tx } from "../../db/transaction";
import { runCommand } from "../command";
import type { WakeCause } from "../engine/command";
import { ok } from "../result";
import { holdRun } from "../runs/hold-run";
import { leaveJob } from "../runs/leave-job";
import { finishJob } from "./end-job";
import { noteOf, tellRun } from "./tell-run";

const causeSchema = z.discriminatedUnion("type", [
  z.object({ type: z.enum(["record", "clock", "lock"]) }),
  z.object({ type: z.literal("flow"), flow: z.string(), runId: z.string().nullable() }),
]);

/** Why: a job that does not say was left by the save of a record. */
const causeOf = ({ payload }: ClaimedJob): WakeCause => causeSchema.safeParse(payload).data ?? { type: "record" };

/** Lets a run look again at what it waits for, because a record changed, an instant came, a lock was given up, or a flow said so. */
export async function wake(job: ClaimedJob): Promise<ClaimedJob | null> {
  const { jobId, fence, runId } = job;
  if (runId === null) throw new Error(`the job ${jobId} names no run`);
  const done = await runCommand(
    { kind: "wake", actorId: null, key: `${jobId}:${fence}`, subjectId: runId },
    async (tx) => {
      await holdJobAndNext(tx, job);
      const cause = causeOf(job);
      const former = await dueAtOf(tx, runId);
      const told = await tellRun(tx, runId, { type: "wake", cause });
      // The same instant as before: it has asked for no other wake, and this one, which came early because the clock was set back (F44), is spent.
      if (cause.type === "clock" && former !== null && former === (await dueAtOf(tx, runId)))
        await leaveJob(tx, runId, { type: "wake-at", at: former });
      return ok(await finishJob(tx, job, noteOf(told)));
    },
  );
  return done.ok ? done.value : null;
}

const dueAtOf = async (tx: Tx, runId: string): Promise<string | null> =>
  (await holdRun(tx, { runId }))?.state.run.waits.dueAt ?? null;
