import { eq, inArray } from "drizzle-orm";
import { AUTOMATED_USER_ID, object, record, user } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import type { Value } from "../logic/value";
import type { Person } from "../people/current-person";
import type { Problem } from "../result";
import { rightsOn } from "./queries/where-visible";
import type { FieldShape, ObjectShape } from "./schema/object";

type Target = { readonly field: FieldShape; readonly id: string };

async function unreadable(tx: Tx, who: Person | "system", targets: readonly Target[]): Promise<Target[]> {
  if (targets.length === 0) return [];
  const rows = await tx.db
    .select({
      recordId: record.recordId,
      objectName: record.objectName,
      ownerId: record.ownerId,
      othersMay: object.othersMay,
    })
    .from(record)
    .innerJoin(object, eq(object.objectName, record.objectName))
    .where(
      inArray(
        record.recordId,
        targets.map(({ id }) => id),
      ),
    )
    .limit(targets.length);
  const refused: Target[] = [];
  for (const target of targets) {
    const row = rows.find(
      ({ recordId, objectName }) => recordId === target.id && objectName === target.field.options.object,
    );
    const isReadable = row !== undefined && (who === "system" || (await rightsOn(tx.db, who, row)).read);
    if (!isReadable) refused.push(target);
  }
  return refused;
}

async function unknownPeople(tx: Tx, targets: readonly Target[]): Promise<Target[]> {
  if (targets.length === 0) return [];
  const rows = await tx.db
    .select({ userId: user.userId, active: user.active })
    .from(user)
    .where(
      inArray(
        user.userId,
        targets.map(({ id }) => id),
      ),
    );
  return targets.filter(({ id }) => !rows.some(({ userId, active }) => userId === id && active));
}

/**
 * Whether the lookups that a save sets lead somewhere: a record of the right object that the saver may read, or an active person. One
 * sentence for "does not exist" and "is not yours to see". At most one query for each record named, and never more than the fields.
 */
export async function checkTargets(
  tx: Tx,
  who: Person | "system",
  change: { object: ObjectShape; values: { readonly [field: string]: Value } },
): Promise<Problem[]> {
  const targets = change.object.fields.flatMap((field): Target[] => {
    const id = Object.hasOwn(change.values, field.name) ? change.values[field.name] : null;
    return typeof id === "string" && (field.type === "lookup" || field.type === "user") ? [{ field, id }] : [];
  });
  const [records, people] = [
    await unreadable(
      tx,
      who,
      targets.filter(({ field }) => field.type === "lookup"),
    ),
    await unknownPeople(
      tx,
      targets.filter(({ field }) => field.type === "user"),
    ),
  ];
  return [
    ...records.map(({ field }) => ({
      path: field.name,
      message: `${field.label} must be a record that exists and that you may see.`,
    })),
    ...people.map(({ field }) => ({ path: field.name, message: `${field.label} must be an active person.` })),
  ];
}

/** Whether somebody may own a record: an active person, or Baton's automated process user. */
export async function mayOwn(tx: Tx, userId: string): Promise<boolean> {
  if (userId === AUTOMATED_USER_ID) return true;
  const [row] = await tx.db.select({ active: user.active }).from(user).where(eq(user.userId, userId)).limit(1);
  return row?.active ?? false;
}
