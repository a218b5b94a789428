import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import { ok, type Result, refuse } from "../lib/result";
import { connect, databaseOn } from "./client";

/** Nothing newer than this is used in SQL. */
const OLDEST_POSTGRES = 15;
/** Any fixed number: whoever migrates a Baton database holds this advisory lock, so that two starts wait for one another. */
const MIGRATION_LOCK = 8_246_011;

const file = (name: string): Promise<string> => readFile(join(process.cwd(), "db", name), "utf8");

/** Whether a server of that `server_version_num` is too old, e.g. 140012; `version` is what it calls itself. */
export function checkServerVersion(versionNumber: number, version: string): Result<null> {
  if (versionNumber >= OLDEST_POSTGRES * 10_000) return ok(null);
  return refuse("database-too-old", { details: { found: version, oldest: OLDEST_POSTGRES } });
}

/**
 * Brings the database of `DATABASE_URL` to this version's shape: migrations, then the triggers of `guards.sql`, then the views of
 * `contract.sql` when that file is another than last time, then the roles of `roles.sql` where this user may make some. Safe to call from
 * many processes at once, and again. Refusal: `database-too-old`. To be called from the root of the repository, where `db/` is.
 */
export async function migrate(): Promise<Result<null>> {
  const client = connect(1, {
    max_lifetime: null,
    connection: { application_name: "baton migrate", statement_timeout: 0, lock_timeout: 60_000 },
    // The driver would go on, outside of transaction and lock, on a new connection: after the first loss nothing more may be sent.
    onclose: () => void client.end({ timeout: 0 }),
  });
  try {
    const [server] = await client<{ number: number; version: string }[]>`
      select current_setting('server_version_num')::int as number, current_setting('server_version') as version`;
    const checked = checkServerVersion(server?.number ?? 0, server?.version ?? "unknown");
    if (!checked.ok) return checked;
    await client`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await applyMigrations(databaseOn(client), { migrationsFolder: join(process.cwd(), "db", "migrations") });
    await client.unsafe(await file("guards.sql"));
    const contract = await file("contract.sql");
    const digest = createHash("sha256").update(contract).digest("hex");
    const [known] = await client<
      { value: string }[]
    >`select value #>> '{}' as value from setting where name = 'contract'`;
    if (known?.value !== digest) await client.unsafe(contractStatements(contract, digest));
    const [user] = await client<
      { mayMakeRoles: boolean }[]
    >`select rolsuper or rolcreaterole as "mayMakeRoles" from pg_roles where rolname = current_user`;
    if (user?.mayMakeRoles) await client.unsafe(await file("roles.sql"));
    return ok(null);
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** Sent as one message, and so one transaction: the views and the note of which file they were made from. */
const contractStatements = (contract: string, digest: string): string =>
  `${contract};
   insert into setting (name, value) values ('contract', '"${digest}"')
   on conflict (name) do update set value = excluded.value;`;
