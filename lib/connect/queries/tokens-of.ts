import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { apiToken } from "../../../db/schema";

export type TokenRow = Pick<
  typeof apiToken.$inferSelect,
  "tokenId" | "name" | "hint" | "scopes" | "createdAt" | "expiresAt" | "lastUsedAt"
> & { isExpired: boolean };

/** A person's tokens that were not revoked, the newest first; at most 100. Never a secret. */
export function tokensOf(database: Database, userId: string): Promise<TokenRow[]> {
  const { tokenId, name, hint, scopes, createdAt, expiresAt, lastUsedAt } = apiToken;
  const isExpired = sql<boolean>`${expiresAt} <= clock_timestamp()`;
  return database
    .select({ tokenId, name, hint, scopes, createdAt, expiresAt, lastUsedAt, isExpired })
    .from(apiToken)
    .where(and(eq(apiToken.userId, userId), isNull(apiToken.revokedAt)))
    .orderBy(desc(createdAt), desc(tokenId))
    .limit(100);
}
