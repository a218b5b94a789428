import { type SQL, sql } from "drizzle-orm";
import { record } from "../../../db/schema";
import type { FieldType, ObjectShape } from "../schema/object";

/** How values of a column compare: ids, dates and instants as texts of one form each, byte by byte. */
type Kind = "text" | "long_text" | "number" | "boolean" | "date" | "datetime" | "instant" | "id";

/** A field of one object as SQL. Names from outside only choose among the object's own fields; none becomes part of a statement's text. */
export type Column = {
  readonly kind: Kind;
  /** Typed and null where there is no value. */
  readonly value: SQL;
  /** Never null, and the key of an index (`ensure_field_index` of `db/guards.sql`): what lists sort by. Null: not sortable. */
  readonly sort: SQL | null;
};

const KINDS: Record<FieldType, Kind> = {
  text: "text",
  long_text: "long_text",
  number: "number",
  currency: "number",
  checkbox: "boolean",
  date: "date",
  datetime: "datetime",
  email: "text",
  picklist: "id",
  lookup: "id",
  user: "id",
};

const STANDARD: ReadonlyMap<string, Column> = new Map<string, Column>([
  ["Id", { kind: "id", value: sql`${record.recordId}`, sort: sql`${record.recordId}` }],
  ["Name", { kind: "text", value: sql`${record.name}`, sort: sql`lower(${record.name})` }],
  ["Owner", { kind: "id", value: sql`${record.ownerId}`, sort: sql`${record.ownerId}` }],
  ["CreatedBy", { kind: "id", value: sql`${record.createdBy}`, sort: null }],
  ["CreatedAt", { kind: "instant", value: sql`${record.createdAt}`, sort: sql`${record.createdAt}` }],
  ["UpdatedAt", { kind: "instant", value: sql`${record.updatedAt}`, sort: sql`${record.updatedAt}` }],
]);

/** The same expressions as in `ensure_field_index`, or the index is not used. */
function custom(name: string, kind: Kind): Column {
  const raw = sql`(${record.data} ->> ${name}::text)`;
  if (kind === "number")
    return { kind, value: sql`${raw}::numeric`, sort: sql`coalesce(${raw}::numeric, '-Infinity'::numeric)` };
  if (kind === "boolean") return { kind, value: sql`coalesce(${raw}, 'false')::boolean`, sort: null };
  if (kind === "long_text") return { kind, value: raw, sort: null };
  if (kind === "text") return { kind, value: raw, sort: sql`lower(coalesce(${raw}, ''))` };
  return { kind, value: sql`(${raw} collate "C")`, sort: sql`(coalesce(${raw}, '') collate "C")` };
}

/** The column of a standard field or of one of the object's own; null when it has none of that name. */
export function columnOf(object: ObjectShape, name: string): Column | null {
  const standard = STANDARD.get(name);
  if (standard) return standard;
  const field = object.fields.find((one) => one.name === name);
  return field ? custom(field.name, KINDS[field.type]) : null;
}
