import { eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { object, record } from "../../../db/schema";
import type { Value } from "../../logic/value";
import type { OthersMay } from "../schema/object";

/** A record as it is stored, but for its search words. */
export type RecordRow = Omit<typeof record.$inferSelect, "searchText">;

export const recordColumns = {
  recordId: record.recordId,
  objectName: record.objectName,
  name: record.name,
  ownerId: record.ownerId,
  data: record.data,
  version: record.version,
  createdBy: record.createdBy,
  createdAt: record.createdAt,
  updatedBy: record.updatedBy,
  updatedAt: record.updatedAt,
};

/** A record by id, whoever asks: the caller has asked the gate, or is Baton itself. Null when there is none. */
export async function readRecord(db: Database, id: string): Promise<RecordRow | null> {
  const [row] = await db.select(recordColumns).from(record).where(eq(record.recordId, id)).limit(1);
  return row ?? null;
}

/** A record with what its object lets others do. */
export type SharedRecord = RecordRow & { readonly othersMay: OthersMay };

/** As `readRecord`, for the question of who may do what with it. */
export async function readShared(db: Database, id: string): Promise<SharedRecord | null> {
  const [row] = await db
    .select({ ...recordColumns, othersMay: object.othersMay })
    .from(record)
    .innerJoin(object, eq(object.objectName, record.objectName))
    .where(eq(record.recordId, id));
  return row ?? null;
}

/** The record as conditions and flows see it: standard fields by their names, instants as ISO texts, Owner and CreatedBy as user ids. */
export const recordValues = (row: RecordRow): { readonly [field: string]: Value } => ({
  ...row.data,
  Id: row.recordId,
  Name: row.name,
  Owner: row.ownerId,
  CreatedBy: row.createdBy,
  CreatedAt: row.createdAt.toISOString(),
  UpdatedAt: row.updatedAt.toISOString(),
});
