import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "../../../db/client";
import { benchOn } from "../bench-child";
import { DEFINITIONS } from "../bench-definitions";
import { say, step } from "../progress.mjs";
import { MODEL_DEFINITIONS } from "./definitions";
import type { Models } from "./models";
import { type Client, makeMoulds } from "./moulds";
import { pour, type Volume } from "./pour";

/** Raised when the rows of a volume are made in another way. */
const MAKING = 1;
const CONNECTIONS = 2;

/** What a volume is made from: the database's shape and what is run in it. */
async function digestOf(volume: Volume): Promise<string> {
  const migrations = (await readdir("db/migrations")).filter((name) => name.endsWith(".sql")).toSorted();
  const files = [...migrations.map((name) => join("migrations", name)), "guards.sql"];
  const hash = createHash("sha256").update(JSON.stringify({ MAKING, DEFINITIONS, MODEL_DEFINITIONS, volume }));
  for (const file of files) hash.update(await readFile(join("db", file)));
  return hash.digest("hex");
}

/**
 * A database of that name with so many runs, made anew when it is not there or what it is made from is another now: a minute for every two hundred
 * thousand runs. Its comment says from what it was made, and is written last.
 *
 * Its rows are true but for the hashes of their histories: those are their model's, so that rows have their size, and no chain holds.
 */
export async function ensureVolume(name: string, volume: Volume): Promise<void> {
  const server = connect(1, { database: "postgres" });
  try {
    const digest = await digestOf(volume);
    const [known] = await server<{ digest: string | null }[]>`
      select shobj_description(oid, 'pg_database') as digest from pg_database where datname = ${name}`;
    if (known?.digest === digest) return;
    const count = (volume.ended + volume.open).toLocaleString("en");
    await step(`Making a database with ${count} runs (once)`, async (note) => {
      await server.unsafe(`drop database if exists ${name} with (force)`);
      await server.unsafe(`create database ${name}`);
      await hurrying(server, () => fill(name, volume, note));
      note("checkpoint");
      await server.unsafe("checkpoint");
      await server.unsafe(`comment on database ${name} is '${digest}'`);
    });
    const [size] = await server<{ size: string }[]>`select pg_size_pretty(pg_database_size(${name})) as size`;
    say(`The database ${name} has ${size?.size}.`);
  } finally {
    await server.end({ timeout: 5 });
  }
}

/** While a volume is made the server need not survive a power cut: it would be made anew. */
async function hurrying(server: Client, work: () => Promise<void>): Promise<void> {
  const settings = ["full_page_writes = off", "max_wal_size = '4GB'", "autovacuum = off"];
  for (const setting of settings) await server.unsafe(`alter system set ${setting}`);
  await server`select pg_reload_conf()`;
  try {
    await work();
  } finally {
    await restoreSettings(server);
  }
}

/** The server as it was made, whatever an earlier bench that was ended left. */
export async function restoreSettings(server: Client): Promise<void> {
  await server.unsafe("alter system reset all");
  await server`select pg_reload_conf()`;
}

async function fill(name: string, volume: Volume, note: (text: string) => void): Promise<void> {
  const [models] = await benchOn(name, "--models");
  const clients = Array.from({ length: CONNECTIONS }, () =>
    connect(1, {
      database: name,
      max_lifetime: null,
      connection: { application_name: "baton bench", statement_timeout: 0, lock_timeout: 0, synchronous_commit: "off" },
    }),
  );
  const [first] = clients;
  if (!models || !first) throw new Error("the models of the volume were not made");
  try {
    const moulds = await makeMoulds(first, models as Models);
    await pour(clients, { moulds, volume, told: (runs) => note(`${runs.toLocaleString("en")} runs`) });
    note("vacuuming");
    await vacuum(clients);
  } finally {
    await Promise.all(clients.map((client) => client.end({ timeout: 5 })));
  }
}

/** As autovacuum would have left it: rows known to be visible to all, statistics, the ranges of block indexes summarised. */
async function vacuum(clients: readonly Client[]): Promise<void> {
  const [first, ...others] = clients;
  if (!first) return;
  const tables = await first<{ name: string }[]>`
    select format('%I', relname) as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
    order by pg_relation_size(oid) desc`;
  const queue = tables.map(({ name }) => name);
  const lane = async (client: Client) => {
    for (let table = queue.shift(); table; table = queue.shift())
      await client.unsafe(`vacuum (analyze) public.${table}`);
  };
  await Promise.all([lane(first), ...others.map(lane)]);
}
