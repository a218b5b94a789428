import { closePool } from "../../db/client";
import { closeTransactions } from "../../db/transaction";
import { sleep } from "../clock";
import { BuildFailed, buildPortal, isPortalBuilt, watchWorker } from "./build.mjs";
import { keepGoing } from "./children";
import { embeddedUrl, ensureDatabase, migrateDatabase, openEmbedded } from "./database";
import { demoAccountLines, demoState, seedDemo } from "./demo";
import type { EmbeddedServer } from "./embedded";
import { openRoles, type RoleUrls } from "./open-roles";
import { FolderInUse, ownFolder } from "./own-folder";
import { complain, say, step } from "./progress.mjs";
import { refuseDebugging, refuseDemoAccounts } from "./refuse-doors";
import { freePort } from "./run-server";
import { CannotStart, checkPort, publishSettings, readSettings, type Settings } from "./settings";
import { setupAddress } from "./setup-link";
import { startSmtpSink } from "./smtp-sink";
import { untilWebAnswers, webServer } from "./web-server";
import { wire } from "./wire";

/**
 * `npm start` and `npm run dev`: database, migrations, demo data, build, web and worker, in one process that owns the others. Whatever
 * it starts is undone in reverse order when it is asked to stop.
 */
const isDev = process.argv[2] === "dev";
/** Longer than a transaction may take. */
const WORKER_GRACE_MS = 16_000;
const WORKER = ["--enable-source-maps", ".build/worker.js"];
const WATCH_EVERY_MS = 1_000;
/** A Ctrl-C reaches us from the terminal and, through npm, once more: what comes this soon is the same wish. */
const SAME_WISH_MS = 1_000;

const undo: (() => Promise<unknown>)[] = [];
let isStopping = false;
let askedAt = Number.NEGATIVE_INFINITY;

async function stop(code: number): Promise<void> {
  const now = performance.now();
  if (isStopping && now - askedAt < SAME_WISH_MS) return;
  if (isStopping) return process.exit(1); // asked twice: at once, and the next start recovers
  isStopping = true;
  askedAt = now;
  for (const step of undo.reverse()) await step().catch((error: unknown) => complain(String(error)));
  if (code === 0) say("Stopped.");
  process.exit(code);
}

function giveUp(error: unknown): void {
  if (isStopping) return;
  const isExpected = error instanceof CannotStart || error instanceof BuildFailed;
  complain(isExpected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
  void stop(1);
}

/** Ends with whoever started us, however that ended: npm does not always hand a signal on. */
function watchParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent && !isStopping) void stop(0);
  }, WATCH_EVERY_MS).unref();
}

async function ownInstallation({ dataDir }: Settings): Promise<void> {
  try {
    undo.push(await ownFolder(dataDir, "start"));
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    throw new CannotStart(
      `Baton is already running from ${dataDir} (process ${error.processId}); stop it first, or set DATA_DIR and PORT for a second one`,
      { cause: error },
    );
  }
}

/** As whom the children sign in to the database: with the embedded server not as its owner. */
async function openDatabase(settings: Settings): Promise<RoleUrls> {
  undo.push(closePool, closeTransactions);
  if (settings.env.DATABASE_URL) {
    const url = settings.env.DATABASE_URL;
    publishSettings(settings, url);
    await step("Preparing the database", migrateDatabase);
    return { app: url, worker: url };
  }
  return step("Starting PostgreSQL", async () => {
    const server = await openEmbedded(settings.dataDir);
    undo.splice(undo.indexOf(closePool), 0, server.stop);
    publishSettings(settings, embeddedUrl(server));
    const { folder } = server.connection;
    if (folder) say(`The database is in ${folder}, because its server cannot reach ${settings.dataDir}.`);
    watchServer(server);
    await ensureDatabase();
    await migrateDatabase();
    if ((await demoState()) === "seeding") {
      await closePool(); // an earlier start ended while it made the demo data: nobody has worked on it, so it is made anew
      await ensureDatabase(true);
      await migrateDatabase();
    }
    return openRoles(embeddedUrl(server));
  });
}

function watchServer(server: EmbeddedServer): void {
  const watch = async (): Promise<void> => {
    for (;;) {
      await sleep(WATCH_EVERY_MS);
      if (isStopping) return;
      if (await server.revive()) complain("PostgreSQL had ended; it was started again");
    }
  };
  watch().catch(giveUp);
}

/** In demo mode without a mail server the worker is given ours, and the portal shows what it received; answers go to a door on this machine. */
async function openMail({ env, isDemo }: Settings): Promise<Record<string, string>> {
  if (!isDemo || env.SMTP_URL) return {};
  const sink = await startSmtpSink();
  undo.push(sink.close);
  Object.assign(process.env, {
    REPLY_ADDRESS: env.REPLY_ADDRESS ?? "reply@localhost",
    REPLY_SMTP_PORT: String(env.REPLY_SMTP_PORT ?? (await freePort())),
  });
  return { SMTP_URL: sink.url };
}

async function startChildren(
  { env }: Settings,
  { mail, urls }: { mail: Record<string, string>; urls: RoleUrls },
): Promise<void> {
  const onGivenUp = (why: string) => giveUp(new CannotStart(why));
  const mode = { NODE_ENV: isDev ? "development" : "production" };
  const web = webServer(env, { databaseUrl: urls.app, isDev });
  const worker = {
    name: "The worker",
    args: WORKER,
    env: { ...mode, ...mail, DATABASE_URL: urls.worker },
    graceMs: WORKER_GRACE_MS,
    isQuiet: false,
  };
  const children = [keepGoing(web, onGivenUp), keepGoing(worker, onGivenUp)];
  if (isDev) undo.push(await watchWorker(() => children[1]?.restart()));
  undo.push(async () => {
    say("Stopping …");
    await Promise.all(children.map((child) => child.stop()));
  });
}

/** Since the command was given: the installing and building of the first time are in it. */
function secondsTaken(): string {
  const { BATON_BEGAN_AT } = process.env;
  const began = BATON_BEGAN_AT ? Number(BATON_BEGAN_AT) - performance.timeOrigin : 0;
  return ((performance.now() - began) / 1000).toFixed(1);
}

async function start(): Promise<void> {
  const settings = readSettings();
  refuseDebugging(settings, isDev);
  await ownInstallation(settings);
  await checkPort(settings.env);
  const urls = await openDatabase(settings);
  await refuseDemoAccounts(settings);
  wire();
  const mail = await openMail(settings);
  // Both take their time and neither needs the other.
  await step(
    isDev || isPortalBuilt() ? "Starting" : "Building the portal (only when its sources changed)",
    async (note) => {
      await Promise.all([isDev ? null : buildPortal(), settings.isDemo ? seedDemo(settings.dataDir, note) : null]);
      await startChildren(settings, { mail, urls });
      await untilWebAnswers(settings.env, () => isStopping);
    },
  );
  if (isStopping) return;
  say(`\nBaton is running at ${settings.address}  (after ${secondsTaken()} s; Ctrl-C stops it)\n`);
  if (settings.isDemo) {
    say(
      `Demo accounts of this installation, username and password (also in ${settings.env.DATA_DIR}/demo-accounts.json):`,
    );
    for (const line of demoAccountLines(settings.dataDir)) say(line);
    return;
  }
  const setup = await setupAddress(settings.address);
  if (setup)
    say(
      `Nobody can sign in yet. Make the first administrator within one hour, with this link, which works once:\n  ${setup}`,
    );
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
watchParent();
start().catch(giveUp);
