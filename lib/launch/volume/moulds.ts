import type { connect } from "../../../db/client";
import type { Models } from "./models";

export type Client = ReturnType<typeof connect>;

/** What stands in a mould where each cast has something of its own, and where `volume.cast` says what. */
export const MARKS = {
  token: "<token of the run>",
  asker: "<asker>",
  approver: "<approver>",
} as const;

/** A table that casts are made of: the value of each of its columns in SQL, over the mould `m` and the cast `c`. */
export type Mould = { readonly table: string; readonly columns: readonly string[]; readonly values: readonly string[] };

const ID = "[a-z]{2,3}_[0-9a-hjkmnp-tv-z]{26}";
/** Of a command, behind the beginning of its key (`lib/command.ts`). */
const KEYED = "cmd_k[0-9a-hjkmnp-tv-z]{10}[0-9a-f]{30}";

/**
 * Moulds of the model runs in the schema `volume`: the rows of each table that has a run's, with marks in place of every id of the run's own (in
 * texts and in JSON alike) and of the two people.
 */
export async function makeMoulds(client: Client, { runs, asker, approver }: Models): Promise<Mould[]> {
  const models = Object.entries(runs).map(([model, runId]) => ({ model, run_id: runId }));
  await client.unsafe("drop schema if exists volume cascade; create schema volume");
  await client`
    create table volume.model as select model, run_id, record_id, started_at
    from jsonb_to_recordset(${client.json(models)}) as given (model text, run_id text) join run using (run_id)`;
  await client.unsafe(MAKE_ALIASES);
  const tables = await tablesOfRuns(client);
  for (const table of tables) await client`select volume.find_ids(${table})`;
  await client.unsafe(nameIds(asker, approver));
  return Promise.all(tables.map((table) => makeMould(client, table)));
}

/** Every table with rows of a run, and the records that runs are about. */
async function tablesOfRuns(client: Client): Promise<string[]> {
  const rows = await client<{ name: string }[]>`
    select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.column_name = 'run_id' order by 1`;
  return ["record", ...rows.map(({ name }) => name)];
}

const rowsOf = (table: string): string =>
  `from public.${table} t join volume.model m on ${table === "record" ? "m.record_id = t.record_id" : "m.run_id = t.run_id"}`;

const MAKE_ALIASES = `
  create table volume.found (model text, id text, primary key (model, id));
  create table volume.alias (model text, id text, mark text);
  create function volume.find_ids(named text) returns void language plpgsql as $$ begin
    execute format('insert into volume.found select distinct m.model, (regexp_matches(to_jsonb(t)::text, ''${KEYED}|${ID}'', ''g''))[1]
      from public.%I t join volume.model m on %s on conflict do nothing', named,
      case named when 'record' then 'm.record_id = t.record_id' else 'm.run_id = t.run_id' end);
  end $$;
  create function volume.marked(of_model text, given text) returns text language plpgsql as $$ declare a record; begin
    for a in select id, mark from volume.alias where model = of_model loop given := replace(given, a.id, a.mark); end loop;
    return given;
  end $$;`;

/** Ids of a run get the run's token, which begins with its instant, and a number in it. */
const nameIds = (asker: string, approver: string): string => `
  insert into volume.alias
  select model, id, case
    when id = '${asker}' then '${MARKS.asker}'
    when id = '${approver}' then '${MARKS.approver}'
    when id like 'cmd\\_k%' then 'cmd_k${MARKS.token}' || lpad(to_hex(number), 22, '0')
    else split_part(id, '_', 1) || '_${MARKS.token}' || lpad(to_hex(number), 8, '0') end
  from (select model, id, row_number() over (partition by model order by substr(id, strpos(id, '_'))) as number from volume.found) numbered
  where id in ('${asker}', '${approver}') or not exists (select 1 from "user" where user_id = id)`;

type Column = { readonly name: string; readonly type: string };

async function makeMould(client: Client, table: string): Promise<Mould> {
  const columns = await client<Column[]>`
    select column_name as name, data_type as type from information_schema.columns
    where table_schema = 'public' and table_name = ${table} order by ordinal_position`;
  const kept = columns.map(({ name, type }) =>
    isText(type) ? `volume.marked(m.model, t."${name}"::text) as "${name}"` : `t."${name}"`,
  );
  await client.unsafe(`create table volume.${table} as select m.model, m.started_at as model_at, ${kept.join(", ")} ${rowsOf(table)};
    analyze volume.${table}`);
  const marked = await Promise.all(columns.map((column) => marksIn(client, table, column)));
  return {
    table,
    columns: columns.map(({ name }) => `"${name}"`),
    values: columns.map((column, at) => filledIn(column, marked[at] ?? [])),
  };
}

const isText = (type: string): boolean => type === "text" || type === "jsonb";

type MarkName = keyof typeof MARKS;
const MARK_NAMES: readonly MarkName[] = ["token", "asker", "approver"];

/** Which marks some row of the column has; the others need not be looked for a million times. */
async function marksIn(client: Client, table: string, { name, type }: Column): Promise<MarkName[]> {
  if (!isText(type)) return [];
  const asked = MARK_NAMES.map(
    (mark) => `coalesce(bool_or(strpos("${name}", '${MARKS[mark]}') > 0), false) as ${mark}`,
  );
  const [has] = await client.unsafe<Record<MarkName, boolean>[]>(`select ${asked.join(", ")} from volume.${table}`);
  return MARK_NAMES.filter((mark) => has?.[mark]);
}

function filledIn({ name, type }: Column, marks: readonly MarkName[]): string {
  const own = `m."${name}"`;
  if (type === "timestamp with time zone") return `${own} + (c.started_at - m.model_at)`;
  const filled = marks.reduce((text, mark) => `replace(${text}, '${MARKS[mark]}', c.${mark})`, own);
  return type === "jsonb" ? `${filled}::jsonb` : filled;
}
