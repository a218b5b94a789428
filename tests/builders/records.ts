import { eq } from "drizzle-orm";
import { db } from "../../db/client";
import { user } from "../../db/schema";
import { type Tx, transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";
import type { Value } from "../../lib/logic/value";
import type { Person } from "../../lib/people/current-person";
import { addField } from "../../lib/records/commands/define-field";
import { createObject } from "../../lib/records/commands/define-object";
import { saveRecord } from "../../lib/records/commands/save-record";
import { objectNamed } from "../../lib/records/queries/object-named";
import type { FieldOptions, FieldType, ObjectShape, OthersMay } from "../../lib/records/schema/object";
import type { Refusal, Result } from "../../lib/result";
import { patiently } from "../support/patiently";

/** Objects and records made as people make them: through the commands. */

export type FieldGiven = {
  type: FieldType;
  label?: string;
  required?: boolean;
  defaultValue?: Value;
  options?: FieldOptions;
};

/** Runs a command in a transaction of its own, rolled back when it refuses. */
export async function commanded<T>(work: (tx: Tx) => Promise<Result<T>>): Promise<Result<T>> {
  let refusal: Refusal | null = null;
  try {
    const head = { commandId: newId("command"), actorId: null };
    return await patiently(() =>
      transaction(head, async (tx) => {
        const result = await work(tx);
        if (!result.ok) {
          refusal = result.refusal;
          throw new Error(result.refusal.code);
        }
        return result;
      }),
    );
  } catch (error) {
    if (refusal) return { ok: false, refusal };
    throw error;
  }
}

/** The value of a result that must be good. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}

/** As an admin who was never there before and is there no more afterwards, so that nobody who counts people counts them. */
const asAdmin = <T>(work: (tx: Tx, admin: Person) => Promise<Result<T>>): Promise<Result<T>> =>
  commanded(async (tx) => {
    const row = { userId: newId("user"), username: "builder", name: "Builder", email: "builder@baton.invalid" };
    const admin = { ...row, role: "admin" as const };
    await tx.db.insert(user).values(admin);
    const done = await work(tx, { ...admin, ...ALONE });
    await tx.db.delete(user).where(eq(user.userId, row.userId));
    return done;
  });
const ALONE = { timeZone: null, sessionId: null, scopes: null, groups: [], queues: [], standsFor: [] };

/** An object with its fields, named as given. */
export async function anObject(
  name: string,
  fields: Record<string, FieldGiven>,
  othersMay: OthersMay = "none",
): Promise<ObjectShape> {
  must(
    await asAdmin((tx, admin) =>
      createObject(tx, admin, {
        name,
        label: name,
        pluralLabel: `${name}s`,
        nameLabel: "Name",
        icon: "file",
        othersMay,
      }),
    ),
  );
  for (const [field, given] of Object.entries(fields)) {
    const { type, label = field, required = false, defaultValue = null, options = {} } = given;
    const input = {
      object: name,
      name: field,
      type,
      label,
      required,
      help: "",
      defaultValue: defaultValue as string | null,
    };
    must(await asAdmin((tx, admin) => addField(tx, admin, { ...input, options: options as never })));
  }
  const made = await objectNamed(db(), name);
  if (!made) throw new Error(`no object ${name}`);
  return made;
}

/** A record saved by that person, or by Baton itself; its id. */
export async function aRecord(
  object: string,
  values: { [field: string]: Value } = {},
  who: Person | "system" = "system",
): Promise<string> {
  return must(await commanded((tx) => saveRecord(tx, who, { object, values: { Name: `A ${object}`, ...values } }))).id;
}
