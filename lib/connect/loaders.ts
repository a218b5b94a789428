import { db } from "../../db/client";
import { requirePerson } from "../people/current-person";
import { tokensOf } from "./queries/tokens-of";
import type { Token } from "./schema/token";

/** One's own tokens, for the page of one's account. */
export async function ownTokens(): Promise<Token[]> {
  const { userId } = await requirePerson();
  const rows = await tokensOf(db(), userId);
  return rows.map(({ createdAt, expiresAt, lastUsedAt, ...row }) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  }));
}
