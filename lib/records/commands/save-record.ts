import { and, eq, sql } from "drizzle-orm";
import { announce } from "../../../db/live";
import { AUTOMATED_USER_ID, record } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { may } from "../../gate";
import { isId, newId } from "../../ids";
import { sameValue } from "../../logic/compare";
import type { Value } from "../../logic/value";
import type { Person } from "../../people/current-person";
import { namesOf } from "../../people/queries";
import { refreshPerson } from "../../people/refresh-person";
import { ok, type Problem, type Result, refuse } from "../../result";
import { checkTargets, mayOwn } from "../check-targets";
import { type HeldBy, heldBy, mustWait } from "../held-by";
import { objectNamed } from "../queries/object-named";
import { type RecordRow, recordColumns, recordValues } from "../queries/read-record";
import { rightsOn } from "../queries/where-visible";
import type { ObjectShape } from "../schema/object";
import type { RecordInput } from "../schema/record";
import { splitWords } from "../split-words";
import { validateName, validateValues } from "../validate-values";

type Who = Person | "system";
type Values = { readonly [field: string]: Value };
/** What the save makes of the record. */
type Next = { readonly name: string; readonly ownerId: string; readonly data: Values };
type Rights = { readonly transfer: boolean };

const SEARCHED = new Set(["text", "long_text", "email", "picklist"]);

/** The words by which the record is found: of its name and of what its texts and picklists show. */
function searchTextOf(object: ObjectShape, { name, data }: Next): string {
  const shown = object.fields.flatMap((field) => {
    const value = data[field.name];
    if (!SEARCHED.has(field.type) || typeof value !== "string") return [];
    return [field.options.values?.find((offered) => offered.value === value)?.label ?? value];
  });
  return splitWords([name, ...shown].join(" ")).join(" ");
}

/** Takes `Name` and `Owner` out of the values, where flows put them. */
function separate({ values: { Name, Owner, ...values }, name, ownerId }: RecordInput) {
  return { values, name: name ?? Name, ownerId: ownerId ?? Owner };
}

async function next(
  tx: Tx,
  who: Who,
  change: { object: ObjectShape; before: RecordRow | null; input: RecordInput; rights: Rights },
): Promise<Result<Next>> {
  const { object, before, rights } = change;
  const { values, name, ownerId } = separate(change.input);
  const checked = validateValues(object, values, before === null);
  const problems: Problem[] = [];
  const named = before && name === undefined ? { name: before.name } : validateName(object, name);
  if ("message" in named) problems.push(named);
  const owner = ownerId ?? before?.ownerId ?? (who === "system" ? AUTOMATED_USER_ID : who.userId);
  if (owner !== before?.ownerId) {
    const isSelf = who !== "system" && owner === who.userId;
    if (typeof owner !== "string" || !(isSelf || (await mayOwn(tx, owner))))
      problems.push({ path: "Owner", message: "Owner must be an active person." });
    else if (before && !rights.transfer)
      problems.push({ path: "Owner", message: "Only the owner or an admin may give this record to somebody else." });
  }
  problems.push(...checked.problems);
  const changed = Object.fromEntries(
    Object.entries(checked.values).filter(([field, value]) => !sameValue(value, before?.data[field] ?? null)),
  );
  problems.push(...(await checkTargets(tx, who, { object, values: changed })));
  if (problems.length > 0 || "message" in named || typeof owner !== "string") return refuse("invalid", { problems });
  return ok({ name: named.name, ownerId: owner, data: { ...before?.data, ...checked.values } });
}

const isSame = (before: RecordRow, after: Next): boolean =>
  before.name === after.name && before.ownerId === after.ownerId && sameValue({ ...before.data }, { ...after.data });

async function write(
  tx: Tx,
  who: Who,
  save: { object: ObjectShape; before: RecordRow | null; after: Next },
): Promise<RecordRow> {
  const { object, before, after } = save;
  const by = who === "system" ? AUTOMATED_USER_ID : who.userId;
  const written = {
    ...after,
    data: { ...after.data },
    searchText: searchTextOf(object, after),
    updatedBy: by,
    updatedAt: sql`statement_timestamp()`,
  };
  const [row] = before
    ? await tx.db
        .update(record)
        .set({ ...written, version: before.version + 1 })
        .where(eq(record.recordId, before.recordId))
        .returning(recordColumns)
    : await tx.db
        .insert(record)
        .values({
          ...written,
          recordId: newId("record"),
          objectName: object.name,
          createdBy: by,
          createdAt: sql`statement_timestamp()`,
        })
        .returning(recordColumns);
  if (!row) throw new Error("the record was not written");
  return row;
}

