import { createHash, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { env } from "../../env";

/**
 * What keys are made for. Each purpose has a key of its own, derived by HKDF with the purpose in its label, so that what was signed or sealed
 * for one means nothing to another (S86).
 */
export type Purpose = "known-browser" | "credential" | "seal";

const keyOf = (purpose: Purpose, secret: string): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", secret, "", `baton ${purpose}`, 32));

function deriveKey(purpose: Purpose): Uint8Array {
  const secret = env().AUTH_SECRET;
  if (!secret) throw new Error("AUTH_SECRET is not set; `npm start` makes one and keeps it in DATA_DIR");
  return keyOf(purpose, secret);
}

/** A 256-bit key and the name it is known by: a digest of it, of which nothing of the key can be learnt. */
export type NamedKey = { readonly id: string; readonly key: Uint8Array };

const named = (key: Uint8Array): NamedKey => ({ id: createHash("sha256").update(key).digest("hex").slice(0, 16), key });

/** The purpose's key of AUTH_SECRET, with which new things are sealed. */
export const presentKey = (purpose: Purpose): NamedKey => named(deriveKey(purpose));

/** All keys of the purpose that may still open something: of AUTH_SECRET, and of AUTH_SECRET_PREVIOUS while there is one. */
export function knownKeys(purpose: Purpose): NamedKey[] {
  const previous = env().AUTH_SECRET_PREVIOUS;
  return [presentKey(purpose), ...(previous ? [named(keyOf(purpose, previous))] : [])];
}

/** 43 characters of base64url: a 256-bit signature of the text, which only holders of AUTH_SECRET can make. */
export const sign = (purpose: Purpose, text: string): string =>
  createHmac("sha256", deriveKey(purpose)).update(text).digest("base64url");

/** Compares in constant time. */
export const isSignature = (purpose: Purpose, text: string, signature: string): boolean =>
  isSameSecret(sign(purpose, text), signature);

/** In a time that says nothing of where they differ. */
export function isSameSecret(one: string, other: string): boolean {
  const [expected, given] = [Buffer.from(one), Buffer.from(other)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
