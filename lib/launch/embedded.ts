import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Account, giveTo, mayReach, reachableBinaries, serverAccount } from "./binaries";
import { type Connection, readConnection, writeConnection } from "./connection";
import { ownFolder } from "./own-folder";
import { readPostmaster } from "./postmaster";
import { cleanEnvironment, type Place, runServer, stopServer } from "./run-server";

/**
 * A real PostgreSQL of our own, for whoever has none: data in `<DATA_DIR>/postgres`, on 127.0.0.1 with a random password.
 * Its durability settings are the server's own.
 */
export type EmbeddedServer = {
  readonly connection: Connection;
  /** An earlier owner died and its server was still running: it was taken over. */
  readonly wasAdopted: boolean;
  /** Starts it again, on its port, when it ended without being asked to. Says whether it did. */
  revive(): Promise<boolean>;
  /** Stops the server and gives the folder free. */
  stop(): Promise<void>;
};

/**
 * Starts the server of that folder, or adopts it when it is still running; makes it when there is none.
 * `settings` are server settings by name. @throws FolderInUse when another process owns the folder.
 */
export async function startEmbedded(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedServer> {
  const root = resolve(dataDir);
  mkdirSync(root, { recursive: true, mode: 0o755 });
  const release = await ownFolder(root, "database");
  try {
    const account = serverAccount();
    const known = readConnection(root);
    const folder = known?.folder ?? homeOf(account, root);
    const place: Place = {
      account,
      data: join(folder, "postgres"),
      log: join(root, "postgres.log"),
      binaries: reachableBinaries(account, folder),
    };
    if (!known && existsSync(place.data))
      throw new Error(
        `${place.data} holds a database, but ${join(root, "connection.json")} with its password is missing; put it back, or move the database away`,
      );
    const first: Connection = known ?? {
      user: "baton",
      password: randomBytes(24).toString("base64url"),
      port: 0,
      ...(folder === root ? {} : { folder }),
    };
    if (!known) writeConnection(root, first);
    if (!existsSync(place.data)) create(place, first);
    const { port, wasAdopted } = await runServer(place, first.port, settings);
    const connection = { ...first, port };
    writeConnection(root, connection);
    return {
      connection,
      wasAdopted,
      async revive() {
        if (readPostmaster(place.data)) return false;
        await runServer(place, port, settings);
        return true;
      },
      async stop() {
        await stopServer(place.data);
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Where the data lives: the folder itself, unless the server's account cannot reach it (below a home that only root may enter). */
function homeOf(account: Account, root: string): string {
  if (mayReach(account, root)) return root;
  const elsewhere = join("/var/lib/baton", createHash("sha256").update(root).digest("hex").slice(0, 12));
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  return elsewhere;
}

/** Made beside its place and moved there when it is whole, so that an interrupted start leaves nothing that looks like a database. */
function create({ account, binaries, data }: Place, { user, password }: Connection): void {
  const unfinished = `${data}.unfinished`;
  const passwordFile = `${data}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  giveTo(account, unfinished);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  giveTo(account, passwordFile);
  const made = spawnSync(
    join(binaries, "bin", "initdb"),
    [
      "-D",
      unfinished,
      "-U",
      user,
      "--auth=scram-sha-256",
      `--pwfile=${passwordFile}`,
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--locale=C.UTF-8",
      "--no-instructions",
    ],
    { ...account, cwd: unfinished, env: cleanEnvironment(binaries), encoding: "utf8" },
  );
  rmSync(passwordFile);
  if (made.status !== 0)
    throw new Error(`PostgreSQL could not be set up: ${made.stderr || made.error?.message || made.stdout}`);
  renameSync(unfinished, data);
}
