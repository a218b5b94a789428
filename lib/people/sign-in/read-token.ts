import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { db } from "../../../db/client";
import { apiToken, user } from "../../../db/schema";
import { transaction } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { newId } from "../../ids";

/** What a bearer token begins with, so that people and scanners recognise one that leaked. */
export const TOKEN_PREFIX = "baton_";

/** Secrets of tokens and links are stored by their digest: 256 random bits need no slow hash. */
export const digestOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** The person and scopes behind an `Authorization: Bearer …` header as the token's row is now; null when unknown, revoked, expired or its person inactive. */
export async function readToken(
  authorization: string,
): Promise<{ tokenId: string; userId: string; scopes: readonly string[] } | null> {
  const secret = /^Bearer +(baton_[A-Za-z0-9_-]{43})$/i.exec(authorization)?.[1];
  if (!secret) return null;
  const [row] = await db()
    .select({
      tokenId: apiToken.tokenId,
      userId: apiToken.userId,
      scopes: apiToken.scopes,
      isGood: sql<boolean>`${apiToken.revokedAt} is null and ${apiToken.expiresAt} > clock_timestamp() and ${user.active}`,
      isUnseenToday: sql<boolean>`coalesce(${apiToken.lastUsedAt} < clock_timestamp() - interval '1 day', true)`,
      isUnseen: sql<boolean>`coalesce(${apiToken.lastUsedAt} < clock_timestamp() - interval '1 minute', true)`,
    })
    .from(apiToken)
    .innerJoin(user, eq(user.userId, apiToken.userId))
    .where(eq(apiToken.secretHash, digestOf(secret)))
    .limit(1);
  if (!row?.isGood) return null;
  const { tokenId, userId, scopes, isUnseenToday } = row;
  if (row.isUnseen) {
    await transaction({ commandId: newId("command"), actorId: userId }, async (tx) => {
      await tx.sql`update api_token set last_used_at = clock_timestamp() where token_id = ${tokenId}`;
      // That it is in use, and from where, once a day; each single act has its command (S81).
      if (isUnseenToday)
        await recordSecurityEvent(tx, { action: "token-use", actorId: userId, objectId: tokenId, allowed: true });
    });
  }
  return { tokenId, userId, scopes };
}
