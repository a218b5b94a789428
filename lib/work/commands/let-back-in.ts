import type { Tx } from "../../../db/transaction";
import { activatePerson } from "../../people/commands/change-person";
import type { Person } from "../../people/current-person";
import { teamsNamed } from "../../people/places-around";
import { findPerson, placesOf } from "../../people/queries";
import { type Result, refuse } from "../../result";
import { ownRequestThere } from "../queries/own-request-there";
import { takeUp } from "../take-up";

/**
 * Lets a person back in, and with them the work of their groups and queues that nobody was left to do. Refusals: those of `activatePerson` and
 * `takeUp`; `own-request-theirs` (name, to) where they would decide on what whoever does this asked for.
 */
export async function letBackIn(tx: Tx, person: Person, { userId }: { userId: string }): Promise<Result<null>> {
  const done = await activatePerson(tx, person, { userId });
  if (!done.ok) return done;
  const { groups, queues } = await placesOf(tx.db, userId);
  const name = await ownRequestThere(tx.db, person.userId, [userId, ...groups, ...queues]);
  if (name !== null) {
    const to = (await findPerson(tx.db, userId))?.name ?? "";
    return refuse("own-request-theirs", { details: { name, to } });
  }
  return takeUp(tx, await teamsNamed(tx.db, [...groups, ...queues]));
}
