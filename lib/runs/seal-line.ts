import { createHmac, timingSafeEqual } from "node:crypto";
import { join, resolve } from "node:path";
import { z } from "zod";
import { canonicalJson } from "../logic/canonical";
import { knownKeys, presentKey } from "../people/sign-in/derive-key";

/** Ends of chains, as they were at an instant: of a run's history, or (under the name `security`) of the security events. */
export type Head = [id: string, seq: number, hash: string];
export const SECURITY = "security";

const scan = z.object({ since: z.string(), until: z.string(), after: z.string().nullable() });
const lineSchema = z.object({
  at: z.string(),
  /** The database's name: a folder may have served others. */
  database: z.string(),
  heads: z.array(z.tuple([z.string(), z.number(), z.string()])),
  /** How far each of the two looks has come: at runs that ended, and at whatever moved. */
  ended: scan,
  moved: scan,
  /** The signature of the line before; empty in the first. */
  prev: z.string(),
  keyId: z.string(),
  mac: z.string(),
});
export type SealLine = z.infer<typeof lineSchema>;
export type Scan = z.infer<typeof scan>;

/** The file in DATA_DIR: a line of JSON each, only ever added to. Whoever keeps a copy elsewhere can tell a rewritten database from the true one. */
export const sealsIn = (dataDir: string): string => join(resolve(dataDir), "seals.jsonl");

const macOf = (key: Uint8Array, line: Omit<SealLine, "mac">): Buffer =>
  createHmac("sha256", key).update(canonicalJson(line)).digest();

/** Signs with the key of its purpose, which is derived from AUTH_SECRET and in no database (S80). */
export function signLine(line: Omit<SealLine, "mac" | "keyId">): SealLine {
  const { id, key } = presentKey("seal");
  const signed = { ...line, keyId: id };
  return { ...signed, mac: macOf(key, signed).toString("base64url") };
}

/** Null: no line of ours. */
export function readLine(text: string): SealLine | null {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    // Not JSON, or not of this form: for whoever asks the same thing.
    return null;
  }
}

/** Whether the line is as it was signed; `unknown-key` where no key that this process has signed it. */
export function judgeLine({ mac, ...line }: SealLine): "good" | "forged" | "unknown-key" {
  const known = knownKeys("seal").find(({ id }) => id === line.keyId);
  if (!known) return "unknown-key";
  const [expected, given] = [macOf(known.key, line), Buffer.from(mac, "base64url")];
  return expected.length === given.length && timingSafeEqual(expected, given) ? "good" : "forged";
}
