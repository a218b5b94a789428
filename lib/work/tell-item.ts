import type { Tx } from "../../db/transaction";
import type { Command } from "../engine/command";
import type { Person } from "../people/current-person";
import type { Result } from "../result";
import { type Dispatched, dispatch } from "../runs/dispatch";

type ItemCommand = Extract<Command, { workItemId: string }>;

/** Hands a command about a work item to the item's run. */
export const tellItem = (tx: Tx, person: Person, command: ItemCommand): Promise<Result<Dispatched>> =>
  dispatch(tx, person, { workItemId: command.workItemId, command });
