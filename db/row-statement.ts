import { getTableColumns } from "drizzle-orm";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";

/** Rows of one table, all with the same fields. */
export type Part = {
  readonly table: PgTable;
  /** `insert`: all are new; `upsert`: new or changed, by the primary key; `update`: rows that are there, and get the fields that are given. */
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

/** What a part's piece of the statement is decided by, but for how many rows there are. */
export const shapeOf = ({ how, table, rows: [first = {}], lateral, by = [], only = "" }: Part): string =>
  `${how} ${nameOfTable(table)} ${Object.keys(first).join()} ${lateral ? "lateral" : ""} ${by.join()} ${only}`;

/** Of several rows to be updated the planner is told how many at most, in steps so that texts are few; null: it is one. */
const roomFor = ({ how, rows: { length } }: Part): number | null =>
  how === "update" && length > 1 ? 16 ** Math.ceil(Math.log(length) / Math.log(16)) : null;

/** Tables that others point at are written before those. */
export const parentsFirst = (parts: readonly Part[]): Part[] => [
  ...parts.filter(({ table }) => getTableConfig(table).foreignKeys.length === 0),
  ...parts.filter(({ table }) => getTableConfig(table).foreignKeys.length > 0),
];

/**
 * One statement that writes all parts: each table's rows travel as one JSON text. Foreign keys are checked when the whole of it is done, so
 * the order of tables does not matter; but no row may be written twice by it. A column called version that is not given counts the
 * changes of its row.
 */
export function statementOf(parts: readonly Part[]): { readonly text: string; readonly parameters: string[] } {
  const rooms = parts.map(roomFor);
  const key = parts.map((part, at) => `${shapeOf(part)} ${rooms[at]}`).join("\n");
  const text = texts.get(key) ?? textOf(parts);
  texts.set(key, text);
  const parameters = parts.map(({ how, rows }, at) =>
    JSON.stringify(how === "update" && rooms[at] === null ? rows[0] : rows),
  );
  return { text, parameters };
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
  const rows = `${rowsOf(part, parameter, given.join(", "))}${lateral ? `, lateral (${lateral}) as beside` : ""}`;
  if (how === "update") return updateOf(part, { name, fields, rows });
  const into = fields.map(({ column }) => column).join(", ");
  const insert = `insert into ${name} (${into}) select ${fields.map(({ value }) => value).join(", ")} from ${rows}`;
  if (how === "upsert") return `${insert} ${conflictOf(part, { name, fields, rows })}`;
  return part.unlessThere ? `${insert} on conflict do nothing` : insert;
}

/** Of one record the planner knows that it is one, and looks the row up; of several it would take a hundred for granted, and read the table. */
function rowsOf(part: Part, parameter: string, given: string): string {
  const room = roomFor(part);
  if (part.how !== "update") return `jsonb_to_recordset(${parameter}::text::jsonb) as given (${given})`;
  if (room === null) return `jsonb_to_record(${parameter}::text::jsonb) as given (${given})`;
  return `(select * from jsonb_to_recordset(${parameter}::text::jsonb) as given (${given}) limit ${room}) as given`;
}

type Pieces = { readonly name: string; readonly fields: readonly Field[]; readonly rows: string };

/** The columns of the primary key, as SQL writes them. */
function keysOf(table: PgTable): ReadonlySet<string> {
  const { primaryKeys, columns } = getTableConfig(table);
  const together = primaryKeys.flatMap((key) => key.columns);
  return new Set([...together, ...columns.filter(({ primary }) => primary)].map((column) => quoted(column.name)));
}

const keyFields = new WeakMap<PgTable, readonly string[]>();

/** The fields that say which rows a part writes. */
export function keyFieldsOf({ table, by }: Part): readonly string[] {
  if (by) return by;
  const known = keyFields.get(table);
  if (known) return known;
  const keys = keysOf(table);
  const fields = Object.entries(getTableColumns(table)).flatMap(([field, { name }]) =>
    keys.has(quoted(name)) ? [field] : [],
  );
  keyFields.set(table, fields);
  return fields;
}

/** What a part's rows say in these fields; null: not all say them. */
export function idsOf({ rows }: Part, fields: readonly string[]): string[] | null {
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
