import { queueMails } from "../../../db/outbox";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { ok, type Result, refuse } from "../../result";
import type { Person } from "../current-person";
import { presentPassword } from "../queries";
import { refreshPerson } from "../refresh-person";
import { isSameSecret } from "../sign-in/derive-key";
import { endSession, endSessions } from "../sign-in/end-sessions";
import { noteChange } from "./note-change";

/** What people do to their own account. Each asks again whether the person is still active and signed in. */

export async function changeProfile(
  tx: Tx,
  person: Person,
  input: { name: string; timeZone: string | null },
): Promise<Result<null>> {
  if (!(await refreshPerson(tx, person))) return refuse("not-found");
  const { userId } = person;
  const [before] = await tx.sql<{ name: string; username: string; email: string; managerId: string | null }[]>`
    select name, username, email, manager_id as "managerId" from "user" where user_id = ${userId} for update`;
  if (!before) return refuse("not-found");
  await tx.sql`update "user" set name = ${input.name}, time_zone = ${input.timeZone} where user_id = ${userId}`;
  noteChange(tx, { userId, before, after: { ...before, name: input.name } });
  return ok(null);
}

/**
 * Sets a new password, made and checked by the caller (hashing takes too long for a transaction). `checked` is the hash that the present
 * password was checked against; if it is another by now, nothing happens. Ends the person's other sessions (S14).
 */
export async function setPassword(
  tx: Tx,
  person: Person,
  input: { hash: string; checked: string | null },
): Promise<Result<null>> {
  if (!(await refreshPerson(tx, person))) return refuse("not-found");
  const needed = await presentPassword(tx.db, person);
  if (needed !== null && !isSameSecret(needed.hash, input.checked ?? ""))
    return refuse("wrong-password", { problems: [{ path: "present", message: "is not your present password" }] });
  await tx.sql`update "user" set password_hash = ${input.hash} where user_id = ${person.userId}`;
  await endSessions(tx, person.userId, person.sessionId);
  await recordSecurityEvent(tx, {
    action: "password-change",
    actorId: person.userId,
    objectId: person.userId,
    allowed: true,
  });
  await queueMails(tx, [{ kind: "account", content: { event: "password_changed" }, recipientId: person.userId }]);
  return ok(null);
}

/** Ends one of the person's own sessions; somebody else's answers like one that does not exist. */
export async function endOwnSession(
  tx: Tx,
  person: Person,
  { sessionId }: { sessionId: string },
): Promise<Result<null>> {
  const owned =
    await tx.sql`select 1 from session where session_id = ${sessionId} and user_id = ${person.userId} for update`;
  if (owned.length === 0) return refuse("not-found");
  await endSession(tx, sessionId);
  await recordSecurityEvent(tx, { action: "session-end", actorId: person.userId, objectId: sessionId, allowed: true });
  return ok(null);
}

/** Ends all of the person's sessions but this one. */
export async function endOtherSessions(tx: Tx, person: Person): Promise<Result<null>> {
  await endSessions(tx, person.userId, person.sessionId);
  await recordSecurityEvent(tx, { action: "session-end", actorId: person.userId, objectId: null, allowed: true });
  return ok(null);
}
