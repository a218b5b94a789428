import type { Tx } from "../../db/transaction";
import { orchestrationVersion } from "../definitions/queries";
import type { Actor } from "../engine/command";
import { newId } from "../ids";
import { carry } from "./dispatch";
import { holdRun } from "./hold-run";

/**
 * Starts the recall path of a run that was just recalled or canceled (A21): a run of its own of the same version, in the same transaction.
 * Its id; null where the definition has no such path, or the run had not begun one that could be recalled.
 */
export async function startRecallPath(tx: Tx, actor: Actor, runId: string): Promise<string | null> {
  const held = await holdRun(tx, { runId });
  if (held?.state.run.kind !== "main" || !held.state.submission) return null;
  const pinned = await orchestrationVersion(tx.db, held.row.definitionId, held.row.definitionVersion);
  if (!pinned?.body.approval?.recallStage) return null;
  const { record, variables, depth, debug } = held.state.run;
  const taken = new Set(pinned.body.variables.filter(({ isInput }) => isInput).map(({ name }) => name));
  const begun = await carry(
    tx,
    { pinned, before: null, actor },
    {
      type: "start",
      runId: newId("run"),
      kind: "recall",
      parentRunId: runId,
      record,
      recordPrior: null,
      inputs: Object.fromEntries(
        Object.entries(variables).filter(([name, value]) => taken.has(name) && value !== null),
      ),
      depth,
      ...(debug && { debug: { ...debug, startStage: null } }),
    },
  );
  if (!begun.ok) throw new Error(`a recall path could not begin: ${begun.refusal.code}`);
  return begun.value.runId;
}
