import type { Tx } from "../../db/transaction";
import { type Person, personById } from "../people/current-person";

type RunningAs = { readonly ok: true; readonly person: Person | null } | { readonly ok: false; readonly error: string };

/** The user in whose name a background flow runs, as they are now. One who has left is an error: there is no falling back to more rights (S33). */
export async function personRunningAs(tx: Tx, userId: string | null): Promise<RunningAs> {
  if (userId === null) return { ok: true, person: null };
  const person = await personById(tx.db, userId);
  return person
    ? { ok: true, person }
    : { ok: false, error: "The flow is to run as somebody who is not active any more." };
}
