import { sql } from "drizzle-orm";
import { queueMails } from "../../../db/outbox";
import { apiToken } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { newId } from "../../ids";
import type { Person } from "../../people/current-person";
import { refreshPerson } from "../../people/refresh-person";
import { digestOf } from "../../people/sign-in/read-token";
import { ok, type Result, refuse } from "../../result";
import type { NewToken } from "../schema/token";

const MAX_TOKENS = 20;
const HINT_CHARACTERS = 12;

/**
 * Makes a token whose secret the caller made and shows once: only its digest is kept, and its first letters to find it by (S40). A token
 * cannot make tokens: it stands for its person within its scopes only.
 */
export async function createToken(
  tx: Tx,
  person: Person,
  input: NewToken & { secret: string },
): Promise<Result<{ tokenId: string }>> {
  if (person.scopes !== null || !(await refreshPerson(tx, person))) return refuse("not-found");
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`tokens ${person.userId}`}, 7))`;
  const live =
    await tx.sql`select 1 from api_token where user_id = ${person.userId} and revoked_at is null and expires_at > clock_timestamp() limit ${MAX_TOKENS}`;
  if (live.length >= MAX_TOKENS) return refuse("too-many-tokens", { details: { limit: MAX_TOKENS } });
  const tokenId = newId("token");
  await tx.db.insert(apiToken).values({
    tokenId,
    userId: person.userId,
    name: input.name,
    hint: input.secret.slice(0, HINT_CHARACTERS),
    secretHash: digestOf(input.secret),
    scopes: [...new Set(input.scopes)],
    createdAt: sql`clock_timestamp()`,
    expiresAt: sql`clock_timestamp() + make_interval(days => ${input.days})`,
  });
  await recordSecurityEvent(tx, {
    action: "token-create",
    actorId: person.userId,
    objectId: tokenId,
    allowed: true,
    details: { scopes: [...input.scopes] },
  });
  await queueMails(tx, [{ kind: "account", content: { event: "token_created" }, recipientId: person.userId }]);
  return ok({ tokenId });
}

/** Revokes one's own token, from the next request on; somebody else's answers like one that does not exist. */
export async function revokeToken(tx: Tx, person: Person, { tokenId }: { tokenId: string }): Promise<Result<null>> {
  if (person.scopes !== null) return refuse("not-found");
  const revoked = await tx.sql`
    update api_token set revoked_at = coalesce(revoked_at, clock_timestamp()) where token_id = ${tokenId} and user_id = ${person.userId} returning 1`;
  if (revoked.length === 0) return refuse("not-found");
  await recordSecurityEvent(tx, { action: "token-revoke", actorId: person.userId, objectId: tokenId, allowed: true });
  return ok(null);
}
