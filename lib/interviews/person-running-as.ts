import type { Tx } from "../../db/transaction";
import { type Person, personById } from "../people/current-person";
import { findPerson } from "../people/queries";

type RunningAs = { readonly ok: true; readonly person: Person | null } | { readonly ok: false; readonly error: string };

/**
 * The user in whose name a background flow runs, by id, username or e-mail address, as they are now. One who has left is an error: there is
 * no falling back to more rights (S33), and what others asked of them in person no flow does.
 */
export async function personRunningAs(tx: Tx, name: string | null): Promise<RunningAs> {
  if (name === null) return { ok: true, person: null };
  const found = await findPerson(tx.db, name);
  const person = found && (await personById(tx.db, found.userId));
  return person
    ? { ok: true, person: { ...person, standsFor: [] } }
    : { ok: false, error: "The flow is to run as somebody who is not active any more." };
}
