import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { migrate } from "../../db/migrate";
import { type Connection, readConnection, urlOf } from "../../lib/launch/connection";
import { startEmbedded } from "../../lib/launch/embedded";
import { FolderInUse } from "../../lib/launch/own-folder";
import { stopServer } from "../../lib/launch/run-server";

declare module "vitest" {
  interface ProvidedContext {
    /** The template database that every test file's own database is made from. */
    template: string;
    serverUrl: string;
  }
}

const DATA_DIR = resolve(".data/test");
/** Held, shared, as long as somebody tests on this server; whoever can have it alone is the last and stops the server. */
const TESTING = 8_246_012;
const MAKING_TEMPLATE = 8_246_013;
/** Speed, at the price of durability that no test database needs. */
const SETTINGS = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "400",
  shared_buffers: "128MB",
};

const clientTo = (connection: Connection) =>
  postgres(urlOf(connection, "postgres"), { max: 1, onnotice() {}, max_lifetime: null, idle_timeout: 0 });

/** One server for all test files, and for test runs beside this one: our own, or that of `TEST_SERVER_URL`. */
async function reachServer(): Promise<Connection> {
  const given = process.env.TEST_SERVER_URL;
  if (given) {
    const { username, password, port } = new URL(given);
    return { user: username, password, port: Number(port || 5432) };
  }
  for (let attempt = 0; ; attempt++) {
    try {
      return (await startEmbedded(DATA_DIR, SETTINGS)).connection;
    } catch (error) {
      if (!(error instanceof FolderInUse) || attempt > 100) throw error;
    }
    const known = readConnection(DATA_DIR);
    if (known?.port && (await answers(known))) return known;
    await new Promise((done) => setTimeout(done, 100));
  }
}

async function answers(connection: Connection): Promise<boolean> {
  const client = clientTo(connection);
  try {
    await client`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await client.end({ timeout: 0 });
  }
}

/** Named after what it is made from, so that another state of the schema gets another template. */
function templateName(): string {
  const hash = createHash("sha256");
  const migrations = readdirSync("db/migrations")
    .filter((name) => name.endsWith(".sql"))
    .sort();
  for (const path of [
    ...migrations.map((name) => join("db/migrations", name)),
    "db/guards.sql",
    "db/contract.sql",
    "db/roles.sql",
  ])
    hash.update(readFileSync(path));
  return `baton_${hash.digest("hex").slice(0, 12)}`;
}

async function makeTemplate(client: postgres.Sql, connection: Connection): Promise<string> {
  const template = templateName();
  process.env.DATABASE_URL = urlOf(connection, template);
  await client`select pg_advisory_lock(${MAKING_TEMPLATE})`;
  try {
    const [known] = await client<
      { whole: boolean }[]
    >`select datistemplate as whole from pg_database where datname = ${template}`;
    if (known?.whole) return template;
    await client.unsafe(`drop database if exists ${template} with (force)`);
    await client.unsafe(`create database ${template}`);
    const migrated = await migrate();
    if (!migrated.ok) throw new Error(migrated.refusal.code);
    await client.unsafe(`alter database ${template} with is_template true`);
    return template;
  } finally {
    await client`select pg_advisory_unlock(${MAKING_TEMPLATE})`;
  }
}

/** What killed test runs left behind, and templates of schemas that are no more. */
async function dropLeftovers(client: postgres.Sql): Promise<void> {
  const left = await client<{ name: string; whole: boolean }[]>`
    select datname as name, datistemplate as whole from pg_database
    where starts_with(datname, 'test_') or (starts_with(datname, 'baton_') and datname <> ${templateName()})`;
  for (const { name, whole } of left) {
    if (whole) await client.unsafe(`alter database ${name} with is_template false`);
    await client.unsafe(`drop database if exists ${name} with (force)`);
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const connection = await reachServer();
  const client = clientTo(connection);
  try {
    return await prepare(project, connection, client);
  } catch (error) {
    await client.end({ timeout: 1 });
    throw error;
  }
}

async function prepare(
  project: TestProject,
  connection: Connection,
  client: postgres.Sql,
): Promise<() => Promise<void>> {
  const [alone] = await client<{ alone: boolean }[]>`select pg_try_advisory_lock(${TESTING}) as alone`;
  if (alone?.alone) await dropLeftovers(client);
  await client`select pg_advisory_lock_shared(${TESTING})`;
  if (alone?.alone) await client`select pg_advisory_unlock(${TESTING})`;
  project.provide("template", await makeTemplate(client, connection));
  project.provide("serverUrl", urlOf(connection, "postgres"));
  return async () => {
    await client`select pg_advisory_unlock_shared(${TESTING})`;
    const [last] = await client<{ last: boolean }[]>`select pg_try_advisory_lock(${TESTING}) as last`;
    await client.end({ timeout: 1 });
    if (last?.last && !process.env.TEST_SERVER_URL) await stopServer(join(DATA_DIR, "postgres"));
  };
}
