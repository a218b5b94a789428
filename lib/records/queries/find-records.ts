import { and, asc, desc, eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { record, user } from "../../../db/schema";
import { MAX_RECORDS } from "../../flow/definition";
import type { Operator } from "../../logic/schema";
import type { Value } from "../../logic/value";
import { placesOf } from "../../people/queries";
import type { Reader } from "../policy";
import type { ObjectShape } from "../schema/object";
import { columnOf } from "./column-of";
import { objectNamed } from "./object-named";
import { type RecordRow, recordColumns } from "./read-record";
import { whereField } from "./where-field";
import { whereVisible } from "./where-visible";

/** As many as one Get Records may take, and one more, by which it is told that there are more. */
const MAX_FOUND = MAX_RECORDS + 1;

export type RecordQuery = {
  readonly object: string;
  /** All of them must hold. A field that the object does not have matches nothing. */
  readonly where: readonly { readonly field: string; readonly operator: Operator; readonly value: Value }[];
  readonly sort?: { readonly field: string; readonly direction: "ascending" | "descending" } | undefined;
  readonly limit: number;
};

/** Whose access holds. Only `system_without_sharing` sees everything; without a person the automated process user's. */
export type RecordAccess = {
  readonly personId: string | null;
  readonly mode: "user" | "system_with_sharing" | "system_without_sharing";
};

async function readerOf(db: Database, { personId, mode }: RecordAccess): Promise<Reader | "system"> {
  if (mode === "system_without_sharing") return "system";
  if (personId === null) return { userId: "usr_automated", role: "member", groups: [], queues: [] };
  const [[row], places] = await Promise.all([
    db.select({ role: user.role, active: user.active }).from(user).where(eq(user.userId, personId)).limit(1),
    placesOf(db, personId),
  ]);
  return { userId: personId, role: row?.active ? row.role : "member", ...places };
}

function orderOf(object: ObjectShape, sort: RecordQuery["sort"]) {
  const column = sort ? columnOf(object, sort.field)?.sort : null;
  if (!column) return [asc(record.createdAt), asc(record.recordId)];
  return sort?.direction === "descending" ? [desc(column), desc(record.recordId)] : [asc(column), asc(record.recordId)];
}

/** What Get Records of a flow finds, at most 2,001; oldest first unless sorted. An unknown object has no records. */
export async function findRecords(db: Database, query: RecordQuery, access: RecordAccess): Promise<RecordRow[]> {
  const object = await objectNamed(db, query.object);
  if (!object) return [];
  const columns = query.where.map(({ field }) => columnOf(object, field));
  const filters = query.where.flatMap((filter, at) => {
    const column = columns[at];
    return column ? [whereField(column, filter)] : [];
  });
  if (filters.length < query.where.length) return [];
  const reader = await readerOf(db, access);
  return db
    .select(recordColumns)
    .from(record)
    .where(and(eq(record.objectName, object.name), whereVisible(object, reader), ...filters))
    .orderBy(...orderOf(object, query.sort))
    .limit(Math.max(1, Math.min(query.limit, MAX_FOUND)));
}
