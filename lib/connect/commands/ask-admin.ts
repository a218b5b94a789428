import type { Tx } from "../../../db/transaction";
import { may } from "../../gate";
import type { Person } from "../../people/current-person";
import { refreshPerson } from "../../people/refresh-person";
import { ok, type Result, refuse } from "../../result";

/** Lets only those through who may manage connections at this moment, and holds their row until the transaction ends. */
export async function askAdmin(tx: Tx, person: Person): Promise<Result<Person>> {
  const now = await refreshPerson(tx, person);
  return now && may(now, "connection.manage") ? ok(now) : refuse("not-found");
}

/** How many of each there may be; kept by one at a time. */
export const MAX_OF_EACH = 200;

/** Null: one more may be made. Nobody else makes one until this transaction ends. */
export async function roomFor(
  tx: Tx,
  table: "allowed_host" | "credential" | "connection" | "operation" | "event_source",
): Promise<Result<null>> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended('connections', 7))`;
  const [row] = await tx.sql<{ many: number }[]>`select count(*)::int as many from ${tx.sql(table)}`;
  return (row?.many ?? 0) >= MAX_OF_EACH
    ? refuse("too-many-connections", { details: { limit: MAX_OF_EACH } })
    : ok(null);
}
