import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { Readable } from "node:stream";

/** One of our commands as a real process, with what it printed. */
export type Launched = {
  readonly child: ChildProcess;
  /** Everything printed so far, on both streams. */
  printed(): string;
  /** Waits until it printed that; rejects when it ended without. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** Exit code, or the signal's name. */
  readonly end: Promise<number | string>;
};

/** Variables that the tests' own environment may hold and that must not leak into what they start. */
const OURS = [
  "DATABASE_URL",
  "DATA_DIR",
  "PORT",
  "HOST",
  "SMTP_URL",
  "AUTH_URL",
  "AUTH_SECRET",
  "BATON_DEMO",
  "NODE_ENV",
  "NODE_OPTIONS",
  "VITEST",
];

function environment(env: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !OURS.includes(name) && !name.startsWith("VITEST") && !name.startsWith("npm_"),
  );
  return { ...Object.fromEntries(inherited), ...env } as NodeJS.ProcessEnv;
}

export function launch(command: string, env: Record<string, string>, args: readonly string[] = []): Launched {
  const child = spawn(process.execPath, ["lib/launch/setup.mjs", command, ...args], {
    env: environment(env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  return watched(child);
}

/** `npm <command>` as a terminal starts it: npm, its shell and ours are one process group, which gets a Ctrl-C as a whole. */
export function launchByNpm(command: string, env: Record<string, string>): Launched {
  const child = spawn("npm", [command], { env: environment(env), stdio: ["ignore", "pipe", "pipe"], detached: true });
  return watched(child);
}

function watched(child: ChildProcessByStdio<null, Readable, Readable>): Launched {
  let printed = "";
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes: Buffer) => {
      printed += bytes.toString();
      for (const watch of watchers) watch();
    });
  }
  const end = new Promise<number | string>((resolve) =>
    child.once("close", (code, signal) => resolve(code ?? signal ?? "gone")),
  );
  const until = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(printed);
        if (found) {
          watchers.delete(look);
          resolve(found);
        }
      };
      watchers.add(look);
      void end.then(() => reject(new Error(`ended without ${pattern}:\n${printed}`)));
      look();
    });
  return { child, printed: () => printed, until, end };
}

/** Below those that the system gives away by itself, so that no connection of somebody else's takes it before it is used. */
const PORTS = { from: 20_000, to: 32_000 };

/** A port of this machine that nobody has. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer().once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

/** Ids of a process's children, their children, and so on, from /proc. */
export function descendantsOf(processId: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/stat`))
    .map((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        return { id: Number(name), parent: Number(stat.slice(stat.lastIndexOf(")") + 4).split(" ")[0]) };
      } catch {
        return { id: 0, parent: 0 }; // it ended while we looked
      }
    });
  const below = (id: number): number[] =>
    parents.filter(({ parent }) => parent === id).flatMap((child) => [child.id, ...below(child.id)]);
  return below(processId);
}
