import type { Tx } from "../../../db/transaction";
import { activatePerson } from "../../people/commands/change-person";
import type { Person } from "../../people/current-person";
import { teamsNamed } from "../../people/places-around";
import { placesOf } from "../../people/queries";
import type { Result } from "../../result";
import { takeUp } from "../take-up";

/** Lets a person back in, and with them the work of their groups and queues that nobody was left to do. Refusals: those of `activatePerson` and `takeUp`. */
export async function letBackIn(tx: Tx, person: Person, { userId }: { userId: string }): Promise<Result<null>> {
  const done = await activatePerson(tx, person, { userId });
  if (!done.ok) return done;
  const { groups, queues } = await placesOf(tx.db, userId);
  return takeUp(tx, await teamsNamed(tx.db, [...groups, ...queues]));
}
