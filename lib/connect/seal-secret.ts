import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { knownKeys, presentKey } from "../people/sign-in/derive-key";

/**
 * Secrets of other systems at rest (S85): AES-256-GCM under the purpose `credential`'s key, a random nonce each time, and the row's id and the
 * server it is for as associated data, so that a sealed text moved to another row, or a row given another server, opens no more.
 */
export type Sealed = { readonly keyId: string; readonly sealed: string };
export type SealedFor = { readonly credentialId: string; readonly origin: string };

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const contextOf = ({ credentialId, origin }: SealedFor): Buffer => Buffer.from(JSON.stringify([credentialId, origin]));

/** `sealed` is base64url of nonce, ciphertext and tag. */
export function sealSecret(row: SealedFor, secret: string): Sealed {
  const { id, key } = presentKey("credential");
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(contextOf(row));
  const text = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return { keyId: id, sealed: Buffer.concat([nonce, text, cipher.getAuthTag()]).toString("base64url") };
}

/** Null: no key that this process has opens it, or it is not what was sealed for that row. */
export function openSecret(row: SealedFor, { keyId, sealed }: Sealed): string | null {
  const known = knownKeys("credential").find(({ id }) => id === keyId);
  const bytes = Buffer.from(sealed, "base64url");
  if (!known || bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const end = bytes.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, known.key, bytes.subarray(0, NONCE_BYTES)).setAAD(contextOf(row));
  decipher.setAuthTag(bytes.subarray(end));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, end)), decipher.final()]).toString("utf8");
  } catch {
    // The tag does not fit: changed, moved, or sealed for another server.
    return null;
  }
}
