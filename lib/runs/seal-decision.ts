import { sealedDecision } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { writeRows } from "../../db/write-rows";
import type { DeferredEffect } from "../engine/effect";
import { itemById, stepById } from "../engine/find";
import type { Change } from "./record";

type Seal = Extract<DeferredEffect, { type: "seal-decision" }>;

/** Keeps what the decider saw beside the decision; the history's chain holds its digest. */
export function sealDecision(tx: Tx, { pinned, after }: Change, { workItemId, outcome, seen }: Seal): void {
  const item = itemById(after, workItemId);
  const step = item && stepById(after, item.stepRunId);
  if (!item?.closedAt || !item.completedBy || !step) return;
  const row = {
    ...{ runId: after.run.id, workItemId, definitionId: pinned.definitionId, stepName: step.name },
    ...{ recordId: after.run.record?.id ?? null, outcome, seen },
    ...{ decidedAt: new Date(item.closedAt), decidedBy: item.completedBy },
  };
  writeRows(tx, [{ table: sealedDecision, how: "insert", rows: [row] }]);
}
