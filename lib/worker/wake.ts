import { z } from "zod";
import { type ClaimedJob, holdJobAndNext } from "../../db/jobs";
import { databaseNow, type Tx } from "../../db/transaction";
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
      if (cause.type === "clock" && former !== null && former === (await dueAtOf(tx, runId)))
        await leaveAgain(tx, runId, former);
      return ok(await finishJob(tx, job, noteOf(told)));
    },
  );
  return done.ok ? done.value : null;
}

const dueAtOf = async (tx: Tx, runId: string): Promise<string | null> =>
  (await holdRun(tx, { runId }))?.state.run.waits.dueAt ?? null;

/** Until a run is looked at again that waits for an instant which has passed: never at once, which would be for ever. */
const LATER_MS = 60_000;

/**
 * The run waits for the same instant as before, so it has asked for no other wake and this one is spent: it came early, because the clock was set
 * back meanwhile (F44).
 */
async function leaveAgain(tx: Tx, runId: string, dueAt: string): Promise<void> {
  const now = await databaseNow(tx);
  const at = new Date(dueAt) > now ? dueAt : new Date(now.getTime() + LATER_MS).toISOString();
  await leaveJob(tx, runId, { type: "wake-at", at });
}
