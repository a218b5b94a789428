import { getTableColumns } from "drizzle-orm";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";

/** Rows of one table, all with the same fields. */
export type Part = {
  readonly table: PgTable;
  /** `insert`: all are new; `upsert`: new or changed, by the primary key; `update`: one row that is there, and gets the fields that are given. */
  readonly how: "insert" | "upsert" | "update";
  readonly rows: readonly object[];
  /** Upsert: fields that an existing row does not lose. */
  readonly keep?: readonly string[];
  /** Insert: rows that break a unique index are left out. */
  readonly unlessThere?: boolean;
  /** Update: fields that say which rows, instead of the primary key; and what else must hold of them. */
  readonly by?: readonly string[];
  readonly only?: string;
  /** Given fields that are no columns, with their types: for what follows. */
  readonly beside?: Readonly<Record<string, string>>;
  /** Fields that the database fills in: SQL over the row `given`, and over what `lateral` joins to it. */
  readonly derived?: Readonly<Record<string, string>>;
  readonly lateral?: string;
};

const quoted = (name: string): string => `"${name}"`;
const names = new WeakMap<PgTable, string>();

export function nameOfTable(table: PgTable): string {
  const name = names.get(table) ?? quoted(getTableConfig(table).name);
  names.set(table, name);
  return name;
}

const texts = new Map<string, string>();

/** What a part's piece of the statement is decided by. */
export const shapeOf = ({ how, table, rows: [first = {}], lateral }: Part): string =>
  `${how} ${nameOfTable(table)} ${Object.keys(first).join()} ${lateral ? "lateral" : ""}`;

/**
 * One statement that writes all parts: each table's rows travel as one JSON text. Foreign keys are checked when the whole of it is done, so
 * the order of tables does not matter; but no row may be written twice by it. A column called version that is not given counts the
 * changes of its row.
 */
export function statementOf(parts: readonly Part[]): { readonly text: string; readonly parameters: string[] } {
  const key = parts.map(shapeOf).join("\n");
  const text = texts.get(key) ?? textOf(parts);
  texts.set(key, text);
  return { text, parameters: parts.map(({ how, rows }) => JSON.stringify(how === "update" ? rows[0] : rows)) };
}

function textOf(parts: readonly Part[]): string {
  const all = parts.map((part, index) => textOfPart(part, `$${index + 1}`));
  const last = all.pop() ?? "";
  return all.length === 0 ? last : `with ${all.map((text, index) => `part${index} as (${text})`).join(", ")} ${last}`;
}

type Field = { readonly field: string; readonly column: string; readonly value: string };

function textOfPart(part: Part, parameter: string): string {
  const { table, how, beside = {}, derived = {}, lateral } = part;
  const name = nameOfTable(table);
  const columns = getTableColumns(table);
  const given: string[] = [];
  const fields = Object.keys(part.rows[0] ?? {}).flatMap((field): Field[] => {
    const column = columns[field];
    const type = column?.getSQLType() ?? beside[field];
    if (!type) throw new Error(`${name} has no field ${field}`);
    given.push(`${quoted(field)} ${type}`);
    const value = derived[field] ?? `given.${quoted(field)}`;
    return column ? [{ field, column: quoted(column.name), value }] : [];
  });
  // Of one record the planner knows that it is one, and looks the row up; of several it would take a hundred for granted, and read the table.
  const read = how === "update" ? "jsonb_to_record" : "jsonb_to_recordset";
  const rows = `${read}(${parameter}::text::jsonb) as given (${given.join(", ")})${lateral ? `, lateral (${lateral})` : ""}`;
  if (how === "update") return updateOf(part, { name, fields, rows });
  const into = fields.map(({ column }) => column).join(", ");
  const insert = `insert into ${name} (${into}) select ${fields.map(({ value }) => value).join(", ")} from ${rows}`;
  if (how === "upsert") return `${insert} ${conflictOf(part, { name, fields, rows })}`;
  return part.unlessThere ? `${insert} on conflict do nothing` : insert;
}

type Pieces = { readonly name: string; readonly fields: readonly Field[]; readonly rows: string };

/** The columns of the primary key, as SQL writes them. */
function keysOf(table: PgTable): ReadonlySet<string> {
  const { primaryKeys, columns } = getTableConfig(table);
  const together = primaryKeys.flatMap((key) => key.columns);
  return new Set([...together, ...columns.filter(({ primary }) => primary)].map((column) => quoted(column.name)));
}

const keyFields = new WeakMap<PgTable, readonly string[]>();

/** The primary keys of a part's rows; null: they do not say them. */
export function idsOf({ table, rows }: Part): string[] | null {
  const known = keyFields.get(table);
  const fields =
    known ??
    Object.entries(getTableColumns(table)).flatMap(([field, { name }]) =>
      keysOf(table).has(quoted(name)) ? [field] : [],
    );
  if (!known) keyFields.set(table, fields);
  const ids = rows.map((row) => fields.map((field) => (row as { [field: string]: unknown })[field]));
  return ids.some((id) => id.includes(undefined)) ? null : ids.map((id) => id.join(" "));
}

function updateOf({ table, by, only }: Part, { name, fields, rows }: Pieces): string {
  const keys = by ? null : keysOf(table);
  const isKey = ({ field, column }: Field) => keys?.has(column) ?? by?.includes(field);
  const set = fields.filter((field) => !isKey(field)).map(({ column, value }) => `${column} = ${value}`);
  const where = fields.filter(isKey).map(({ field, column }) => `${name}.${column} = given.${quoted(field)}`);
  return `update ${name} set ${set.join(", ")} from ${rows} where ${[...where, ...(only ? [only] : [])].join(" and ")}`;
}

function conflictOf({ table, keep = [] }: Part, { name, fields }: Pieces): string {
  const keys = keysOf(table);
  const set = fields
    .filter(({ field, column }) => !keys.has(column) && !keep.includes(field))
    .map(({ column }) => `${column} = excluded.${column}`);
  const counts = getTableColumns(table).version && !fields.some(({ field }) => field === "version");
  const all = counts ? [...set, `version = ${name}.version + 1`] : set;
  return `on conflict (${[...keys].join(", ")}) do update set ${all.join(", ")}`;
}
