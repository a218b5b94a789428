import type { Tx } from "../../db/transaction";
import { itemById } from "../engine/find";
import { isBarredFrom } from "../engine/own-request";
import { holdRun } from "../runs/hold-run";
import { pinnedOf } from "../runs/pinned-of";

type Asked = { readonly workItemId: string; readonly members: readonly string[] };

/**
 * Whether an item is open and none of these people may do it: of an approval nobody decides what they submitted, nor what they had their say on
 * already, by the engine's own rule; a group that votes has nobody once no vote is open. Locks its run.
 */
export async function isNobodys(tx: Tx, { workItemId, members }: Asked): Promise<boolean> {
  const held = await holdRun(tx, { workItemId });
  const item = held && itemById(held.state, workItemId);
  if (!held || item?.status !== "assigned") return false;
  if (item.voting)
    return !held.state.items.some(({ parentId, status }) => parentId === item.id && status === "assigned");
  const { body: definition } = await pinnedOf(tx, held.row);
  return members.every((userId) => isBarredFrom({ definition, state: held.state }, item, userId));
}
