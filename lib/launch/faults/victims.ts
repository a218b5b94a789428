import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { sleep } from "../../clock";
import type { Outside } from "./scenario";

/** What a victim is told to do. `url` names its database. */
export type Order =
  | { readonly url: string; readonly deed: "world" }
  | { readonly url: string; readonly deed: "prepare"; readonly scenario: string; readonly outside: Outside }
  | {
      readonly url: string;
      /** Twice: the second time it must change nothing, and both are answered. */
      readonly deed: "act" | "act twice";
      readonly scenario: string;
      readonly subject: unknown;
      readonly key: string;
    };

/** A scenario that there is; `inPieces` as there. */
export type Listed = { readonly name: string; readonly inPieces: boolean };

export type Answer =
  | { readonly ok: true; readonly value: unknown }
  /** It threw: that is a fault, where a refusal is a value. */
  | { readonly ok: false; readonly error: string };

export type Victim = {
  /** Null: it died before it could answer. One order at a time: the next one when it is ready. */
  readonly obey: (order: Order) => Promise<Answer | null>;
  /** Whether it has left the database and may be given another order; false: it is dead, or hangs. */
  readonly isReady: () => Promise<boolean>;
  readonly isAlive: () => boolean;
  readonly kill: () => void;
  readonly freeze: () => void;
  readonly thaw: () => void;
};

/** Processes that are loaded and wait for their order, so that nobody waits for Node to start. */
export type Victims = { readonly take: () => Promise<Victim>; readonly close: () => void };

const PROGRAM = join(".build", "faults", "victim.mjs");
const READY_WITHIN_MS = 5_000;

export function makeVictims(ready: number): Victims {
  const waiting: Promise<Victim>[] = [];
  let isClosed = false;
  const refill = () => {
    while (!isClosed && waiting.length < ready) waiting.push(start());
  };
  refill();
  return {
    async take() {
      const next = waiting.shift() ?? start();
      refill();
      return next;
    },
    close() {
      isClosed = true;
      for (const victim of waiting) void victim.then((one) => one.kill());
    },
  };
}

/** @throws when it ended before it was ready. */
function start(): Promise<Victim> {
  const child = spawn(process.execPath, [PROGRAM], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, DATABASE_URL: "", LOG_LEVEL: "silent", NODE_COMPILE_CACHE: join(".build", "cache") },
  });
  return new Promise((resolve, reject) => {
    child.once("message", () => resolve(victimOf(child)));
    child.once("exit", (code, signal) => reject(new Error(`a victim ended before it was ready (${code ?? signal})`)));
  });
}

function victimOf(child: ChildProcess): Victim {
  let ready: Promise<boolean> = Promise.resolve(true);
  const closed = new Promise<null>((resolve) => child.once("close", () => resolve(null)));
  return {
    kill: () => void child.kill("SIGKILL"),
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    isReady: () => Promise.race([ready, sleep(READY_WITHIN_MS).then(() => false)]),
    obey(order) {
      let isReady = (_: boolean) => {};
      const answer = new Promise<Answer>((resolve) => {
        child.on("message", function onMessage(told: Answer | "ready") {
          if (told !== "ready") return resolve(told);
          child.off("message", onMessage);
          isReady(true);
        });
      });
      ready = Promise.race([new Promise<boolean>((resolve) => (isReady = resolve)), closed.then(() => false)]);
      child.send(order, () => undefined);
      return Promise.race([answer, closed]);
    },
  };
}
