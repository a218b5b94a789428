import type { Tx } from "../../db/transaction";
import type { Pinned } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import { shapedRecord } from "../records/queries/shaped-record";
import { idsAmong, valuesAt } from "./queries/facts";
import type { Seen } from "./seen";
import { factsAt, seenAt } from "./seen-at";

type Submitted = {
  readonly pinned: Pinned<Orchestration>;
  readonly recordId: string;
};

/** What a record that is submitted says to its approvers. Shown to nobody as it is here: ids stand for themselves, and whoever reads it later reads it with rights of their own. */
export async function seeSubmitted(tx: Tx, { pinned, recordId }: Submitted): Promise<Seen> {
  const definition = pinned.body;
  const row = await shapedRecord(tx.db, recordId);
  const paths = factsAt("page", definition, row).map(({ path }) => path);
  const found = await valuesAt(tx.db, { definition, state: null, row }, paths);
  const names = Object.fromEntries(idsAmong(Object.values(found.values)).map((id) => [id, id]));
  return seenAt("page", { pinned, row, found, names });
}
