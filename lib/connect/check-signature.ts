import { createHmac, timingSafeEqual } from "node:crypto";

/** `t=1795249400,n=6f1c…,v1=9a3b…`: seconds since 1970, a number used once, and the signature in hex. */
const HEADER = /^t=(\d{1,12}),n=([A-Za-z0-9_-]{8,100}),v1=([0-9a-f]{64})$/;

export type Signed = { readonly seconds: number; readonly nonce: string; readonly mac: Buffer };

export function readSignature(header: string | null): Signed | null {
  const [, seconds = "", nonce = "", mac = ""] = HEADER.exec(header ?? "") ?? [];
  return mac === "" ? null : { seconds: Number(seconds), nonce, mac: Buffer.from(mac, "hex") };
}

/** HMAC-SHA-256 with the source's secret over its name, the time, the nonce and the body's exact bytes. */
const macOf = (secret: string, { seconds, nonce }: Pick<Signed, "seconds" | "nonce">, body: Uint8Array): Buffer =>
  createHmac("sha256", secret).update(`${seconds}.${nonce}.`).update(body).digest();

/** What a sender puts into the header Baton-Signature. */
export const signatureOf = (
  secret: string,
  { seconds, nonce }: Pick<Signed, "seconds" | "nonce">,
  body: Uint8Array,
): string => `t=${seconds},n=${nonce},v1=${macOf(secret, { seconds, nonce }, body).toString("hex")}`;

/** Compares in constant time. */
export const isSignedBy = (secret: string, signed: Signed, body: Uint8Array): boolean =>
  timingSafeEqual(macOf(secret, signed, body), signed.mac);
