import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { connect } from "../../db/client";
import { embeddedUrl, openEmbedded } from "./database";
import { freePort } from "./run-server";
import { publishSettings, type Settings } from "./settings";
import { ensureVolume, restoreSettings } from "./volume/ensure-volume";

/** Where the bench's large databases are: made once, kept in the data folder. */
export type Kept = {
  readonly settings: Settings;
  /** What the server writes down. */
  readonly log: string;
};

/** Databases of the bench's server. `empty` is made anew each time. */
export const EMPTY = "bench_empty";
export const SMALL = "bench_small";
export const GROWN = "bench_grown";

/** Does its work with the bench's own server, whose folder is `bench` in the data folder; throw it away and it is made anew. */
export async function onKeptServer(settings: Settings, work: (kept: Kept) => Promise<void>): Promise<void> {
  const dataDir = join(settings.dataDir, "bench");
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const server = await openEmbedded(dataDir);
  try {
    const PORT = await freePort();
    const own = {
      ...settings,
      dataDir,
      isDemo: false,
      env: { ...settings.env, PORT, HOST: "127.0.0.1" },
      address: `http://127.0.0.1:${PORT}`,
    };
    publishSettings(own, embeddedUrl(server));
    process.env.LOG_LEVEL = "warn";
    await onServer(restoreSettings);
    await work({ settings: own, log: join(dataDir, "postgres.log") });
  } finally {
    await server.stop();
  }
}

/** Asks the server itself, in no database of ours. */
export async function onServer<T>(work: (client: ReturnType<typeof connect>) => Promise<T>): Promise<T> {
  const client = connect(1, { database: "postgres", connection: { statement_timeout: 0 } });
  try {
    return await work(client);
  } finally {
    await client.end({ timeout: 5 });
  }
}

export const emptyAnew = (): Promise<void> =>
  onServer(async (client) => {
    await client.unsafe(`drop database if exists ${EMPTY} with (force)`);
    await client.unsafe(`create database ${EMPTY}`);
  });

/** A million runs that ended and a hundred thousand that wait, each with its item. */
export const ensureGrown = (): Promise<void> => ensureVolume(GROWN, { ended: ENDED, open: ENDED / 10 });
/** A thousand items. */
export const ensureSmall = (): Promise<void> => ensureVolume(SMALL, { ended: 900, open: 100 });

/** GROWN says another number of ended runs, for trying things out. */
const ENDED = Number(process.env.GROWN ?? 1_000_000);
