import type { Tx } from "../../db/transaction";
import { orchestrationVersion, type Pinned } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import type { RunRow } from "./load-state";

/** The version that a run is pinned to, asked for once in a transaction: it never changes. */
export async function pinnedOf(
  tx: Tx,
  { runId, definitionId, definitionVersion }: RunRow,
): Promise<Pinned<Orchestration>> {
  const key = `${definitionId} version ${definitionVersion}`;
  const known = tx.held.get(key) as Pinned<Orchestration> | undefined;
  const pinned = known ?? (await orchestrationVersion(tx.db, definitionId, definitionVersion));
  if (!pinned) throw new Error(`the run ${runId} is pinned to a version that does not exist`);
  tx.held.set(key, pinned);
  return pinned;
}
