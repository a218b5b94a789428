import type { Tx } from "../../db/transaction";
import { type Person, personById } from "./current-person";

/**
 * The person as they are now, inside the transaction: role, groups, and whether they are still active and signed in. Their row is held
 * until it ends, so that a right withdrawn before this commit is withdrawn, and one withdrawn after it waits (P9, S27). Null: they may
 * nothing any more.
 */
export async function refreshPerson(tx: Tx, person: Person): Promise<Person | null> {
  const held = await tx.sql`
    select 1 from "user" u where user_id = ${person.userId} and active
      and (${person.sessionId}::text is null or exists (select 1 from session s where s.session_id = ${person.sessionId} and s.revoked_at is null))
    for share of u`;
  if (held.length === 0) return null;
  const { sessionId, scopes } = person;
  return personById(tx.db, person.userId, { ...(sessionId ? { sessionId } : {}), ...(scopes ? { scopes } : {}) });
}
