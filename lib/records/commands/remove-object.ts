import { and, eq, sql } from "drizzle-orm";
import { field, object, record } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { may } from "../../gate";
import type { Person } from "../../people/current-person";
import { mayNow } from "../../people/may-now";
import { ok, type Result, refuse } from "../../result";
import { objectNamed } from "../queries/object-named";

type Uses = () => Promise<readonly string[]>;
/** Users named in a refusal; the sentence says how many more there are. */
const MAX_NAMED = 3;

const inUse = (label: string, users: readonly string[]) =>
  refuse("in-use", {
    details: { label, users: users.slice(0, MAX_NAMED).join(", "), more: Math.max(0, users.length - MAX_NAMED) },
  });

/**
 * Whether they may, with no record saved meanwhile: the table is taken before any row, as whoever saves a record takes them in that order, and by
 * nobody who could not; whether they still may is asked behind it.
 */
async function mayRemove(tx: Tx, person: Person): Promise<boolean> {
  if (!may(person, "object.manage")) return false;
  await tx.sql`lock table record in access exclusive mode`;
  return mayNow(tx, person, ["object.manage"]);
}

/**
 * Deletes an object that has no records, with its fields. `uses` answers who names it; records know nothing of definitions. Refusals:
 * `not-found`, `has-records`, `in-use`.
 */
export async function removeObject(
  tx: Tx,
  person: Person,
  { name, uses }: { readonly name: string; readonly uses: Uses },
): Promise<Result<null>> {
  if (!(await mayRemove(tx, person))) return refuse("not-found");
  await tx.db.select({ name: object.objectName }).from(object).where(eq(object.objectName, name)).for("update");
  const shape = await objectNamed(tx.db, name);
  if (!shape) return refuse("not-found");
  const count = await tx.db.$count(record, eq(record.objectName, name));
  if (count > 0) return refuse("has-records", { details: { label: shape.label, count } });
  const users = await uses();
  if (users.length > 0) return inUse(shape.label, users);
  for (const { name: fieldName } of shape.fields)
    await tx.db.execute(sql`select drop_field_index(${name}::text, ${fieldName}::text)`);
  await tx.db.delete(field).where(eq(field.objectName, name));
  await tx.db.delete(object).where(eq(object.objectName, name));
  const done = { actorId: person.userId, objectId: name, allowed: true, details: { label: shape.label } };
  await recordSecurityEvent(tx, { action: "object.delete", ...done });
  return ok(null);
}

/** Deletes a field that no record has a value in. Refusals: `not-found`, `has-values`, `in-use`. */
export async function removeField(
  tx: Tx,
  person: Person,
  { object: on, name, uses }: { readonly object: string; readonly name: string; readonly uses: Uses },
): Promise<Result<null>> {
  if (!(await mayRemove(tx, person))) return refuse("not-found");
  await tx.db.select({ name: object.objectName }).from(object).where(eq(object.objectName, on)).for("update");
  const shape = (await objectNamed(tx.db, on))?.fields.find((one) => one.name === name);
  if (!shape) return refuse("not-found");
  const count = await tx.db.$count(record, and(eq(record.objectName, on), sql`${record.data} ->> ${name} is not null`));
  if (count > 0) return refuse("has-values", { details: { label: shape.label, count } });
  const users = await uses();
  if (users.length > 0) return inUse(shape.label, users);
  await tx.db.execute(sql`select drop_field_index(${on}::text, ${name}::text)`);
  await tx.db.delete(field).where(and(eq(field.objectName, on), eq(field.fieldName, name)));
  const done = { actorId: person.userId, objectId: `${on}.${name}`, allowed: true, details: { label: shape.label } };
  await recordSecurityEvent(tx, { action: "object.delete-field", ...done });
  return ok(null);
}
