import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sleep } from "../../../clock";
import type { Person } from "../../../people/current-person";
import type { Deed, Question, Reply } from "./clerk";

/** One of the processes that faults are injected into; started again whenever it ended. */
export type Member = {
  readonly job: "worker" | "clerk";
  readonly isAlive: () => boolean;
  /** False when there was nobody to send it to. */
  readonly signal: (name: NodeJS.Signals) => boolean;
  readonly setClock: (wrongByMs: number) => void;
};

export type Crew = {
  readonly members: readonly Member[];
  /** Asks some process that lives. Rejects when it dies, or does not answer in time: then nobody knows whether it was done. */
  readonly ask: (asked: { person: Person; key: string; deed: Deed }) => Promise<Reply>;
  /** How often a worker said that its job was somebody else's by now, and wrote nothing. */
  readonly lateWrites: () => number;
  readonly stop: () => Promise<void>;
};

export type Staff = {
  readonly databaseUrl: string;
  readonly workers: number;
  readonly clerks: number;
  readonly smtpUrl?: string;
  readonly hasWrongClock?: boolean;
  /** Its workers throw, or abort, at flows made for it. */
  readonly isPoisoned?: boolean;
};

const PROGRAMS = { worker: "worker.mjs", clerk: "kill/clerk.mjs", poisoned: "kill/poisoned-worker.mjs" } as const;
const ANSWER_WITHIN_MS = 20_000;
const fileUrl = (path: string) => pathToFileURL(join(process.cwd(), path)).href;

type Process = { child: ChildProcess; isReady: boolean; pending: Map<number, (reply: Reply | null) => void> };
type Shift = { readonly staff: Staff; isOver: boolean; lateWrites: number; questions: number };

function start(shift: Shift, job: Member["job"]): Process {
  const { databaseUrl, smtpUrl, hasWrongClock, isPoisoned } = shift.staff;
  const preloads = ["lib/launch/leash.mjs", ...(hasWrongClock ? ["lib/launch/faults/kill/wrong-clock.mjs"] : [])];
  const program = join(".build", "faults", PROGRAMS[isPoisoned && job === "worker" ? "poisoned" : job]);
  const child = spawn(process.execPath, [...preloads.flatMap((path) => ["--import", fileUrl(path)]), program], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      SMTP_URL: smtpUrl ?? "",
      LOG_LEVEL: "warn",
      NODE_ENV: "production",
      NODE_COMPILE_CACHE: join(".build", "cache"),
    },
  });
  const made: Process = { child, isReady: false, pending: new Map() };
  child.on("message", (message: Reply | "ready") => {
    if (message === "ready") made.isReady = true;
    else made.pending.get(message.id)?.(message);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    shift.lateWrites += text.split("job lost to another worker").length - 1;
  });
  child.once("exit", () => {
    for (const settle of made.pending.values()) settle(null);
  });
  return made;
}

function makeMember(
  shift: Shift,
  job: Member["job"],
): Member & { readonly now: () => Process; readonly end: () => Promise<void> } {
  let current = start(shift, job);
  const keepUp = () =>
    current.child.once("exit", () => {
      if (shift.isOver) return;
      current = start(shift, job);
      keepUp();
    });
  keepUp();
  const isAlive = () => current.child.exitCode === null && current.child.signalCode === null;
  return {
    job,
    isAlive,
    now: () => current,
    signal: (name) => isAlive() && current.child.kill(name),
    setClock: (wrongBy) => void current.child.send({ wrongBy }, () => undefined),
    async end() {
      if (!isAlive()) return;
      const exit = new Promise((resolve) => current.child.once("exit", resolve));
      current.child.kill("SIGCONT");
      current.child.kill("SIGTERM");
      await Promise.race([exit, sleep(8_000)]);
      if (isAlive()) current.child.kill("SIGKILL");
      await exit;
    },
  };
}

/** Starts workers and clerks on one database. */
export function hire(staff: Staff): Crew {
  const shift: Shift = { staff, isOver: false, lateWrites: 0, questions: 0 };
  const workers = Array.from({ length: staff.workers }, () => makeMember(shift, "worker"));
  const clerks = Array.from({ length: staff.clerks }, () => makeMember(shift, "clerk"));
  return {
    members: [...workers, ...clerks],
    lateWrites: () => shift.lateWrites,
    async ask(asked) {
      const question: Question = { id: ++shift.questions, ...asked };
      for (let waited = 0; waited < ANSWER_WITHIN_MS; waited += 20) {
        const ready = clerks.map((clerk) => clerk.now()).filter(({ isReady, child }) => isReady && child.connected);
        const chosen = ready[question.id % Math.max(1, ready.length)];
        if (chosen) return reply(chosen, question);
        await sleep(20);
      }
      throw new Error("nobody is there to be asked");
    },
    async stop() {
      shift.isOver = true;
      await Promise.all([...workers, ...clerks].map((member) => member.end()));
    },
  };
}

function reply({ child, pending }: Process, question: Question): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const settle = (given: Reply | null) => {
      clearTimeout(timer);
      pending.delete(question.id);
      if (given) resolve(given);
      else reject(new Error("the process died, or did not answer"));
    };
    const timer = setTimeout(() => settle(null), ANSWER_WITHIN_MS);
    pending.set(question.id, settle);
    child.send(question, (error) => {
      if (error) settle(null);
    });
  });
}
