import type { Database } from "../../../db/client";
import type { Value } from "../../logic/value";
import type { Person } from "../../people/current-person";
import { nameTargets } from "../../records/queries/name-targets";
import { objectNamed } from "../../records/queries/object-named";
import { readRecord } from "../../records/queries/read-record";
import { rightsOn } from "../../records/queries/where-visible";
import { formatValue } from "../../records/schema/format-value";
import type { FieldShape } from "../../records/schema/object";

const MAX_FACTS = 12;
const MAX_CHARACTERS = 500;

type Fact = { readonly label: string; readonly value: string };

/** What a record says, for whoever works on an item about it: its first twelve fields that have a value, if the person may read it. */
export async function recordFacts(db: Database, person: Person, recordId: string | null): Promise<Fact[]> {
  const row = recordId === null ? null : await readRecord(db, recordId);
  const object = row && (await objectNamed(db, row.objectName));
  if (!row || !object || !(await rightsOn(db, person, { ...row, othersMay: object.othersMay })).read) return [];
  const names = await nameTargets(db, person, { object, rows: [row] });
  const filled = object.fields.filter(({ name }) => ![null, undefined, ""].includes(row.data[name] as string));
  return filled.slice(0, MAX_FACTS).map((field) => ({
    label: field.label,
    value: shown(field, row.data[field.name] ?? null, names).slice(0, MAX_CHARACTERS),
  }));
}

function shown(field: FieldShape, value: Value, names: Readonly<Record<string, string>>): string {
  if (field.type === "checkbox") return value === true ? "Yes" : "No";
  if (field.type === "user" || field.type === "lookup") return names[String(value)] ?? "Not yours to see";
  return formatValue(value, field) ?? "";
}
