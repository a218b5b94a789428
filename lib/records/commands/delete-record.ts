import { and, eq } from "drizzle-orm";
import { announce } from "../../../db/live";
import { record } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { isId } from "../../ids";
import type { Person } from "../../people/current-person";
import { refreshPerson } from "../../people/refresh-person";
import { ok, type Result, refuse } from "../../result";
import { lockedAgainst } from "../held-by";
import { objectNamed } from "../queries/object-named";
import { recordColumns, recordValues } from "../queries/read-record";
import { rightsOn } from "../queries/where-visible";

/**
 * Deletes a record for good, as that person or as Baton itself. Asks the gate with the row locked, and hands the change to whoever reacts
 * to records. Runs about it go on: what they read of it is empty from then on (F59). Refusal: `not-found` (no such record, or not theirs
 * to delete), `record-locked`.
 */
export async function deleteRecord(
  tx: Tx,
  asker: Person | "system",
  input: { readonly object: string; readonly id: string; readonly byRun?: string },
): Promise<Result<null>> {
  const object = await objectNamed(tx.db, input.object);
  if (!object || !isId("record", input.id)) return refuse("not-found");
  const its = and(eq(record.recordId, input.id), eq(record.objectName, object.name));
  const [row] = await tx.db.select(recordColumns).from(record).where(its).for("update");
  const who = asker === "system" ? asker : await refreshPerson(tx, asker);
  if (!row || !who) return refuse("not-found");
  if (who !== "system" && !(await rightsOn(tx.db, who, { ...row, othersMay: object.othersMay })).delete)
    return refuse("not-found");
  // Leave to edit what is locked is no leave to take it away.
  const locked = await lockedAgainst(tx.db, "system", { recordId: row.recordId, byRun: input.byRun ?? null });
  if (locked) return { ok: false, refusal: locked };
  await tx.db.delete(record).where(its);
  tx.recordChanges.push({ object: object.name, id: row.recordId, before: recordValues(row), after: null });
  await announce(tx, { topic: "record", recordId: row.recordId });
  return ok(null);
}
