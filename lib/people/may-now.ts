import type { Tx } from "../../db/transaction";
import { may, type Operation, type Subject } from "../gate";
import type { Person } from "./current-person";
import { refreshPerson } from "./refresh-person";

/** The gate's answer for the person as they are in this transaction, which holds until its end: for commands, where `may` alone is too early. */
export async function mayNow<O extends Operation>(
  tx: Tx,
  person: Person,
  [operation, ...subject]: readonly [operation: O, ...subject: Subject<O>],
): Promise<boolean> {
  const now = await refreshPerson(tx, person);
  return now !== null && may(now, operation, ...subject);
}
