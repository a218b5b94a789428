import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { sleep } from "../clock";
import { type Account, giveTo, mayReach, reachableBinaries, serverAccount } from "./binaries";
import { type Connection, readConnection, writeConnection } from "./connection";
import { ownFolder } from "./own-folder";
import { isAlive, readPostmaster } from "./postmaster";

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

type Place = { readonly account: Account; readonly binaries: string; readonly data: string; readonly log: string };

const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 30_000;
const TRIES = 8;

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
    const { port, wasAdopted } = await run(place, first.port, settings);
    const connection = { ...first, port };
    writeConnection(root, connection);
    return {
      connection,
      wasAdopted,
      async revive() {
        if (readPostmaster(place.data)) return false;
        await run(place, port, settings);
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

/** PG* variables of the shell would be obeyed by the server's programs. */
function cleanEnvironment(binaries: string): NodeJS.ProcessEnv {
  const environment = { ...process.env, LC_ALL: "C", LD_LIBRARY_PATH: join(binaries, "lib") };
  for (const name of Object.keys(environment)) if (/^PG[A-Z]+$/.test(name)) Reflect.deleteProperty(environment, name);
  return environment;
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

async function run(
  place: Place,
  lastPort: number,
  settings: Readonly<Record<string, string>>,
): Promise<{ port: number; wasAdopted: boolean }> {
  const running = await settled(place.data);
  if (running) return { port: running, wasAdopted: true };
  let complaint = "";
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const port = attempt === 0 && lastPort ? lastPort : await freePort();
    complaint = await spawnServer(place, port, settings);
    if (!complaint) return { port, wasAdopted: false };
    // After kill -9 the old server's children need a moment to notice that it is gone.
    if (/shared memory|lock file/.test(complaint)) await sleep(500);
    else if (!/in use|could not bind/.test(complaint)) break;
  }
  throw new Error(`PostgreSQL did not start: ${complaint}`);
}

/** The port of a server that is running on this data already; null when there is none, once an ending one has ended. */
async function settled(data: string): Promise<number | null> {
  for (let waited = 0; waited < READY_WITHIN_MS; waited += 50) {
    const running = readPostmaster(data);
    if (!running) break;
    if (running.status === "ready") return running.port;
    await sleep(50);
  }
  rmSync(join(data, "postmaster.pid"), { force: true }); // left over: its process is gone, or is no server of this data
  return null;
}

/** Empty when the server is ready; otherwise what it complained of. Detached: a Ctrl-C in the terminal reaches us and not it. */
async function spawnServer(
  { account, binaries, data, log }: Place,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<string> {
  const output = openSync(log, "w", 0o600);
  const all = { listen_addresses: "127.0.0.1", unix_socket_directories: "", logging_collector: "off", ...settings };
  const args = [
    "-D",
    data,
    "-p",
    String(port),
    ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
  const child = spawn(join(binaries, "bin", "postgres"), args, {
    ...account,
    cwd: data,
    env: cleanEnvironment(binaries),
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  child.unref();
  const failed = failure(child);
  for (let waited = 0; waited < READY_WITHIN_MS; waited += 20) {
    const ended = await Promise.race([failed, sleep(20)]);
    if (ended) return `${ended}: ${readFileSync(log, "utf8").trim()}`;
    if (readPostmaster(data)?.status === "ready") return "";
  }
  child.kill("SIGQUIT");
  return `not ready after ${READY_WITHIN_MS / 1000} s: ${readFileSync(log, "utf8").trim()}`;
}

const failure = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(`exit ${code ?? signal}`));
  });

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

/** Fast shutdown: open transactions are rolled back, everything is written. Past the deadline: immediate, and the next start recovers. */
export async function stopServer(data: string): Promise<void> {
  const running = readPostmaster(data);
  if (!running) return;
  process.kill(running.processId, "SIGINT");
  for (let waited = 0; waited < STOPPED_WITHIN_MS; waited += 25) {
    if (!isAlive(running.processId)) return;
    await sleep(25);
  }
  process.kill(running.processId, "SIGQUIT");
}
