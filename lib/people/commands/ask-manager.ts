import type { Tx } from "../../../db/transaction";
import { may } from "../../gate";
import { ok, type Result, refuse } from "../../result";
import type { Person } from "../current-person";
import { refreshPerson } from "../refresh-person";

/** Lets only those through who may manage people at this moment, and holds their row until the transaction ends. */
export async function askManager(tx: Tx, person: Person): Promise<Result<Person>> {
  const now = await refreshPerson(tx, person);
  return now && may(now, "people.manage") ? ok(now) : refuse("not-found");
}
