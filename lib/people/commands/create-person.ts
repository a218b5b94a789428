import { sql } from "drizzle-orm";
import { queueMails } from "../../../db/outbox";
import { user } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { newId } from "../../ids";
import { ok, type Refusal, type Result } from "../../result";
import type { Person } from "../current-person";
import type { NewPerson } from "../schema";
import { askManager } from "./ask-manager";

type Names = { readonly name: string; readonly username: string; readonly email: string };

/** Whether a username or address is somebody's already: a clash with another row's, or with itself as the other kind. */
export async function nameProblem(tx: Tx, { username, email }: Names, but: string | null): Promise<Refusal | null> {
  const rows = await tx.sql<{ username: string; email: string }[]>`
    select username, email from "user" where (username in (${username}, ${email}) or email in (${username}, ${email})) and user_id is distinct from ${but}`;
  if (rows.some((row) => row.username === username))
    return { code: "name-taken", details: { name: username }, problems: [{ path: "username", message: "is taken" }] };
  if (rows.length > 0)
    return { code: "email-taken", details: { email }, problems: [{ path: "email", message: "is taken" }] };
  return null;
}

/** Writes the row of a person. `passwordHash` null: they sign in by mailed links until they choose a password. */
export async function insertPerson(
  tx: Tx,
  who: Names & { role: Person["role"]; managerId: string | null },
  passwordHash: string | null,
): Promise<string> {
  const userId = newId("user");
  const { name, username, email, role, managerId } = who;
  await tx.db
    .insert(user)
    .values({ userId, name, username, email, role, managerId, passwordHash, createdAt: sql`clock_timestamp()` });
  return userId;
}

/** Makes a person without a password (admins never choose one for others) and mails them how to sign in. Refuses names and addresses that are taken. */
export async function createPerson(tx: Tx, person: Person, input: NewPerson): Promise<Result<{ userId: string }>> {
  const asked = await askManager(tx, person);
  if (!asked.ok) return asked;
  const problem = (await nameProblem(tx, input, null)) ?? (await managerProblem(tx, input.managerId));
  if (problem) return { ok: false, refusal: problem };
  const userId = await insertPerson(tx, input, null);
  await recordSecurityEvent(tx, {
    action: "person-create",
    actorId: person.userId,
    objectId: userId,
    allowed: true,
    details: { role: input.role },
  });
  await queueMails(tx, [{ kind: "account", content: { event: "invited" }, recipientId: userId }]);
  return ok({ userId });
}

/** A manager is an active person, and not somebody who reports to the one they are to manage. */
export async function managerProblem(
  tx: Tx,
  managerId: string | null,
  userId: string | null = null,
): Promise<Refusal | null> {
  if (managerId === null) return null;
  const [manager] = await tx.sql<{ name: string; reports: boolean }[]>`
    with recursive above (user_id, depth) as (
      select ${managerId}::text, 1 union select u.manager_id, depth + 1 from above join "user" u on u.user_id = above.user_id where u.manager_id is not null and depth < 100
    ) select name, exists (select 1 from above where user_id = ${userId}) as reports from "user" where user_id = ${managerId} and active and kind = 'person'`;
  if (!manager) return { code: "invalid", problems: [{ path: "managerId", message: "is not an active person" }] };
  return manager.reports
    ? {
        code: "manager-circle",
        details: { name: manager.name },
        problems: [{ path: "managerId", message: "reports to this person" }],
      }
    : null;
}
