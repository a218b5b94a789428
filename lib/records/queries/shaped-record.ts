import { asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { field, object, record } from "../../../db/schema";
import type { FieldShape, OthersMay } from "../schema/object";
import { type FileRow, filesAsked, filesIn } from "./files-of";
import { fieldOf, fieldsAsked } from "./object-named";
import { type RecordRow, recordColumns } from "./read-record";

/** A record with what its object says of its fields. */
export type ShapedRecord = RecordRow & { readonly othersMay: OthersMay; readonly fields: readonly FieldShape[] };

/** Together with what is attached to it, the oldest first. */
export type WholeRecord = ShapedRecord & { readonly files: readonly FileRow[] };

/**
 * A record by id with its object's fields in their order and its files, in one question, whoever asks: the caller asks the gate. Null when there is
 * none.
 */
export async function shapedRecord(db: Database, recordId: string | SQL): Promise<WholeRecord | null> {
  const order = [asc(field.position), asc(field.fieldName)];
  // Of the rows, one for each field, the first alone carries the files.
  const isFirst = sql`row_number() over (order by ${field.position}, ${field.fieldName}) = 1`;
  const files = sql<Parameters<typeof filesIn>[0] | null>`case when ${isFirst} then ${filesAsked(record.recordId)} end`;
  const rows = await db
    .select({ row: recordColumns, othersMay: object.othersMay, field, files })
    .from(record)
    .innerJoin(object, eq(object.objectName, record.objectName))
    .leftJoin(field, eq(field.objectName, record.objectName))
    .where(eq(record.recordId, recordId))
    .orderBy(...order);
  const [first] = rows;
  if (!first) return null;
  const fields = rows.flatMap((row) => (row.field ? [fieldOf(row.field)] : []));
  return { ...first.row, othersMay: first.othersMay, fields, files: filesIn(first.files ?? []) };
}

/** The same of many records by id; in one question too. */
export async function shapedRecords(db: Database, recordIds: readonly string[]): Promise<Map<string, WholeRecord>> {
  if (recordIds.length === 0) return new Map();
  // Of the rows of each object, the first alone carries its fields.
  const isFirst = sql`row_number() over (partition by ${record.objectName} order by ${record.recordId}) = 1`;
  const rows = await db
    .select({
      row: recordColumns,
      othersMay: object.othersMay,
      files: filesAsked(record.recordId),
      fields: sql<readonly FieldShape[] | null>`case when ${isFirst} then ${fieldsAsked(record.objectName)} end`,
    })
    .from(record)
    .innerJoin(object, eq(object.objectName, record.objectName))
    .where(inArray(record.recordId, [...new Set(recordIds)]));
  const fieldsOf = new Map(rows.flatMap(({ row, fields }) => (fields ? [[row.objectName, fields] as const] : [])));
  return new Map(
    rows.map(({ row, othersMay, files }) => [
      row.recordId,
      { ...row, othersMay, fields: fieldsOf.get(row.objectName) ?? [], files: filesIn(files) },
    ]),
  );
}
