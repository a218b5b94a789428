import type { Tx } from "../../db/transaction";
import { itemById, stepById } from "../engine/find";
import { notTheirs } from "../engine/open-item";
import { isOwnRequest } from "../engine/own-request";
import type { Person } from "../people/current-person";
import { type Result, refuse } from "../result";
import { holdRun } from "./hold-run";
import { named } from "./named";
import { pinnedOf } from "./pinned-of";
import { placeOn } from "./place-in";

/**
 * Why this person may not decide an approval item, for themselves or in whose place they would, in the engine's words; null: they may, or it is no
 * approval. Locks its run. Refusals: `own-submission`, `said-already`, `decided-in-place` (to), `decides-elsewhere`.
 */
export async function refuseSay(tx: Tx, person: Person, workItemId: string): Promise<Result<never> | null> {
  const held = await holdRun(tx, { workItemId });
  const item = held && itemById(held.state, workItemId);
  const step = item && stepById(held.state, item.stepRunId);
  if (!held || !step || item?.kind !== "approval") return null;
  const { row, state } = held;
  const { place } = await placeOn(tx.db, person, { definitionId: row.definitionId, state, item });
  const by = { id: person.userId, onBehalfOf: place?.ok ? place.delegatorId : null };
  const { body: definition } = await pinnedOf(tx, row);
  if (isOwnRequest({ definition, state }, [by.id, by.onBehalfOf])) return refuse("own-submission");
  const barred = notTheirs(state, { item, step }, by);
  return barred && !barred.ok ? named(tx.db, barred.refusal) : null;
}
