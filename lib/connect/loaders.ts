import { db } from "../../db/client";
import { requirePerson } from "../people/current-person";
import { tokensOf } from "./queries";

export type Token = {
  readonly tokenId: string;
  readonly name: string;
  readonly hint: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
  readonly isExpired: boolean;
};

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
