import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { oneTimeLink } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { newId } from "../../ids";
import { digestOf } from "./read-token";

export const SIGN_IN_LINK_MINUTES = 10;
export const SETUP_LINK_MINUTES = 60;

/** 256 random bits, 43 characters of base64url. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

/**
 * A sign-in link for a person, of use only to the browser whose mark is given (S7). Returns its secret, of which only the digest is kept.
 * Links asked for earlier die.
 */
export async function makeSignInLink(tx: Tx, userId: string, browserMark: string): Promise<string> {
  await tx.sql`update one_time_link set used_at = clock_timestamp() where user_id = ${userId} and purpose = 'sign_in' and used_at is null`;
  return insertLink(tx, {
    purpose: "sign_in",
    userId,
    browserHash: digestOf(browserMark),
    minutes: SIGN_IN_LINK_MINUTES,
  });
}

/** The link that makes the first admin: for whoever started the server, in any browser, one hour, once (S1). Earlier ones die. */
export async function makeSetupLink(tx: Tx): Promise<string> {
  await tx.sql`update one_time_link set used_at = clock_timestamp() where purpose = 'setup' and used_at is null`;
  return insertLink(tx, { purpose: "setup", userId: null, browserHash: null, minutes: SETUP_LINK_MINUTES });
}

type NewLink = { purpose: "sign_in" | "setup"; userId: string | null; browserHash: string | null; minutes: number };

async function insertLink(tx: Tx, { minutes, ...link }: NewLink): Promise<string> {
  const secret = newSecret();
  const expiresAt = sql`clock_timestamp() + make_interval(mins => ${minutes})`;
  await tx.db.insert(oneTimeLink).values({
    ...link,
    linkId: newId("link"),
    secretHash: digestOf(secret),
    expiresAt,
    createdAt: sql`clock_timestamp()`,
  });
  return secret;
}
