import { inArray, sql } from "drizzle-orm";
import { type JobHold, LEASE_SECONDS } from "../../db/jobs";
import { job } from "../../db/schema/queue";
import { transaction } from "../../db/transaction";
import { sleep } from "../clock";
import { newId } from "../ids";
import { log } from "../log";

const RENEW_MS = 5_000;

type Held = { readonly hold: JobHold; readonly abort: AbortController; renewedAt: number };

/** The jobs that this worker holds now. */
export type Holder = {
  /** Keeps the job's lease until `release`. The signal aborts when the lease is lost, or could not be renewed in time. */
  readonly keep: (hold: JobHold) => { readonly signal: AbortSignal; readonly release: () => void };
  /** Renews all leases every 5 s until the signal aborts. */
  readonly renewUntil: (signal: AbortSignal) => Promise<void>;
  readonly abortAll: (reason: string) => void;
};

export function makeHolder(): Holder {
  const held = new Set<Held>();
  return {
    keep(hold) {
      const entry = { hold, abort: new AbortController(), renewedAt: performance.now() };
      held.add(entry);
      return { signal: entry.abort.signal, release: () => held.delete(entry) };
    },
    async renewUntil(signal) {
      while (!signal.aborted) {
        await sleep(RENEW_MS, signal);
        await renewAll(held).catch((error: unknown) => log().warn({ err: error }, "leases not renewed"));
        abortExpired(held);
      }
    },
    abortAll(reason) {
      for (const { abort } of held) abort.abort(new Error(reason));
    },
  };
}

/**
 * A row that a transaction of the job itself has locked is passed over: that transaction renewed it, and nobody can claim it meanwhile.
 */
async function renewAll(held: ReadonlySet<Held>): Promise<void> {
  if (held.size === 0) return;
  const ids = [...held].map(({ hold }) => hold.jobId);
  const startedAt = performance.now();
  const fences = await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    const mine = sql`(${job.jobId}, ${job.fence}) in (${sql.join(
      [...held].map(({ hold }) => sql`(${hold.jobId}, ${hold.fence}::bigint)`),
      sql`, `,
    )})`;
    const free = tx.db
      .select({ id: job.jobId })
      .from(job)
      .where(sql`${mine} and ${job.status} = 'running'`)
      .for("update", { skipLocked: true });
    await tx.db
      .update(job)
      .set({ leaseUntil: sql`clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'` })
      .where(inArray(job.jobId, free));
    return tx.db
      .select({ jobId: job.jobId, fence: job.fence, status: job.status })
      .from(job)
      .where(inArray(job.jobId, ids));
  });
  for (const entry of held) {
    const row = fences.find(({ jobId }) => jobId === entry.hold.jobId);
    if (row?.fence === entry.hold.fence && row.status === "running") entry.renewedAt = startedAt;
    else if (row?.fence !== entry.hold.fence) entry.abort.abort(new Error("the job was given to somebody else"));
  }
}

function abortExpired(held: ReadonlySet<Held>): void {
  for (const { abort, renewedAt } of held) {
    if (performance.now() - renewedAt > LEASE_SECONDS * 1_000) abort.abort(new Error("the lease could not be renewed"));
  }
}
