import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type { Value } from "../../lib/logic/value";
import type { FieldOptions, FieldType, OthersMay } from "../../lib/records/schema/object";
import { instant } from "./columns";

/** A kind of record that admins define, e.g. Employee. `name` is its API name and never changes. */
export const object = pgTable("object", {
  objectName: text("object_name").primaryKey(),
  label: text("label").notNull(),
  pluralLabel: text("plural_label").notNull(),
  /** What the record's name is called, e.g. "Employee name". */
  nameLabel: text("name_label").notNull().default("Name"),
  /** A Tabler icon's name, from the fixed list of `components/records`. */
  icon: text("icon").notNull().default("file"),
  /** What everybody but the owner may do. */
  othersMay: text("others_may").$type<OthersMay>().notNull().default("none"),
  createdAt: instant("created_at").notNull().defaultNow(),
});

/** A typed field of an object. Values live in `record.data` under `field_name`. Fields are added and relabelled, never retyped. */
export const field = pgTable(
  "field",
  {
    objectName: text("object_name")
      .notNull()
      .references(() => object.objectName),
    fieldName: text("field_name").notNull(),
    label: text("label").notNull(),
    type: text("type").$type<FieldType>().notNull(),
    required: boolean("required").notNull().default(false),
    defaultValue: jsonb("default_value").$type<Value>(),
    help: text("help").notNull().default(""),
    /** picklist: `values`; lookup: `object`; number and currency: `decimals`; currency: `currency` (ISO 4217). */
    options: jsonb("options").$type<FieldOptions>().notNull().default({}),
    position: integer("position").notNull(),
  },
  (t) => [primaryKey({ columns: [t.objectName, t.fieldName] })],
);

/**
 * One record. `data` holds the values of its object's fields by name (dates as ISO texts, a lookup as the other record's id).
 * Written by `lib/records` alone, through people, flows and imports; every change is handed to `lib/runs/react` before COMMIT.
 */
export const record = pgTable(
  "record",
  {
    recordId: text("record_id").primaryKey(),
    objectName: text("object_name")
      .notNull()
      .references(() => object.objectName),
    name: text("name").notNull(),
    ownerId: text("owner_id").notNull(),
    data: jsonb("data").$type<{ [field: string]: Value }>().notNull().default({}),
    /** The words of the name and the texts, lower-cased; what the list's search box looks through (GIN index in guards.sql). */
    searchText: text("search_text").notNull().default(""),
    version: integer("version").notNull().default(1),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedBy: text("updated_by").notNull(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    index("record_by_name").on(t.objectName, sql`lower(${t.name})`, t.recordId),
    index("record_by_created").on(t.objectName, t.createdAt, t.recordId),
    index("record_by_updated").on(t.objectName, t.updatedAt, t.recordId),
    index("record_by_owner").on(t.objectName, t.ownerId, t.recordId),
  ],
);
