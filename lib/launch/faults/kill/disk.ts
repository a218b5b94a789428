import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync } from "node:fs";
import { serverAccount } from "../../binaries";

/** Enough for a small database, and soon full. */
const MEGABYTES = 64;

export type Disk = { readonly remove: () => void };

/** A small disk at that path, which the server may write to; or why we may make none, in the words of `mount`. */
export function makeDisk(path: string): Disk | { readonly problem: string } {
  mkdirSync(path, { recursive: true });
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${MEGABYTES}m`, "tmpfs", path]);
  if (mounted.status !== 0) return { problem: String(mounted.error ?? mounted.stderr).trim() };
  const { uid, gid } = serverAccount();
  mkdirSync(`${path}/tables`, { mode: 0o700 });
  if (uid !== undefined && gid !== undefined) chownSync(`${path}/tables`, uid, gid);
  return { remove: () => void spawnSync("umount", ["-l", path]) };
}
