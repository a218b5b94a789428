import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { sleep } from "../clock";
import type { Account } from "./binaries";
import { isAlive, readPostmaster } from "./postmaster";

/** One server: whom it runs as, its programs, its data, and the file that it logs to. */
export type Place = {
  readonly account: Account;
  readonly binaries: string;
  readonly data: string;
  readonly log: string;
};

const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 30_000;
const TRIES = 8;

/** PG* variables of the shell would be obeyed by the server's programs. */
export function cleanEnvironment(binaries: string): NodeJS.ProcessEnv {
  const environment = { ...process.env, LC_ALL: "C", LD_LIBRARY_PATH: join(binaries, "lib") };
  for (const name of Object.keys(environment)) if (/^PG[A-Z]+$/.test(name)) Reflect.deleteProperty(environment, name);
  return environment;
}

/** Starts the server on its last port or another free one; takes it over when it is running already. */
export async function runServer(
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

/** A port of this machine that nobody listens on just now. */
export const freePort = (): Promise<number> =>
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
