import { hkdfSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Reads a JSON file of DATA_DIR, or makes it with `fresh` when there is none: whole or not at all, for its owner's eyes only. */
export function kept<T>(dataDir: string, name: string, fresh: () => T): T {
  const path = join(dataDir, name);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as T;
  const value = fresh();
  writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return value;
}

/** This installation's secret, made once: what sessions and links are signed with when AUTH_SECRET is not given. */
export const installationSecret = (dataDir: string): string =>
  kept(dataDir, "secrets.json", () => ({ authSecret: randomBytes(32).toString("base64url") })).authSecret;

/**
 * The key that Next seals the closures of server actions with. Derived, so that every build and every server of an installation has the
 * same one, and a form that was open during a deploy still works after it.
 */
export const actionsKey = (authSecret: string): string =>
  Buffer.from(hkdfSync("sha256", authSecret, "", "baton server-actions", 32)).toString("base64");
