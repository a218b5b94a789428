import { submittedFacts } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { writeRows } from "../../db/write-rows";
import { holdRun } from "../runs/hold-run";
import { pinnedOf } from "../runs/pinned-of";
import { seeSubmitted } from "./see-submitted";

/** Keeps what the record of a submission that has just begun says to its approvers, for comparing when it is submitted again. */
export async function keepSubmitted(tx: Tx, runId: string): Promise<void> {
  const held = await holdRun(tx, { runId });
  const { submission, run } = held?.state ?? {};
  if (!held || !submission || !run?.record) return;
  const pinned = await pinnedOf(tx, held.row);
  const seen = await seeSubmitted(tx.db, { pinned, recordId: run.record.id });
  const row = {
    ...{ runId, definitionId: held.row.definitionId, recordId: run.record.id, seen },
    ...{ submittedAt: new Date(submission.submittedAt), submittedBy: submission.submittedBy },
  };
  writeRows(tx, [{ table: submittedFacts, how: "insert", rows: [row] }]);
}
