import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closePool } from "../../db/client";
import { JOBS_CHANNEL } from "../../db/jobs";
import { listen } from "../../db/listen";
import { closeTransactions } from "../../db/transaction";
import { makeBell } from "../worker/bell";
import { runJobs } from "../worker/run-jobs";
import { benchAll, benchApprovals, timeList } from "./bench-approvals";
import { benchCommands } from "./bench-commands";
import { benchGrown } from "./bench-grown";
import { onKeptServer } from "./bench-kept";
import { startMeter } from "./bench-meter";
import { measure } from "./bench-workloads";
import { embeddedUrl, ensureDatabase, migrateDatabase, openEmbedded } from "./database";
import { complain, say } from "./progress.mjs";
import { CannotStart, publishSettings, readSettings, type Settings } from "./settings";
import { makeModels } from "./volume/models";
import { wire } from "./wire";

/**
 * `npm run bench`: how many commands a second, the worker's job loop and the engine in one process, on an empty database with the server's own durability
 * settings; what each command costs the database (`bench-commands.ts`); then what approvals cost among many others (`bench-approvals.ts`). N and CONCURRENCY say how many runs and how many at once.
 *
 * `-- --approvals`: the latter alone. `-- --grown`: the same commands in an empty database and in one with a million runs (`bench-grown.ts`). `-- --peers`: what a comparison with other
 * engines calls, the workloads that they have too. The other modes are those of the bench's own processes. With a DATABASE_URL of one's own
 * only the commands are measured, in that database.
 */
const size = { count: Number(process.env.N ?? 400), concurrency: Number(process.env.CONCURRENCY ?? 32) };
const has = (mode: string): boolean => process.argv.includes(mode);

async function work(signal: AbortSignal): Promise<void> {
  if (has("--models")) return say(JSON.stringify(await makeModels()));
  if (has("--commands")) return benchCommands();
  if (has("--list")) return say(JSON.stringify(await timeList()));
  await measure(size, signal);
  if (!has("--peers")) await benchCommands();
}

async function onDatabase(url: string, settings: Settings): Promise<void> {
  publishSettings({ ...settings, isDemo: false }, url);
  process.env.LOG_LEVEL = "warn";
  startMeter();
  if (!settings.env.DATABASE_URL) await ensureDatabase();
  await migrateDatabase();
  wire();
  const stopping = new AbortController();
  const bell = makeBell();
  const stopListening = await listen([JOBS_CHANNEL], bell.ring);
  const worker = runJobs(bell, stopping.signal);
  try {
    await work(stopping.signal);
  } finally {
    stopping.abort();
    await worker;
    await stopListening();
    await closeTransactions();
    await closePool();
  }
}

/** On a server of which nothing is left. */
async function onNewServer(settings: Settings): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "baton-bench-"));
  chmodSync(folder, 0o755); // the server's account must reach it
  try {
    const server = await openEmbedded(folder);
    try {
      await onDatabase(embeddedUrl(server), { ...settings, dataDir: folder });
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bench(): Promise<void> {
  const settings = readSettings();
  const { DATABASE_URL: url } = settings.env;
  if (has("--grown") && url)
    throw new CannotStart("DATABASE_URL: the grown database is one of the bench's own; leave it out");
  if (url) return onDatabase(url, settings);
  if (has("--peers")) return onNewServer(settings);
  return onKeptServer(settings, has("--grown") ? benchGrown : has("--approvals") ? benchApprovals : benchAll);
}

bench().then(
  () => process.exit(0),
  (error: unknown) => {
    complain(
      error instanceof CannotStart
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error),
    );
    process.exit(1);
  },
);
