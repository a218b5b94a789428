import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";

/** argon2id: 19 MiB, two passes, one lane (S3). Raise them here and every hash is raised at its owner's next sign-in. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The hash of a password with its parameters and salt in it. About 30 ms of one core, off the main thread. */
export const hashPassword = (password: string): Promise<string> => hash(password, COST);

let decoy: Promise<string> | undefined;

/**
 * Whether the password is the one behind the hash. Without a hash (nobody of that name, or no password set) as much time goes by and the
 * answer is no, so that the time tells nothing (S4).
 */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(32).toString("hex"));
  const matches = await verify(stored ?? (await decoy), password).catch(() => false);
  return matches && stored !== null;
}

/** Whether a hash was made with other parameters than today's. */
export function isHashOutdated(stored: string): boolean {
  const { memoryCost, timeCost, parallelism } = COST;
  return !stored.startsWith(`$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`);
}
