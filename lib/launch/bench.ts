import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closePool } from "../../db/client";
import { JOBS_CHANNEL } from "../../db/jobs";
import { listen } from "../../db/listen";
import { closeTransactions } from "../../db/transaction";
import { makeBell } from "../worker/bell";
import { runJobs } from "../worker/run-jobs";
import { startMeter } from "./bench-meter";
import { measure } from "./bench-workloads";
import { embeddedUrl, ensureDatabase, migrateDatabase, openEmbedded } from "./database";
import { complain } from "./progress.mjs";
import { publishSettings, readSettings, type Settings } from "./settings";
import { wire } from "./wire";

/**
 * `npm run bench`: how many commands a second, the worker's job loop and the engine in one process, on the empty database of DATABASE_URL or one of its own
 * with the server's own durability settings. N and CONCURRENCY say how many runs and how many at once. `-- --peers` is what a comparison
 * with other engines calls: the workloads that they have too.
 */
const size = { count: Number(process.env.N ?? 400), concurrency: Number(process.env.CONCURRENCY ?? 32) };

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
    await measure(size, stopping.signal);
  } finally {
    stopping.abort();
    await worker;
    await stopListening();
    await closeTransactions();
    await closePool();
  }
}

async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "baton-bench-"));
  chmodSync(folder, 0o755); // the server's account must reach it
  const settings = { ...readSettings(), dataDir: folder };
  try {
    if (settings.env.DATABASE_URL) return await onDatabase(settings.env.DATABASE_URL, settings);
    const server = await openEmbedded(folder);
    try {
      await onDatabase(embeddedUrl(server), settings);
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

bench().then(
  () => process.exit(0),
  (error: unknown) => {
    complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  },
);
