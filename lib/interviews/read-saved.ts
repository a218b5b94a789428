import type { Tx } from "../../db/transaction";
import type { Values } from "../flow/interview";
import { findRecords } from "../records/queries/find-records";
import { recordValues } from "../records/queries/read-record";
import type { RunAccess } from "./run-access";

/** The record that changed, if the flow may read it. */
export async function readSaved(
  tx: Tx,
  access: RunAccess,
  { object, recordId }: { readonly object: string; readonly recordId: string },
): Promise<Values | null> {
  const isIt = { field: "Id", operator: "equals", value: recordId } as const;
  const [row] = await findRecords(tx.db, { object, where: [isIt], limit: 1 }, access.read);
  return row ? recordValues(row) : null;
}
