import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sleep } from "../../../clock";
import type { Person } from "../../../people/current-person";
import { webServer } from "../../web-server";
import type { Deed, Question, Reply } from "./clerk";

/** One of the processes that faults are injected into; started again whenever it ended. */
export type Member = {
  readonly job: "worker" | "clerk" | "web";
  readonly isAlive: () => boolean;
  /** False when there was nobody to send it to. */
  readonly signal: (name: NodeJS.Signals) => boolean;
  readonly setClock: (wrongByMs: number) => void;
};

/** Has something done. Rejects when whoever was asked dies, or does not answer in time: then nobody knows whether it was done. */
export type Ask = (asked: {
  readonly person: Person;
  readonly key: string;
  readonly deed: Deed;
}) => Promise<Pick<Reply, "result" | "error">>;

export type Crew = {
  readonly members: readonly Member[];
  /** Asks some clerk that lives. */
  readonly ask: Ask;
  /** How often a worker said that its job was somebody else's by now, and wrote nothing. */
  readonly lateWrites: () => number;
  readonly stop: () => Promise<void>;
};

export type Staff = {
  readonly databaseUrl: string;
  readonly workers: number;
  readonly clerks: number;
  /** The portal as it was built, on that port of this machine, signed in to the database as `npm start` lets it. */
  readonly web?: { readonly port: number; readonly databaseUrl: string };
  readonly smtpUrl?: string;
  readonly hasWrongClock?: boolean;
  /** Its workers throw, or abort, at flows made for it. */
  readonly isPoisoned?: boolean;
};

const PROGRAMS = { worker: "worker.mjs", clerk: "kill/clerk.mjs", poisoned: "kill/poisoned-worker.mjs" } as const;
export const ANSWER_WITHIN_MS = 20_000;
const fileUrl = (path: string) => pathToFileURL(join(process.cwd(), path)).href;

type Process = { child: ChildProcess; isReady: boolean; pending: Map<number, (reply: Reply | null) => void> };
type Shift = { readonly staff: Staff; isOver: boolean; lateWrites: number; questions: number };

/** What Node is given, and what is added to our own environment. */
function programOf(
  { databaseUrl, isPoisoned, web }: Staff,
  job: Member["job"],
): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  if (job === "web") {
    if (!web) throw new Error("nobody said where the portal is");
    const where = { HOST: "127.0.0.1", PORT: web.port };
    const { args, env } = webServer(where, { databaseUrl: web.databaseUrl, isDev: false });
    return { args, env: { ...env, BATON_DEMO: "0" } };
  }
  const program = PROGRAMS[isPoisoned && job === "worker" ? "poisoned" : job];
  return { args: [join(".build", "faults", program)], env: { DATABASE_URL: databaseUrl, NODE_ENV: "production" } };
}

function start(shift: Shift, job: Member["job"]): Process {
  const { smtpUrl, hasWrongClock } = shift.staff;
  const preloads = ["lib/launch/leash.mjs", ...(hasWrongClock ? ["lib/launch/faults/kill/wrong-clock.mjs"] : [])];
  const { args, env } = programOf(shift.staff, job);
  const child = spawn(process.execPath, [...preloads.flatMap((path) => ["--import", fileUrl(path)]), ...args], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: {
      ...process.env,
      SMTP_URL: smtpUrl ?? "",
      LOG_LEVEL: "warn",
      NODE_COMPILE_CACHE: join(".build", "cache"),
      ...env,
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
  const members = [...workers, ...clerks, ...(staff.web ? [makeMember(shift, "web")] : [])];
  return {
    members,
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
      await Promise.all(members.map((member) => member.end()));
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
