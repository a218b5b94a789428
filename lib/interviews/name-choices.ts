import { and, eq, inArray } from "drizzle-orm";
import type { Database } from "../../db/client";
import { user } from "../../db/schema/people";
import { record } from "../../db/schema/records";
import type { ScreenField } from "../flow/definition";
import type { Person } from "../people/current-person";
import { objectNamed } from "../records/queries/object-named";
import { whereVisible } from "../records/queries/where-visible";

/**
 * Which of these ids a lookup field offers this person, with their names: active people, or records of its object that they may read. What
 * is not among them does not exist for that person.
 */
export async function nameChoices(
  db: Database,
  person: Person,
  { field, ids }: { readonly field: Pick<ScreenField, "lookup">; readonly ids: readonly string[] },
): Promise<Record<string, string>> {
  if (ids.length === 0) return {};
  const rows =
    field.lookup === "user" ? await people(db, ids) : await records(db, person, { object: field.lookup ?? "", ids });
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}

const people = (db: Database, ids: readonly string[]) =>
  db
    .select({ id: user.userId, name: user.name })
    .from(user)
    .where(and(inArray(user.userId, [...ids]), eq(user.active, true), eq(user.kind, "person")));

async function records(db: Database, person: Person, sought: { object: string; ids: readonly string[] }) {
  const object = await objectNamed(db, sought.object);
  if (!object) return [];
  return db
    .select({ id: record.recordId, name: record.name })
    .from(record)
    .where(
      and(eq(record.objectName, object.name), inArray(record.recordId, [...sought.ids]), whereVisible(object, person)),
    );
}
