import { eq } from "drizzle-orm";
import { workItem } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import type { Command } from "../engine/command";
import type { Person } from "../people/current-person";
import { type Result, refuse } from "../result";
import { type Dispatched, dispatch } from "../runs/dispatch";

type ItemCommand = Extract<Command, { workItemId: string }>;

/** Hands a command about a work item to the item's run. An item never changes its run, so its row may be read before the lock. */
export async function tellItem(tx: Tx, person: Person, command: ItemCommand): Promise<Result<Dispatched>> {
  const [item] = await tx.db
    .select({ runId: workItem.runId })
    .from(workItem)
    .where(eq(workItem.workItemId, command.workItemId));
  return item ? dispatch(tx, person, { runId: item.runId, command }) : refuse("not-found");
}
