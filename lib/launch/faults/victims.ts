import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/** What a victim is told to do, once. `url` names its database. */
export type Order =
  | { readonly url: string; readonly deed: "world" }
  | { readonly url: string; readonly deed: "prepare"; readonly scenario: string }
  | {
      readonly url: string;
      /** Twice: the second time it must change nothing, and both are answered. Who does that stays, and may be told to do it again. */
      readonly deed: "act" | "act twice";
      readonly scenario: string;
      readonly subject: unknown;
      readonly key: string;
    };

export type Answer =
  | { readonly ok: true; readonly value: unknown }
  /** It threw: that is a fault, where a refusal is a value. */
  | { readonly ok: false; readonly error: string };

export type Victim = {
  /** Null: it died before it could answer. */
  readonly obey: (order: Order) => Promise<Answer | null>;
  readonly kill: () => void;
  readonly freeze: () => void;
  readonly thaw: () => void;
};

/** Processes that are loaded and wait for their order, so that nobody waits for Node to start. */
export type Victims = { readonly take: () => Promise<Victim>; readonly close: () => void };

const PROGRAM = join(".build", "faults", "victim.mjs");

export function makeVictims(ready: number): Victims {
  const waiting: Promise<ChildProcess>[] = [];
  let isClosed = false;
  const refill = () => {
    while (!isClosed && waiting.length < ready) waiting.push(start());
  };
  refill();
  return {
    async take() {
      const next = waiting.shift() ?? start();
      refill();
      return victimOf(await next);
    },
    close() {
      isClosed = true;
      for (const child of waiting) void child.then((one) => one.kill("SIGKILL"));
    },
  };
}

/** @throws when it ended before it was ready. */
function start(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROGRAM], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, DATABASE_URL: "", LOG_LEVEL: "silent", NODE_COMPILE_CACHE: join(".build", "cache") },
  });
  return new Promise((resolve, reject) => {
    child.once("message", () => resolve(child));
    child.once("exit", (code, signal) => reject(new Error(`a victim ended before it was ready (${code ?? signal})`)));
  });
}

function victimOf(child: ChildProcess): Victim {
  return {
    kill: () => void child.kill("SIGKILL"),
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    obey(order) {
      return new Promise((resolve) => {
        let answer: Answer | null = null;
        const onEnd = () => resolve(answer);
        child.once("message", (told: Answer) => {
          answer = told;
          if (order.deed !== "act twice") return;
          child.off("close", onEnd);
          resolve(answer);
        });
        child.once("close", onEnd);
        child.send(order, () => undefined);
      });
    },
  };
}
