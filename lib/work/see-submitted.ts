import type { Tx } from "../../db/transaction";
import type { Pinned } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import type { RunState } from "../engine/state";
import { shapedRecord } from "../records/queries/shaped-record";
import { idsAmong, valuesAt } from "./queries/facts";
import type { Seen } from "./seen";
import { factsAt, seenAt } from "./seen-at";

type Submitted = {
  readonly pinned: Pinned<Orchestration>;
  /** Null: the request is about none. */
  readonly recordId: string | null;
  /** Of the run whose values are told too; null: what the record says. */
  readonly state: RunState | null;
};

/** What a request says to its approvers as it is submitted, or when none of them decided in time. Shown to nobody as it is here: ids stand for themselves, and whoever reads it later reads it with rights of their own. */
export async function seeSubmitted(tx: Tx, { pinned, recordId, state }: Submitted): Promise<Seen> {
  const definition = pinned.body;
  const row = recordId === null ? null : await shapedRecord(tx.db, recordId);
  const paths = factsAt("page", definition, row).map(({ path }) => path);
  const found = await valuesAt(tx.db, { definition, state, row }, paths);
  const names = Object.fromEntries(idsAmong(Object.values(found.values)).map((id) => [id, id]));
  return seenAt("page", { pinned, row, found, names });
}
