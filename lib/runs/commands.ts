import { eq } from "drizzle-orm";
import { run } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { orchestrationVersion } from "../definitions/queries";
import { may } from "../gate";
import type { Person } from "../people/current-person";
import { ok, type Result, refuse } from "../result";
import { dispatch } from "./dispatch";
import { openRun } from "./start";

type Told = Result<{ runId: string }>;

/** Ends a run for ever (A6b). Refusals: `not-found`, `not-your-work` (only admins may), `run-closed`. */
export async function cancelRun(
  tx: Tx,
  person: Person,
  { runId, reason }: { runId: string; reason: string },
): Promise<Told> {
  const done = await dispatch(tx, person, { runId, command: { type: "cancel", reason } });
  return done.ok ? ok({ runId }) : done;
}

/** The run that has taken this one's place meanwhile, where its definition allows one open run a record (I43); or null. */
async function successorOf(tx: Tx, runId: string): Promise<string | null> {
  const [row] = await tx.db.select().from(run).where(eq(run.runId, runId)).for("update");
  if (!row?.recordId || row.status !== "error") return null;
  const pinned = await orchestrationVersion(tx.db, row.definitionId, row.definitionVersion);
  return pinned?.body.start.oneOpenRun ? openRun(tx, row.definitionId, row.recordId) : null;
}

/**
 * Resumes a run in Error with new attempts of what failed (A6), and lets a stalled one look again at what it waits for. Refusals: as above, `nothing-to-retry`, and `already-running` (details runId)
 * when another run for the record has begun since.
 */
export async function retryRun(
  tx: Tx,
  person: Person,
  { runId, reason }: { runId: string; reason: string },
): Promise<Told> {
  const successor = may(person, "run.retry") ? await successorOf(tx, runId) : null;
  if (successor) return refuse("already-running", { details: { runId: successor } });
  const done = await dispatch(tx, person, { runId, command: { type: "retry", reason } });
  return done.ok ? ok({ runId }) : done;
}
