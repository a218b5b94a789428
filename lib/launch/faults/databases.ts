import { connect, databaseOn } from "../../../db/client";
import { verifySecurityChain } from "../../audit/verify";
import { verifyHistory } from "../../runs/verify-history";
import { brokenInvariants } from "../invariants";

export type Client = ReturnType<typeof connect>;

const OURS = "baton faults";

/** The server that the fault runs may do what they like with; its address is DATABASE_URL's, whatever database that names. */
export type Databases = {
  /** Makes it, like that other one and where that tablespace is; throws away one of that name. */
  readonly make: (name: string, template?: string, tablespace?: string) => Promise<void>;
  readonly makeTablespace: (name: string, path: string) => Promise<void>;
  readonly dropTablespace: (name: string) => Promise<void>;
  readonly drop: (name: string) => Promise<void>;
  /**
   * Until nobody but us is connected, or nobody from one of these ports: what a process that was killed or cut off had sent is done then, or undone.
   */
  readonly untilLeft: (name: string, ports?: readonly number[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

const LEFT_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 5;

export function openDatabases(): Databases {
  const client = connect(4, { database: "postgres", connection: { application_name: OURS } });
  const drop = async (name: string) => {
    await client.unsafe(`drop database if exists ${name} with (force)`);
  };
  return {
    drop,
    async make(name, template, tablespace) {
      await drop(name);
      const like = template ? ` template ${template}` : "";
      await client.unsafe(`create database ${name}${like}${tablespace ? ` tablespace ${tablespace}` : ""}`);
    },
    async makeTablespace(name, path) {
      await client.unsafe(`create tablespace ${name} location '${path}'`);
    },
    async dropTablespace(name) {
      await client.unsafe(`drop tablespace if exists ${name}`);
    },
    async untilLeft(name, ports) {
      for (let waited = 0; waited < LEFT_WITHIN_MS; waited += LOOK_EVERY_MS) {
        const rows = await client<{ port: number }[]>`
          select client_port as port from pg_stat_activity where datname = ${name} and application_name <> ${OURS}`;
        if (!rows.some(({ port }) => ports?.includes(port) ?? true)) return;
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
      throw new Error(`somebody is still connected to ${name}`);
    },
    close: () => client.end({ timeout: 1 }),
  };
}

/** A connection of ours to one database, which does not count as somebody being connected. */
export const lookInto = (name: string): Client =>
  connect(1, { database: name, max_lifetime: null, connection: { application_name: OURS, statement_timeout: 60_000 } });

/** A table of ours and the columns of its key, each as a statement may name it. */
type Table = { readonly name: string; readonly key: readonly string[] };

/** @throws when one has no key: what was written to it could not be undone. */
export async function tablesOf(client: Client): Promise<readonly Table[]> {
  const tables = await client<Table[]>`
    select quote_ident(relname) as name, coalesce(json_agg(quote_ident(attname) order by attnum) filter (where attname is not null), '[]') as key
    from pg_class left join pg_index on indrelid = pg_class.oid and indisprimary
      left join pg_attribute on attrelid = indrelid and attnum = any(indkey::smallint[])
    where relnamespace = 'public'::regnamespace and relkind = 'r' group by relname order by relname`;
  const keyless = tables.find(({ key }) => key.length === 0);
  if (keyless) throw new Error(`the table ${keyless.name} has no primary key`);
  return tables;
}

/** What the `xmin` of a row that is written from now on is at least: which rows were written since is read off them. */
export async function sinceNow(client: Client): Promise<string> {
  const [now] = await client<{ since: string }[]>`select pg_snapshot_xmax(pg_current_snapshot())::text as since`;
  return now?.since ?? "0";
}

export const WRITTEN_SINCE = "xmin::text::bigint >= ";

/**
 * Remembers every row under a name, and gives the statements that bring the database back to this moment: a fraction of the time that making it anew
 * takes. What was written since is thrown away, and what is missing then is as it was; rows that nobody touched are left alone.
 */
export async function remember(client: Client, moment: string): Promise<string> {
  const tables = await tablesOf(client);
  const keep = tables.map(({ name }) => {
    const kept = `${moment}.${name}`;
    return `create unlogged table if not exists ${kept} (like public.${name}); delete from ${kept}; insert into ${kept} select * from public.${name};`;
  });
  await client.unsafe(`create schema if not exists ${moment}; ${keep.join("\n")}`);
  const since = await sinceNow(client);
  const back = tables.map(({ name, key }) => {
    const isThere = key.map((column) => `p.${column} = m.${column}`).join(" and ");
    return `delete from public.${name} where ${WRITTEN_SINCE}${since};
      insert into public.${name} select * from ${moment}.${name} m where not exists (select from public.${name} p where ${isThere});`;
  });
  await client.unsafe(`create or replace function ${moment}.put_back() returns void language plpgsql as
    $$ begin ${back.join("\n")} end $$`);
  // As a replica: guards and foreign keys have nothing to say about it.
  return `begin; set local session_replication_role = replica; select ${moment}.put_back(); commit;`;
}

/** What the audit says: every invariant, every chain, and every run as the fold of its history. Nothing is health. */
export async function auditOf(client: Client): Promise<string[]> {
  const broken = await brokenInvariants(client, 3);
  const database = databaseOn(client);
  return [
    ...broken.map(({ name, promise, rows }) => `${name} ${promise}: ${JSON.stringify(rows)}`),
    ...(await verifyHistory(database)),
    ...(await verifySecurityChain(database)),
  ];
}
