import { asc, eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { field, object, type record } from "../../../db/schema";
import { apiName } from "../../logic/schema";
import { type FieldShape, MAX_FIELDS, MAX_OBJECTS, type ObjectLink, type ObjectShape } from "../schema/object";

const shapeOf = (row: typeof object.$inferSelect, fields: readonly FieldShape[]): ObjectShape => ({
  name: row.objectName,
  label: row.label,
  pluralLabel: row.pluralLabel,
  nameLabel: row.nameLabel,
  icon: row.icon,
  othersMay: row.othersMay,
  fields,
});

export const fieldOf = (row: typeof field.$inferSelect): FieldShape => ({
  name: row.fieldName,
  label: row.label,
  type: row.type,
  required: row.required,
  defaultValue: row.defaultValue ?? null,
  help: row.help,
  options: row.options,
  position: row.position,
});

/** The fields of an object in their order, as a value of a question about something of its. */
export const fieldsAsked = (objectName: (typeof record)["objectName"]): SQL<readonly FieldShape[]> => sql`(
  select coalesce(json_agg(json_build_object('name', f.field_name, 'label', f.label, 'type', f.type, 'required', f.required,
    'defaultValue', f.default_value, 'help', f.help, 'options', f.options, 'position', f.position) order by f.position, f.field_name), '[]'::json)
  from field f where f.object_name = ${objectName})`;

/** An object with its fields in their order, by API name; null when there is none. */
export async function objectNamed(db: Database, name: string): Promise<ObjectShape | null> {
  if (!apiName.safeParse(name).success) return null;
  const [rows, fields] = await Promise.all([
    db.select().from(object).where(eq(object.objectName, name)).limit(1),
    db
      .select()
      .from(field)
      .where(eq(field.objectName, name))
      .orderBy(asc(field.position), asc(field.fieldName))
      .limit(MAX_FIELDS),
  ]);
  const [row] = rows;
  return row ? shapeOf(row, fields.map(fieldOf)) : null;
}

/** All objects by label, as places to go to; a value of a question. */
export const linksAsked: SQL<readonly ObjectLink[]> = sql`(
  select coalesce(json_agg(o), '[]'::json) from (
    select object_name as name, plural_label as "pluralLabel", icon from ${object} order by label, object_name limit ${MAX_OBJECTS}) o)`;

/** All objects with their fields, by label. */
export async function listObjects(db: Database): Promise<ObjectShape[]> {
  const [rows, fields] = await Promise.all([
    db.select().from(object).orderBy(asc(object.label), asc(object.objectName)).limit(MAX_OBJECTS),
    db
      .select()
      .from(field)
      .orderBy(asc(field.position), asc(field.fieldName))
      .limit(MAX_OBJECTS * MAX_FIELDS),
  ]);
  return rows.map((row) => shapeOf(row, fields.filter((one) => one.objectName === row.objectName).map(fieldOf)));
}
