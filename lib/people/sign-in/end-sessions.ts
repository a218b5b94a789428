import type { Tx } from "../../../db/transaction";

/** Ends one session; the next request with its cookie is signed out. Ending an ended one changes nothing. */
export async function endSession(tx: Tx, sessionId: string): Promise<void> {
  await tx.sql`update session set revoked_at = clock_timestamp() where session_id = ${sessionId} and revoked_at is null`;
}

/** Ends all sessions of a person but one (S14): at a change of role or password. */
export async function endSessions(tx: Tx, userId: string, but: string | null): Promise<void> {
  await tx.sql`update session set revoked_at = clock_timestamp() where user_id = ${userId} and session_id is distinct from ${but} and revoked_at is null`;
}

/** Ends every session, revokes every token and voids every link of a person: when they are deactivated. */
export async function endEverything(tx: Tx, userId: string): Promise<void> {
  await endSessions(tx, userId, null);
  await tx.sql`update api_token set revoked_at = clock_timestamp() where user_id = ${userId} and revoked_at is null`;
  await tx.sql`update one_time_link set used_at = clock_timestamp() where user_id = ${userId} and used_at is null`;
}
