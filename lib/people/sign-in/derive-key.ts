import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { env } from "../../env";

/** What signatures are made for. Each purpose has a key of its own, so that a text signed for one means nothing to another. */
export type Purpose = "known-browser";

function deriveKey(purpose: Purpose): Uint8Array {
  const secret = env().AUTH_SECRET;
  if (!secret) throw new Error("AUTH_SECRET is not set; `npm start` makes one and keeps it in DATA_DIR");
  return new Uint8Array(hkdfSync("sha256", secret, "", `baton ${purpose}`, 32));
}

/** 43 characters of base64url: a 256-bit signature of the text, which only holders of AUTH_SECRET can make. */
export const sign = (purpose: Purpose, text: string): string =>
  createHmac("sha256", deriveKey(purpose)).update(text).digest("base64url");

/** Compares in constant time. */
export function isSignature(purpose: Purpose, text: string, signature: string): boolean {
  const [expected, given] = [Buffer.from(sign(purpose, text)), Buffer.from(signature)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
