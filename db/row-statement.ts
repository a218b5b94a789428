import { getTableColumns } from "drizzle-orm";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";
import { arrayText } from "./array-types";

type Row = { readonly [field: string]: unknown };

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

/** What is asked of a table's definition again and again. */
type Facts = { readonly name: string; readonly keyFields: readonly string[]; readonly pointsElsewhere: boolean };
const facts = new Map<PgTable, Facts>();

export function factsOf(table: PgTable): Facts {
  const known = facts.get(table);
  if (known) return known;
  const { name, foreignKeys } = getTableConfig(table);
  const keys = keysOf(table);
  const keyFields = Object.entries(getTableColumns(table)).flatMap(([field, column]) =>
    keys.has(quoted(column.name)) ? [field] : [],
  );
  const found = { name: quoted(name), keyFields, pointsElsewhere: foreignKeys.length > 0 };
  facts.set(table, found);
  return found;
}

/** What a part's piece of the statement is decided by. */
export const shapeOf = ({ how, table, rows: [first = {}], lateral, by = [], only = "" }: Part): string =>
  `${how} ${factsOf(table).name} ${Object.keys(first).join()} ${lateral ? "lateral" : ""} ${by.join()} ${only}`;

/** Tables that others point at are written before those. */
export const parentsFirst = <P extends Part>(parts: readonly P[]): P[] => [
  ...parts.filter(({ table }) => !factsOf(table).pointsElsewhere),
  ...parts.filter(({ table }) => factsOf(table).pointsElsewhere),
];

/** One statement, and what tells how the values of each field travel. */
type Made = {
  readonly text: string;
  readonly fields: readonly (readonly { readonly field: string; readonly isJson: boolean }[])[];
};
const made = new Map<string, Made>();

/**
 * One statement that writes all parts: of each table every field travels as one array, of the database's or (jsonb) as JSON. Foreign keys are
 * checked when the whole of it is done, so the order of tables does not matter; but no row may be written twice by it. A column called version
 * that is not given counts the changes of its row.
 */
export function statementOf(parts: readonly (Part & { readonly shape: string })[]): {
  readonly text: string;
  readonly parameters: string[];
} {
  const key = parts.map(({ shape }) => shape).join("\n");
  const known = made.get(key) ?? make(parts);
  made.set(key, known);
  const parameters = parts.flatMap(({ rows }, at) =>
    (known.fields[at] ?? []).map(({ field, isJson }) =>
      isJson
        ? JSON.stringify(rows.map((row) => (row as Row)[field] ?? null))
        : arrayText(rows.map((row) => (row as Row)[field])),
    ),
  );
  return { text: known.text, parameters };
}

function make(parts: readonly Part[]): Made {
  let parameters = 0;
  const pieces = parts.map((part) => textOfPart(part, () => `$${++parameters}`));
  const all = pieces.map(({ text }) => text);
  const last = all.pop() ?? "";
  const before = all.map((text, index) => `part${index} as (${text})`).join(", ");
  return { text: before ? `with ${before} ${last}` : last, fields: pieces.map(({ given }) => given) };
}

type Field = { readonly field: string; readonly column: string; readonly value: string };
type Given = { readonly field: string; readonly isJson: boolean };

function textOfPart(part: Part, parameter: () => string): { text: string; given: Given[] } {
  const { table, how, beside = {}, derived = {}, lateral } = part;
  const { name } = factsOf(table);
  const columns = getTableColumns(table);
  const given: (Given & { readonly type: string; readonly at: string })[] = [];
  const fields = Object.keys(part.rows[0] ?? {}).flatMap((field): Field[] => {
    const column = columns[field];
    const type = column?.getSQLType() ?? beside[field];
    if (!type) throw new Error(`${name} has no field ${field}`);
    given.push({ field, isJson: type === "jsonb", type, at: parameter() });
    const value = derived[field] ?? `given.${quoted(field)}`;
    return column ? [{ field, column: quoted(column.name), value }] : [];
  });
  const names = given.map((one) => quoted(one.field));
  const from = given.map((one) =>
    one.isJson ? `jsonb_array_elements(${one.at}::text::jsonb)` : `unnest(${one.at}::text::${one.type}[])`,
  );
  const values = given.map((one, at) => (one.isJson ? `nullif(${names[at]}, 'null') as ${names[at]}` : names[at]));
  const read = `(select ${values.join(", ")} from rows from (${from.join(", ")}) as sent (${names.join(", ")})) as given`;
  const pieces = { name, fields, rows: `${read}${lateral ? `, lateral (${lateral}) as beside` : ""}` };
  return { text: how === "update" ? updateOf(part, pieces) : insertOf(part, pieces), given };
}

type Pieces = { readonly name: string; readonly fields: readonly Field[]; readonly rows: string };

function insertOf(part: Part, pieces: Pieces): string {
  const { name, fields, rows } = pieces;
  const into = fields.map(({ column }) => column).join(", ");
  const insert = `insert into ${name} (${into}) select ${fields.map(({ value }) => value).join(", ")} from ${rows}`;
  if (part.how === "upsert") return `${insert} ${conflictOf(part, pieces)}`;
  return part.unlessThere ? `${insert} on conflict do nothing` : insert;
}

/** The columns of the primary key, as SQL writes them. */
function keysOf(table: PgTable): ReadonlySet<string> {
  const { primaryKeys, columns } = getTableConfig(table);
  const together = primaryKeys.flatMap((key) => key.columns);
  return new Set([...together, ...columns.filter(({ primary }) => primary)].map((column) => quoted(column.name)));
}

/** The fields that say which rows a part writes. */
export const keyFieldsOf = ({ table, by }: Part): readonly string[] => by ?? factsOf(table).keyFields;

/** What a part's rows say in these fields; null: not all say them. */
export function idsOf({ rows }: Part, fields: readonly string[]): string[] | null {
  const ids = rows.map((row) => fields.map((field) => (row as Row)[field]));
  return ids.some((id) => id.includes(undefined)) ? null : ids.map((id) => id.join(" "));
}

function updateOf({ table, by, only }: Part, { name, fields, rows }: Pieces): string {
  const keys = by ? null : keysOf(table);
  const isKey = ({ field, column }: Field) => keys?.has(column) ?? by?.includes(field);
  const set = fields.filter((field) => !isKey(field)).map(({ column, value }) => `${column} = ${value}`);
  const ids = fields.filter(isKey);
  const where = ids.map(({ field, column }) => `${name}.${column} = given.${quoted(field)}`);
  // Always so; but the planner takes it to be rare. It would take many rows for granted, and read the whole table rather than look rows up.
  const isFew = ids.slice(0, 1).map(({ field }) => `given.${quoted(field)} || '' = given.${quoted(field)}`);
  const all = [...where, ...isFew, ...(only ? [only] : [])];
  return `update ${name} set ${set.join(", ")} from ${rows} where ${all.join(" and ")}`;
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
