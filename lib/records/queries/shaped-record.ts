import { asc, eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { field, object, record } from "../../../db/schema";
import type { FieldShape, OthersMay } from "../schema/object";
import { fieldOf } from "./object-named";
import { type RecordRow, recordColumns } from "./read-record";

/** A record with what its object says of its fields. */
export type ShapedRecord = RecordRow & { readonly othersMay: OthersMay; readonly fields: readonly FieldShape[] };

/** A record by id with its object's fields in their order, in one question, whoever asks: the caller asks the gate. Null when there is none. */
export async function shapedRecord(db: Database, recordId: string): Promise<ShapedRecord | null> {
  const rows = await db
    .select({ row: recordColumns, othersMay: object.othersMay, field })
    .from(record)
    .innerJoin(object, eq(object.objectName, record.objectName))
    .leftJoin(field, eq(field.objectName, record.objectName))
    .where(eq(record.recordId, recordId))
    .orderBy(asc(field.position), asc(field.fieldName));
  const [first] = rows;
  if (!first) return null;
  const fields = rows.flatMap((row) => (row.field ? [fieldOf(row.field)] : []));
  return { ...first.row, othersMay: first.othersMay, fields };
}
