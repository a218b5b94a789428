import { getTableColumns } from "drizzle-orm";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";
import { later, type Tx } from "../../db/transaction";

/** Rows of one table, all with the same fields. */
export type Part = {
  readonly table: PgTable;
  /** `insert`: all are new; `upsert`: new or changed, by the primary key; `update`: all are there, and get the fields that are given. */
  readonly how: "insert" | "upsert" | "update";
  readonly rows: readonly object[];
  /** Fields that an existing row does not lose. */
  readonly keep?: readonly string[];
  /** Fields that the database fills in: SQL over the given row `given`. */
  readonly derived?: Readonly<Record<string, string>>;
};

const texts = new Map<string, string>();
const quoted = (name: string): string => `"${name}"`;

/**
 * Writes rows of several tables in one statement, sent and not awaited. Each table's rows travel as one JSON text. A column called version
 * that is not given counts the changes of its row.
 */
export function writeRows(tx: Tx, parts: readonly Part[]): void {
  const wanted = parts.filter(({ rows }) => rows.length > 0);
  if (wanted.length === 0) return;
  const key = wanted.map(keyOf).join("\n");
  const text = texts.get(key) ?? statementOf(wanted);
  texts.set(key, text);
  const given = wanted.map(({ rows }) => JSON.stringify(rows));
  later(tx, tx.sql.unsafe(text, given, { prepare: true }));
}

const fieldsOf = ({ rows: [first = {}] }: Part): string[] => Object.keys(first);
const keyOf = (part: Part): string => `${part.how} ${getTableName(part.table)} ${fieldsOf(part).join()}`;
const names = new WeakMap<PgTable, string>();

function getTableName(table: PgTable): string {
  const name = names.get(table) ?? getTableConfig(table).name;
  names.set(table, name);
  return name;
}

/** One `with` of all parts. Foreign keys are checked when the whole statement is done, so their order does not matter. */
function statementOf(parts: readonly Part[]): string {
  const texts = parts.map((part, index) => textOf(part, `$${index + 1}`));
  const last = texts.pop() ?? "";
  return texts.length === 0
    ? last
    : `with ${texts.map((text, index) => `part${index} as (${text})`).join(", ")} ${last}`;
}

function textOf(part: Part, parameter: string): string {
  const { table, how, derived = {} } = part;
  const name = quoted(getTableName(table));
  const columns = getTableColumns(table);
  const fields = fieldsOf(part).map((field) => {
    const column = columns[field];
    if (!column) throw new Error(`${name} has no field ${field}`);
    return { field, column: quoted(column.name), type: column.getSQLType() };
  });
  const given = fields.map(({ field, type }) => `${quoted(field)} ${type}`).join(", ");
  const source = `jsonb_to_recordset(${parameter}::text::jsonb) as given (${given})`;
  const value = (field: string) => derived[field] ?? `given.${quoted(field)}`;
  const primary = getTableConfig(table).primaryKeys.flatMap(({ columns: key }) => key.map((column) => column.name));
  const own = Object.values(columns).filter(({ primary: isPrimary }) => isPrimary);
  const keys = new Set([...primary, ...own.map((column) => column.name)].map(quoted));
  if (how === "update") {
    const set = fields.filter(({ column }) => !keys.has(column));
    return `update ${name} set ${set.map(({ field, column }) => `${column} = ${value(field)}`).join(", ")} from ${source}
      where ${fields.flatMap(({ field, column }) => (keys.has(column) ? `${name}.${column} = given.${quoted(field)}` : [])).join(" and ")}`;
  }
  const insert = `insert into ${name} (${fields.map(({ column }) => column).join(", ")}) select ${fields.map(({ field }) => value(field)).join(", ")} from ${source}`;
  return how === "insert" ? insert : `${insert} ${conflictOf(part, { name, fields, keys })}`;
}

type Names = {
  readonly name: string;
  readonly fields: readonly { readonly field: string; readonly column: string }[];
  readonly keys: ReadonlySet<string>;
};

function conflictOf({ table, keep = [] }: Part, { name, fields, keys }: Names): string {
  const set = fields.flatMap(({ field, column }) =>
    keys.has(column) || keep.includes(field) ? [] : `${column} = excluded.${column}`,
  );
  const counts = getTableColumns(table).version && !fields.some(({ field }) => field === "version");
  const all = counts ? [...set, `version = ${name}.version + 1`] : set;
  return `on conflict (${[...keys].join(", ")}) do update set ${all.join(", ")}`;
}
