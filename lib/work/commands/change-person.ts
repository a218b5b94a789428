import type { Tx } from "../../../db/transaction";
import { changePerson } from "../../people/commands/change-person";
import type { Person } from "../../people/current-person";
import type { ChangePerson } from "../../people/schema";
import { type Result, refuse } from "../../result";
import { ownRequestUnder } from "../queries/own-request-there";

/**
 * Changes who somebody is and what they may; another manager only where that does not say who decides on what whoever does this asked for.
 * Refusals: those of `changePerson`, `own-request-theirs` (name, to).
 */
export async function changePersonAndManager(tx: Tx, person: Person, input: ChangePerson): Promise<Result<null>> {
  const changed = await changePerson(tx, person, input);
  if (!changed.ok || input.managerId === input.was.managerId) return changed;
  const name = await ownRequestUnder(tx.db, person.userId, input.userId);
  return name === null ? changed : refuse("own-request-theirs", { details: { name, to: input.name } });
}
