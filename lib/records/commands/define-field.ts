import { and, eq, sql } from "drizzle-orm";
import { field, object, record } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { canonicalJson } from "../../logic/canonical";
import type { Person } from "../../people/current-person";
import { mayNow } from "../../people/may-now";
import { ok, type Problem, type Result, refuse } from "../../result";
import { objectNamed } from "../queries/object-named";
import {
  changeableOf,
  type FieldChange,
  type FieldOptions,
  type FieldShape,
  type FieldType,
  MAX_FIELDS,
  type NewField,
  type ObjectShape,
} from "../schema/object";
import { validateValues } from "../validate-values";

/** The options that mean something for the type; others are dropped, so that a form may send what it still holds. */
function optionsOf(type: FieldType, { values, object: target, decimals, currency }: FieldOptions): FieldOptions {
  if (type === "picklist") return { values: values ?? [] };
  if (type === "lookup") return { object: target };
  if (type === "number") return { decimals: decimals ?? 0 };
  if (type === "currency") return { decimals: decimals ?? 2, currency: currency ?? "EUR" };
  return {};
}

async function problemsOf(tx: Tx, on: ObjectShape, draft: FieldShape): Promise<Problem[]> {
  const { type, options, defaultValue } = draft;
  const problems: Problem[] = [];
  const values = options.values?.map(({ value }) => value) ?? [];
  if (type === "picklist" && values.length === 0)
    problems.push({ path: "options.values", message: "needs at least one value" });
  if (new Set(values).size < values.length)
    problems.push({ path: "options.values", message: "has the same value twice" });
  if (type === "lookup" && !(options.object && (await objectNamed(tx.db, options.object)))) {
    problems.push({ path: "options.object", message: "must be an object that exists" });
  }
  if (defaultValue !== null && (type === "lookup" || type === "user"))
    problems.push({ path: "defaultValue", message: "is not possible for a lookup" });
  const checked = validateValues(
    { ...on, fields: [{ ...draft, required: false }] },
    { [draft.name]: defaultValue },
    true,
  );
  return [...problems, ...checked.problems.map(({ message }) => ({ path: "defaultValue", message }))];
}

/** Locks the object, so that two admins do not count or order its fields at once. */
async function lockObject(tx: Tx, person: Person, name: string): Promise<ObjectShape | null> {
  if (!(await mayNow(tx, person, ["object.manage"]))) return null;
  await tx.db.select({ name: object.objectName }).from(object).where(eq(object.objectName, name)).for("update");
  return objectNamed(tx.db, name);
}

/** Adds a field at the end. Its API name and type are for ever. Records that exist have no value in it. Refusals: `not-found`, `field-exists`, `too-many-fields`, `invalid`. */
export async function addField(
  tx: Tx,
  person: Person,
  { object: on, ...given }: NewField & { object: string },
): Promise<Result<{ name: string }>> {
  const shape = await lockObject(tx, person, on);
  if (!shape) return refuse("not-found");
  if (shape.fields.length >= MAX_FIELDS) return refuse("too-many-fields", { details: { limit: MAX_FIELDS } });
  if (shape.fields.some(({ name }) => name.toLowerCase() === given.name.toLowerCase())) {
    return refuse("field-exists", {
      details: { name: given.name },
      problems: [{ path: "name", message: "is taken already" }],
    });
  }
  const position = Math.max(0, ...shape.fields.map((one) => one.position)) + 1;
  const draft: FieldShape = { ...given, options: optionsOf(given.type, given.options), position };
  const problems = await problemsOf(tx, shape, draft);
  if (problems.length > 0) return refuse("invalid", { problems });
  const { name, ...rest } = draft;
  await tx.db.insert(field).values({ ...rest, objectName: on, fieldName: name });
  // A save under way while an earlier field of that name was deleted may have left its value.
  await tx.db
    .update(record)
    .set({ data: sql`${record.data} - ${name}::text` })
    .where(and(eq(record.objectName, on), sql`${record.data} ? ${name}`));
  await tx.db.execute(sql`select ensure_field_index(${on}::text, ${name}::text, ${given.type}::text)`);
  await recordSecurityEvent(tx, {
    action: "object.add-field",
    actorId: person.userId,
    objectId: `${on}.${name}`,
    allowed: true,
    details: { type: given.type },
  });
  return ok({ name });
}

/**
 * Changes everything about a field but name, type and a lookup's object. Values that records hold already stay as they are, even those
 * no longer in a picklist; they are checked when somebody changes them. Refusals: `not-found`, `changed-meanwhile`, `invalid`.
 */
export async function changeField(
  tx: Tx,
  person: Person,
  { object: on, was, ...given }: FieldChange & { object: string },
): Promise<Result<{ name: string }>> {
  const shape = await lockObject(tx, person, on);
  const before = shape?.fields.find(({ name }) => name === given.name);
  if (!shape || !before) return refuse("not-found");
  if (canonicalJson(changeableOf(before)) !== canonicalJson(was))
    return refuse("changed-meanwhile", { details: { name: before.label } });
  const options = optionsOf(before.type, { ...given.options, object: before.options.object });
  const draft: FieldShape = { ...before, ...given, options };
  const problems = await problemsOf(tx, shape, draft);
  if (problems.length > 0) return refuse("invalid", { problems });
  const { label, required, defaultValue, help } = given;
  await tx.db
    .update(field)
    .set({ label, required, defaultValue, help, options })
    .where(and(eq(field.objectName, on), eq(field.fieldName, given.name)));
  return ok({ name: given.name });
}

/** Puts the fields into the order given; those it does not name follow as they were. Refusal: `not-found`. */
export async function orderFields(
  tx: Tx,
  person: Person,
  { object: on, names }: { object: string; names: readonly string[] },
): Promise<Result<null>> {
  const shape = await lockObject(tx, person, on);
  if (!shape) return refuse("not-found");
  const known = shape.fields.map(({ name }) => name);
  const ordered = [...new Set([...names.filter((name) => known.includes(name)), ...known])];
  for (const [at, name] of ordered.entries()) {
    await tx.db
      .update(field)
      .set({ position: at + 1 })
      .where(and(eq(field.objectName, on), eq(field.fieldName, name)));
  }
  return ok(null);
}
