import { eq } from "drizzle-orm";
import { object, record } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { isId } from "../ids";
import type { Person } from "../people/current-person";
import { refreshPerson } from "../people/refresh-person";
import { ok, type Result, refuse } from "../result";
import { lockedAgainst } from "./held-by";
import { recordColumns } from "./queries/read-record";
import { rightsOn } from "./queries/where-visible";

type Held = { readonly who: Person; readonly record: { readonly id: string; readonly object: string } };

/**
 * A record with its row locked, for somebody who may edit it now, as they are now. Refusals: `not-found` (no such record, or not theirs to edit),
 * `record-locked` (a run holds it against them).
 */
export async function holdRecord(tx: Tx, asker: Person, recordId: string): Promise<Result<Held>> {
  if (!isId("record", recordId)) return refuse("not-found");
  const [row] = await tx.db
    .select({ ...recordColumns, othersMay: object.othersMay })
    .from(record)
    .innerJoin(object, eq(object.objectName, record.objectName))
    .where(eq(record.recordId, recordId))
    .for("update", { of: record });
  const who = row && (await refreshPerson(tx, asker));
  if (!row || !who || !(await rightsOn(tx.db, who, row)).edit) return refuse("not-found");
  const locked = await lockedAgainst(tx.db, who, { recordId, byRun: null });
  return locked ? { ok: false, refusal: locked } : ok({ who, record: { id: recordId, object: row.objectName } });
}
