import type { Tx } from "../../db/transaction";
import type { Person } from "../people/current-person";
import { ok, type Result } from "../result";
import { dispatch } from "./dispatch";

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

/** Resumes a run in Error with new attempts of what failed (A6). Refusals: as above, and `nothing-to-retry`. */
export async function retryRun(
  tx: Tx,
  person: Person,
  { runId, reason }: { runId: string; reason: string },
): Promise<Told> {
  const done = await dispatch(tx, person, { runId, command: { type: "retry", reason } });
  return done.ok ? ok({ runId }) : done;
}