/** The record with its row locked, and who holds it, both read behind the lock. */
async function lock(tx: Tx, object: string, id: string): Promise<{ row: RecordRow; held: HeldBy | null } | null> {
  if (!isId("record", id)) return null;
  const [, [row], held] = await Promise.all([
    tx.sql`select 1 from record where record_id = ${id} and object_name = ${object} for update`,
    tx.db
      .select(recordColumns)
      .from(record)
      .where(and(eq(record.recordId, id), eq(record.objectName, object))),
    heldBy(tx.db, id),
  ]);
  return row ? { row, held } : null;
}

/** What a save rests on, in one flight: the record's lock, who asks as they are now, and the object. */
async function lookAhead(tx: Tx, asker: Who, input: RecordInput) {
  const [locked, who, object] = await Promise.all([
    input.id === undefined ? null : lock(tx, input.object, input.id),
    asker === "system" ? asker : refreshPerson(tx, asker),
    objectNamed(tx.db, input.object),
  ]);
  return { before: locked?.row ?? null, held: locked?.held ?? null, who, object };
}

async function conflict(tx: Tx, row: RecordRow): Promise<Result<never>> {
  const names = await namesOf(tx.db, [{ type: "user", id: row.updatedBy }]);
  return refuse("record-changed", {
    details: { by: names[row.updatedBy] ?? "Somebody", at: row.updatedAt.toISOString(), version: row.version },
  });
}

/**
 * Makes a record, or changes the fields that are given of one, as that person or as Baton itself. Asks the gate with the row locked,
 * validates every value, writes, hands the change to whoever reacts to records (in this transaction) and tells open pages. A save that
 * changes nothing writes nothing, keeps the version and starts nothing.
 *
 * Refusals: `not-found` (no such object or record, or not theirs to edit), `record-changed` (somebody saved since `expectedVersion`;
 * details by, at, version), `record-locked` (a run holds it; details by, runId, since), `invalid` with a problem for each field, by API name.
 */
export async function saveRecord(
  tx: Tx,
  asker: Who,
  input: RecordInput,
): Promise<Result<{ id: string; version: number }>> {
  const { before, held, who, object } = await lookAhead(tx, asker, input);
  if (!object || !who || (input.id !== undefined && !before)) return refuse("not-found");
  const rights = await rightsFor(tx, who, { object, before });
  if (!rights.save) return refuse("not-found");
  if (before && input.expectedVersion !== undefined && input.expectedVersion !== before.version)
    return conflict(tx, before);
  const at = before && { recordId: before.recordId, byRun: input.byRun ?? null };
  const locked = at && (await mustWait(tx.db, who, { ...at, held }));
  if (locked) return { ok: false, refusal: locked };
  const after = await next(tx, who, { object, before, input, rights });
  if (!after.ok) return after;
  if (before && isSame(before, after.value)) return ok({ id: before.recordId, version: before.version });
  const row = await write(tx, who, { object, before, after: after.value });
  tx.recordChanges.push({
    object: object.name,
    id: row.recordId,
    before: before && recordValues(before),
    after: recordValues(row),
    beganBy: tx.beganBy,
  });
  announce(tx, { topic: "record", recordId: row.recordId });
  announce(tx, { topic: "records", object: object.name, recordId: row.recordId });
  return ok({ id: row.recordId, version: row.version });
}

async function rightsFor(
  tx: Tx,
  who: Who,
  { object, before }: { object: ObjectShape; before: RecordRow | null },
): Promise<Rights & { save: boolean }> {
  if (who === "system") return { save: true, transfer: true };
  if (!before) return { save: may(who, "record.create"), transfer: true };
  const { edit, transfer } = await rightsOn(tx.db, who, { ...before, othersMay: object.othersMay });
  return { save: edit, transfer };
}
