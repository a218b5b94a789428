import { eq } from "drizzle-orm";
import { object } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { canonicalJson } from "../../logic/canonical";
import type { Person } from "../../people/current-person";
import { mayNow } from "../../people/may-now";
import { ok, type Result, refuse } from "../../result";
import { MAX_OBJECTS, type ObjectChange, type ObjectInput } from "../schema/object";

/** Makes an object without fields. Its API name is for ever. Refusals: `not-found`, `object-exists`, `too-many-objects`. */
export async function createObject(
  tx: Tx,
  person: Person,
  { name, ...shape }: ObjectInput,
): Promise<Result<{ name: string }>> {
  if (!(await mayNow(tx, person, ["object.manage"]))) return refuse("not-found");
  if ((await tx.db.$count(object)) >= MAX_OBJECTS)
    return refuse("too-many-objects", { details: { limit: MAX_OBJECTS } });
  const made = await tx.db
    .insert(object)
    .values({ objectName: name, ...shape })
    .onConflictDoNothing()
    .returning({ name: object.objectName });
  if (made.length === 0)
    return refuse("object-exists", { details: { name }, problems: [{ path: "name", message: "is taken already" }] });
  await recordSecurityEvent(tx, {
    action: "object.create",
    actorId: person.userId,
    objectId: name,
    allowed: true,
    details: { othersMay: shape.othersMay },
  });
  return ok({ name });
}

/** Changes labels, icon and what others may do with every record of the object, from now on. Refusals: `not-found`, `changed-meanwhile`. */
export async function changeObject(
  tx: Tx,
  person: Person,
  { name, was, ...shape }: ObjectChange,
): Promise<Result<{ name: string }>> {
  if (!(await mayNow(tx, person, ["object.manage"]))) return refuse("not-found");
  const { label, pluralLabel, nameLabel, icon, othersMay } = object;
  const [before] = await tx.db
    .select({ label, pluralLabel, nameLabel, icon, othersMay })
    .from(object)
    .where(eq(object.objectName, name))
    .for("update");
  if (!before) return refuse("not-found");
  if (canonicalJson(before) !== canonicalJson(was))
    return refuse("changed-meanwhile", { details: { name: before.label } });
  await tx.db.update(object).set(shape).where(eq(object.objectName, name));
  if (before.othersMay !== shape.othersMay) {
    const details = { from: before.othersMay, to: shape.othersMay };
    await recordSecurityEvent(tx, {
      action: "object.others-may",
      actorId: person.userId,
      objectId: name,
      allowed: true,
      details,
    });
  }
  return ok({ name });
}
