import type { Tx } from "../../../db/transaction";
import { changePlace } from "../../people/commands/change-place";
import type { Person } from "../../people/current-person";
import { placesAround } from "../../people/places-around";
import { membersOf } from "../../people/queries";
import type { ChangePlace } from "../../people/schema";
import { ok, type Result, refuse } from "../../result";
import { letGo } from "../let-go";
import { ownRequestThere } from "../queries/own-request-there";
import { takeUp } from "../take-up";

/**
 * Says anew who is in a group or queue, and leaves no claim with whoever is not in it any more, through the groups around it too; what nobody
 * could do is work again for who came. `stranded`: open items that nobody can do now; they are flagged. Refusals: those of `changePlace`,
 * `own-request-there` (name) where they decide on what whoever does this asked for, and `has-open-work` and `too-many-votes` where they are too many.
 */
export async function changePlaceAndWork(
  tx: Tx,
  person: Person,
  input: ChangePlace,
): Promise<Result<{ stranded: number }>> {
  const place = { type: input.type, id: input.id };
  const before = await membersOf(tx.db, place);
  const changed = await changePlace(tx, person, input);
  if (!changed.ok) return changed;
  const [now, teams] = await Promise.all([membersOf(tx.db, place), placesAround(tx.db, place)]);
  const isOther = now.length !== before.length || now.some((userId) => !before.includes(userId));
  const ids = teams.map(({ id }) => id);
  const own = isOther ? await ownRequestThere(tx.db, person.userId, ids) : null;
  if (own !== null) return refuse("own-request-there", { details: { name: own } });
  const left = before.filter((userId) => !now.includes(userId));
  const done = await letGo(tx, person, { teams, left });
  if (!done.ok) return done;
  const taken = now.some((userId) => !before.includes(userId)) ? await takeUp(tx, teams) : ok(null);
  return taken.ok ? ok({ stranded: done.value.stranded }) : taken;
}
