import { queueMails } from "../../../db/outbox";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { ok, type Refusal, type Result, refuse } from "../../result";
import type { Person } from "../current-person";
import { endDelegationsOf } from "../delegation/commands";
import type { ChangePerson } from "../schema";
import { endEverything, endSessions } from "../sign-in/end-sessions";
import { askManager } from "./ask-manager";
import { managerProblem, nameProblem } from "./create-person";
import { noteChange } from "./note-change";

type Row = {
  user_id: string;
  name: string;
  username: string;
  role: Person["role"];
  email: string;
  active: boolean;
  manager_id: string | null;
};

/** The row of somebody to be changed, locked; null for nobody, and for Baton's own user. */
async function lockPerson(tx: Tx, userId: string): Promise<Row | null> {
  const [row] = await tx.sql<
    Row[]
  >`select user_id, name, username, role, email, active, manager_id from "user" where user_id = ${userId} and kind = 'person' for update`;
  return row ?? null;
}

/** Somebody must be left who can manage people. All admins' rows are locked, so that two do not leave at once. */
async function lastAdminProblem(tx: Tx, userId: string): Promise<Refusal | null> {
  const admins = await tx.sql<
    { user_id: string }[]
  >`select user_id from "user" where role = 'admin' and active and kind = 'person' order by user_id for update`;
  return admins.some((admin) => admin.user_id !== userId) ? null : { code: "last-admin" };
}

const isAsOpened = (row: Row, { was }: ChangePerson): boolean =>
  [was.name, was.username, was.email, was.role].join("\n") ===
    [row.name, row.username, row.email, row.role].join("\n") && was.managerId === row.manager_id;

/** Changes who a person is and what they may. A changed role ends their sessions, so that the new one begins with a new sign-in (S13, S14). */
export async function changePerson(tx: Tx, person: Person, input: ChangePerson): Promise<Result<null>> {
  const asked = await askManager(tx, person);
  if (!asked.ok) return asked;
  const before = await lockPerson(tx, input.userId);
  if (!before) return refuse("not-found");
  if (!isAsOpened(before, input)) return refuse("changed-meanwhile", { details: { name: before.name } });
  const isDemoted = before.role === "admin" && input.role !== "admin";
  const problem =
    (await nameProblem(tx, input, input.userId)) ??
    (await managerProblem(tx, input.managerId, input.userId)) ??
    (isDemoted && before.active ? await lastAdminProblem(tx, input.userId) : null);
  if (problem) return { ok: false, refusal: problem };
  const { name, username, email, role, managerId } = input;
  await tx.sql`update "user" set name = ${name}, username = ${username}, email = ${email}, role = ${role}, manager_id = ${managerId} where user_id = ${input.userId}`;
  const after = { name, username, email, managerId };
  noteChange(tx, { userId: input.userId, before: { ...before, managerId: before.manager_id }, after });
  if (role !== before.role) {
    await endSessions(tx, input.userId, null);
    const details = { from: before.role, to: role };
    await recordSecurityEvent(tx, {
      action: "role-change",
      actorId: person.userId,
      objectId: input.userId,
      allowed: true,
      details,
    });
    await queueMails(tx, [{ kind: "account", content: { event: "role_changed" }, recipientId: input.userId }]);
  }
  if (email !== before.email)
    await recordSecurityEvent(tx, {
      action: "email-change",
      actorId: person.userId,
      objectId: input.userId,
      allowed: true,
    });
  return ok(null);
}

/**
 * Deactivates a person: from the next request on they are signed out everywhere and their tokens are worth nothing. Refused while open
 * work lies with them by name, because nobody would see it any more: `handOver` gives it to others, in the same transaction and when nothing
 * new comes to them, whatever follows from it.
 */
export async function deactivatePerson(
  tx: Tx,
  person: Person,
  { userId, handOver }: { userId: string; handOver?: () => Promise<Result<null>> },
): Promise<Result<null>> {
  const asked = await askManager(tx, person);
  if (!asked.ok) return asked;
  if (userId === person.userId) return refuse("not-yourself");
  const before = await lockPerson(tx, userId);
  if (!before) return refuse("not-found");
  const problem = before.role === "admin" ? await lastAdminProblem(tx, userId) : null;
  if (problem) return { ok: false, refusal: problem };
  await tx.sql`update "user" set active = false where user_id = ${userId}`;
  const handed = await handOver?.();
  if (handed && !handed.ok) return handed;
  const open =
    await tx.sql`select 1 from work_item where status = 'assigned' and assignee_type = 'user' and assignee_id = ${userId} limit 1`;
  if (open.length > 0) return refuse("has-open-work", { details: { name: before.name } });
  await endEverything(tx, userId);
  await endDelegationsOf(tx, person, userId);
  await recordSecurityEvent(tx, {
    action: "person-deactivate",
    actorId: person.userId,
    objectId: userId,
    allowed: true,
  });
  return ok(null);
}

/** Lets a person back in. Their old sessions and tokens stay ended. */
export async function activatePerson(tx: Tx, person: Person, { userId }: { userId: string }): Promise<Result<null>> {
  const asked = await askManager(tx, person);
  if (!asked.ok) return asked;
  if (!(await lockPerson(tx, userId))) return refuse("not-found");
  await tx.sql`update "user" set active = true where user_id = ${userId}`;
  await recordSecurityEvent(tx, { action: "person-activate", actorId: person.userId, objectId: userId, allowed: true });
  return ok(null);
}

/** Takes a person's password away and ends their sessions: they sign in by a mailed link and choose a new one. No admin ever knows it. */
export async function resetPassword(tx: Tx, person: Person, { userId }: { userId: string }): Promise<Result<null>> {
  const asked = await askManager(tx, person);
  if (!asked.ok) return asked;
  if (!(await lockPerson(tx, userId))) return refuse("not-found");
  await tx.sql`update "user" set password_hash = null where user_id = ${userId}`;
  await endSessions(tx, userId, null);
  // Whoever reads their mail may be why it is reset: mails that were sent before take no answer any more.
  await tx.sql`update reply_token set expires_at = clock_timestamp() where user_id = ${userId} and expires_at > clock_timestamp()`;
  await recordSecurityEvent(tx, { action: "password-reset", actorId: person.userId, objectId: userId, allowed: true });
  await queueMails(tx, [{ kind: "account", content: { event: "password_reset" }, recipientId: userId }]);
  return ok(null);
}
