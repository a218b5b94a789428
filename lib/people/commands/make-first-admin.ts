import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { ok, type Result, refuse } from "../../result";
import { spendSetupLink } from "../sign-in/spend-link";
import { insertPerson, nameProblem } from "./create-person";

type FirstAdmin = { readonly name: string; readonly username: string; readonly email: string };

/** Makes the first admin of a database that has none. `passwordHash` was made by the caller; null: they sign in by mailed links. */
export async function makeFirstAdmin(
  tx: Tx,
  input: FirstAdmin,
  passwordHash: string | null,
): Promise<Result<{ userId: string }>> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended('first admin', 7))`;
  const admins = await tx.sql`select 1 from "user" where role = 'admin' and kind = 'person' limit 1`;
  if (admins.length > 0) return refuse("setup-link-used");
  const problem = await nameProblem(tx, input, null);
  if (problem) return { ok: false, refusal: problem };
  const userId = await insertPerson(tx, { ...input, role: "admin", managerId: null }, passwordHash);
  await recordSecurityEvent(tx, { action: "first-admin", actorId: userId, objectId: userId, allowed: true });
  return ok({ userId });
}

/** The same by the set-up link, which is spent in this transaction or not at all (S1). */
export async function setUp(
  tx: Tx,
  input: FirstAdmin & { token: string },
  passwordHash: string,
): Promise<Result<{ userId: string }>> {
  const spent = await spendSetupLink(tx, input.token);
  return spent.ok ? makeFirstAdmin(tx, input, passwordHash) : spent;
}
