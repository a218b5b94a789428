import { db } from "../../../db/client";
import { type Tx, transaction } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { newId } from "../../ids";
import { ok, type Result, refuse } from "../../result";
import { findPerson } from "../queries";
import { MAX_PASSWORD_CHARACTERS, normaliseEmail } from "../schema";
import { isSignature, sign } from "./derive-key";
import { hashPassword, isHashOutdated, isPassword } from "./hash-password";
import { storedHash } from "./stored-hash";
import { forgive, type Tried, throttle } from "./throttle";

/** Where an attempt comes from: the address, the browser's name for itself, and its mark of having signed in before. */
export type From = { readonly address: string; readonly userAgent: string; readonly knownMark: string | null };

/** The mark that a browser gets when somebody signed in with it; it exempts from the limits that strangers can use up, for that person only. */
export const knownMarkOf = (userId: string): string => `${userId}.${sign("known-browser", userId)}`;

function isKnownBrowser(mark: string | null, userId: string | undefined): boolean {
  const [id, signature] = mark?.split(".") ?? [];
  return id !== undefined && id === userId && signature !== undefined && isSignature("known-browser", id, signature);
}

function triesOf(name: string, from: From, known: boolean): Tried[] {
  if (known) return [{ rule: "known", what: name }];
  return [
    { rule: "pair", what: `${name}\n${from.address}` },
    { rule: "account", what: name },
    { rule: "address", what: from.address },
    { rule: "all", what: "" },
  ];
}

/**
 * The active person behind a username or e-mail address and a password. Unknown names, inactive people and wrong passwords are answered
 * alike, after the same work (S4), and every try counts before the hash is asked (S5). An outdated hash is made anew (S3).
 */
export async function checkPassword(name: string, password: string, from: From): Promise<Result<{ userId: string }>> {
  const person = await findPerson(db(), name);
  const account = person?.userId ?? normaliseEmail(name);
  const tries = triesOf(account, from, isKnownBrowser(from.knownMark, person?.userId));
  const tooOften = await throttle(tries);
  if (tooOften) return { ok: false, refusal: tooOften };
  const stored = await storedHash(person?.userId);
  const matches = await isPassword(stored, password.slice(0, MAX_PASSWORD_CHARACTERS + 1));
  if (!person?.active || person.kind !== "person" || stored === null || !matches) {
    const details = { method: "password", address: from.address };
    await recordSecurityEvent(null, {
      action: "sign-in",
      actorId: null,
      objectId: person?.userId ?? null,
      allowed: false,
      details,
    });
    return refuse("wrong-credentials");
  }
  await forgive(tries);
  if (isHashOutdated(stored)) await rehash(person.userId, stored, password);
  return ok({ userId: person.userId });
}

/** Only where the password is still the one that was checked. */
async function rehash(userId: string, stored: string, password: string): Promise<void> {
  const raised = await hashPassword(password);
  await transaction({ commandId: newId("command"), actorId: userId }, async (tx: Tx) => {
    await tx.sql`update "user" set password_hash = ${raised} where user_id = ${userId} and password_hash = ${stored}`;
  });
}
