import { sql } from "drizzle-orm";
import type { Tx } from "../../db/transaction";
import { type Around, aroundColumns } from "./around";
import type { Person } from "./current-person";
import { holdStandsFor } from "./delegation/stands-for";
import { sortedPlaces } from "./queries";

type Row = Pick<Person, "username" | "name" | "email" | "role" | "timeZone">;

/**
 * The person as they are now, inside the transaction: role, groups, in whose place they decide, and whether they are still active and signed in. Their row is held
 * until it ends, so that a right withdrawn before this commit is withdrawn, and one withdrawn after it waits (P9, S27). Null: they may
 * nothing any more. One flight.
 */
export async function refreshPerson(tx: Tx, person: Person): Promise<Person | null> {
  const { userId, sessionId, scopes } = person;
  const key = `person ${userId} ${sessionId}`;
  // Of commands that travel together none changes people.
  const known = tx.isShared ? (tx.held.get(key) as Promise<Now> | undefined) : undefined;
  const asked = known ?? personNow(tx, person);
  if (tx.isShared) tx.held.set(key, asked);
  const now = await asked;
  return now && { userId, sessionId, scopes, ...now };
}

type Now = Omit<Person, "userId" | "sessionId" | "scopes"> | null;

async function personNow(tx: Tx, { userId, sessionId }: Person): Promise<Now> {
  // Two statements: what is read with the row would be read as it was before the lock was given.
  const [[row], [around]] = await Promise.all([
    tx.sql<Row[]>`
      select username, name, email, role, time_zone as "timeZone" from "user" u
      where user_id = ${userId} and active and kind = 'person'
        and (${sessionId}::text is null or exists (select 1 from session s where s.session_id = ${sessionId} and s.revoked_at is null))
      for share of u`,
    tx.db.execute<Around>(sql`select ${aroundColumns(userId)}`),
  ]);
  if (!row || !around) return null;
  return { ...row, ...sortedPlaces(around.places), standsFor: await holdStandsFor(tx, around.chains) };
}
