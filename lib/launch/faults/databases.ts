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

/**
 * Remembers every row under a name, and gives the statements that bring the database back to this moment: a fraction of the time that making it anew
 * takes.
 */
export async function remember(client: Client, moment: string): Promise<string> {
  await client.unsafe(`drop schema if exists ${moment} cascade; create schema ${moment}; do $$ declare named text; begin
    for named in select tablename from pg_tables where schemaname = 'public' loop
      execute format('create unlogged table ${moment}.%I as table public.%I', named, named);
    end loop; end $$`);
  // What was written since is thrown away, and what is missing then is as it was: rows that nobody touched are left alone.
  const [made] = await client<{ statements: string }[]>`
    select string_agg(format('delete from public.%1$I where xmin::text::bigint >= %2$s; insert into public.%1$I select * from %3$I.%1$I m
      where not exists (select from public.%1$I p where (%4$s) = (%5$s));', relname, pg_snapshot_xmax(pg_current_snapshot()), ${moment}::text, p, m), '') as statements
    from pg_class left join pg_index on indrelid = pg_class.oid and indisprimary, lateral (
      select string_agg(format('p.%I', attname), ', ') as p, string_agg(format('m.%I', attname), ', ') as m
      from pg_attribute where attrelid = indrelid and attnum = any(indkey::smallint[])) key
    where relnamespace = 'public'::regnamespace and relkind = 'r'`;
  await client.unsafe(
    `create function ${moment}.put_back() returns void language plpgsql as $$ begin ${made?.statements} end $$`,
  );
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
