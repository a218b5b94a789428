import type { Tx } from "../../db/transaction";
import type { Command } from "../engine/command";
import type { Refusal } from "../result";
import { dispatch } from "../runs/dispatch";

/**
 * Hands a command of Baton's own to the run. A refusal (the run has ended, the step is no longer open) is an answer and no failure: the
 * world moved on while the job waited. It is returned, it has written nothing, and the job is as done as it can be.
 */
export async function tellRun(tx: Tx, runId: string, command: Command): Promise<Refusal | null> {
  const told = await dispatch(tx, "system", { runId, command });
  return told.ok ? null : told.refusal;
}

/** What the job's row says about such an answer. */
export const noteOf = (refusal: Refusal | null): string | null => refusal && `refused: ${refusal.code}`;
