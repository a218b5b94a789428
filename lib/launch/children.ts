import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sleep } from "../clock";
import { complain } from "./progress.mjs";

/** One of our own processes: started again when it ends without being asked to, stopped with a grace period. */
export type Child = {
  readonly name: string;
  /** Ends it in order and starts it again, with the program as it is now. */
  restart(): void;
  stop(): Promise<void>;
};
export type ChildSpec = {
  readonly name: string;
  /** What Node is given: its own options, the program, its arguments. */
  readonly args: readonly string[];
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds between being asked to stop and being made to. */
  readonly graceMs: number;
  /** Hides what it prints on standard output. */
  readonly isQuiet: boolean;
};

const LEASH = pathToFileURL(join(process.cwd(), "lib/launch/leash.mjs")).href;
const RESTARTS = 5;
const RESTARTS_WITHIN_MS = 60_000;

/**
 * Starts a process and keeps it going. `onGivenUp` is told when it ended more than five times within a minute.
 * The child is in a process group of its own, so that a Ctrl-C reaches only us and the children stop in order; it dies with us by
 * `leash.mjs`.
 */
export function keepGoing(spec: ChildSpec, onGivenUp: (why: string) => void): Child {
  const ends: number[] = [];
  let isStopping = false;
  let isRestarting = false;
  let current = start();

  function start(): ChildProcess {
    const child = spawn(process.execPath, ["--import", LEASH, ...spec.args], {
      stdio: ["ignore", spec.isQuiet ? "ignore" : "inherit", "inherit", "ipc"],
      env: { ...process.env, ...spec.env },
      detached: true,
    });
    child.once("exit", (code, signal) => void ended(`exit ${code ?? signal}`));
    return child;
  }

  async function ended(how: string): Promise<void> {
    if (isStopping) return;
    if (isRestarting) {
      isRestarting = false;
      current = start();
      return;
    }
    const at = performance.now();
    ends.push(at);
    if (ends.filter((end) => at - end < RESTARTS_WITHIN_MS).length > RESTARTS)
      return onGivenUp(`${spec.name} ended again and again (${how})`);
    complain(`${spec.name} ended (${how}); starting it again`);
    await sleep(500);
    if (!isStopping) current = start();
  }

  async function stop(): Promise<void> {
    isStopping = true;
    if (hasEnded(current)) return;
    const exit = new Promise<void>((resolve) => current.once("exit", () => resolve()));
    current.kill("SIGTERM");
    await Promise.race([exit, sleep(spec.graceMs)]);
    if (!hasEnded(current)) current.kill("SIGKILL");
    await exit;
  }

  function restart(): void {
    if (hasEnded(current)) return;
    isRestarting = true;
    current.kill("SIGTERM");
  }

  return { name: spec.name, restart, stop };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
