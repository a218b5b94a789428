import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connect } from "../../db/client";
import { embeddedUrl } from "./database";
import { type EmbeddedServer, startEmbedded } from "./embedded";
import { kill } from "./faults/kill/kill";
import { sweep } from "./faults/sweep";
import { complain, say } from "./progress.mjs";
import { publishSettings, readSettings } from "./settings";

/**
 * `npm run faults`: every crash point of every canonical command (`-- --sweep`), faults under load (`-- --kill`, each kind for `--seconds`), and
 * the races of `tests/db` (`-- --races`, `--rounds` of each); without a flag all three. On servers of its own. `--only words` takes the commands
 * or kinds whose name has them, `--from words` the first such command and those behind it, `--sample n` that many points of each command, chosen
 * by `--seed`, `--kill-each` ends every process by SIGKILL instead of one in eight. What is found is told at once, and what cannot be done on this
 * machine is told again at the end. The last line is the sum as JSON, of what is through where somebody ends it early; ends with 1 when anything
 * was lost, doubled or broken.
 */
const { values: asked } = parseArgs({
  args: process.argv.slice(3),
  options: {
    sweep: { type: "boolean", default: false },
    kill: { type: "boolean", default: false },
    races: { type: "boolean", default: false },
    rounds: { type: "string", default: "300" },
    seconds: { type: "string", default: "15" },
    only: { type: "string", default: "" },
    from: { type: "string", default: "" },
    "kill-each": { type: "boolean", default: false },
    lanes: { type: "string", default: "2" },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});
const isAll = !asked.sweep && !asked.kill && !asked.races;
const seed = Number(asked.seed);
const notPossible: string[] = [];
const sum = { commands: 0, points: 0, kills: 0, acknowledged: 0, lost: 0, doubled: 0, audit: 0 };
const COUNTED = Object.keys(sum) as (keyof typeof sum)[];
/** Somebody ends it early: what breaks by that is no finding. */
let isEnded = false;
const note = (text: string): void => {
  if (!isEnded) say(text);
};
const count = (part: Partial<typeof sum>): void => {
  if (isEnded) return;
  for (const name of COUNTED) sum[name] += part[name] ?? 0;
};

type Ground = { readonly server: EmbeddedServer; readonly serverUrl: string; readonly folder: string };

/** What is to be put away before the process ends, also where somebody ends it early. */
let leave = async (): Promise<void> => undefined;

/** Does its work on a server of its own, with that server's own durability, of which nothing is left afterwards. */
async function onServer(work: (at: Ground) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "baton-faults-"));
  chmodSync(folder, 0o755); // the server's account must reach it
  const server = await startEmbedded(folder);
  leave = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const serverUrl = embeddedUrl(server);
    publishSettings({ ...readSettings(), dataDir: folder }, serverUrl);
    await work({ server, serverUrl, folder });
  } finally {
    await leave();
  }
}

async function killAll(at: Ground): Promise<void> {
  const options = { ...at, seconds: Number(asked.seconds), seed, only: asked.only, note };
  const impossible = await kill({
    ...options,
    count: ({ injected, ...rest }) => count({ ...rest, kills: injected }),
  });
  notPossible.push(...impossible);
}

async function sweepAll({ serverUrl }: Ground): Promise<void> {
  await hurryServer();
  const sample = asked.sample ? { perCommand: Number(asked.sample), seed } : "all";
  const { only, from, lanes, "kill-each": killsEach } = asked;
  await sweep({ serverUrl, lanes: Number(lanes), sample, only, from, killsEach, note, count });
}

/** The server itself does not crash in a sweep, so it need not write so that it could. */
async function hurryServer(): Promise<void> {
  const client = connect(1, { database: "postgres" });
  for (const name of ["fsync", "full_page_writes", "synchronous_commit"])
    await client.unsafe(`alter system set ${name} = off`);
  await client`select pg_reload_conf()`;
  await client.end();
}

type Raced = { readonly numTotalTests: number; readonly numFailedTests: number };

/** Each race that has not ended as it must counts as something broken, and so does what the audit finds behind all of them. */
async function race(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "baton-races-"));
  const told = join(folder, "races.json");
  const reporters = ["--reporter=verbose", "--reporter=json", `--outputFile.json=${told}`];
  const args = ["node_modules/vitest/vitest.mjs", "run", "--project", "database", "tests/db/races", ...reporters];
  const child = spawn(process.execPath, args, { env: { ...process.env, RACE_ROUNDS: asked.rounds }, stdio: "inherit" });
  leave = async () => void child.kill();
  const code = await new Promise<number>((resolve) => child.once("exit", (ended) => resolve(ended ?? 1)));
  const report = existsSync(told) ? (JSON.parse(readFileSync(told, "utf8")) as Raced) : null;
  rmSync(folder, { recursive: true });
  const broken = Math.max(report?.numFailedTests ?? 1, code === 0 ? 0 : 1);
  note(JSON.stringify({ races: report?.numTotalTests ?? 0, rounds: Number(asked.rounds), broken }));
  count({ audit: broken });
}

const began = performance.now();
const tell = (): void => say(JSON.stringify({ ...sum, seconds: Math.round((performance.now() - began) / 1_000) }));

/** Whoever ends it early is told what was found until then. */
function tellWhenEnded(): void {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)
    process.once(signal, () => {
      isEnded = true;
      say("ended early: the sum has what was through by then");
      void leave().finally(() => {
        tell();
        process.exit(code);
      });
    });
}

async function faults(): Promise<void> {
  tellWhenEnded();
  say(`seed ${seed}`);
  if (isAll || asked.races) await race();
  if (isAll || asked.kill || asked.sweep)
    await onServer(async (at) => {
      if (isAll || asked.kill) await killAll(at);
      if (isAll || asked.sweep) await sweepAll(at);
    });
  for (const what of notPossible) say(what);
  tell();
  if (sum.lost + sum.doubled + sum.audit > 0) process.exitCode = 1;
}

faults().catch((error: unknown) => {
  if (isEnded) return;
  complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
});
