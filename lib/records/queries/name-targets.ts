import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { record, user } from "../../../db/schema";
import { namesOf } from "../../people/queries";
import type { Reader } from "../policy";
import type { ObjectShape } from "../schema/object";
import { listRecords } from "./list-records";
import { objectNamed } from "./object-named";
import type { RecordRow } from "./read-record";
import { whereVisible } from "./where-visible";

/** What a lookup offers at once. */
const MAX_OFFERED = 20;

/** Names by id of the people and records that rows point at. A record that the reader may not see is left out. */
export async function nameTargets(
  db: Database,
  reader: Reader,
  { object, rows }: { object: ObjectShape; rows: readonly RecordRow[] },
): Promise<Record<string, string>> {
  const idsIn = (field: string) => rows.flatMap(({ data }) => (typeof data[field] === "string" ? [data[field]] : []));
  const people = new Set(rows.flatMap((row) => [row.ownerId, row.createdBy, row.updatedBy]));
  const records = new Map<string, Set<string>>();
  for (const { name, type, options } of object.fields) {
    if (type === "user") for (const id of idsIn(name)) people.add(id);
    if (type === "lookup" && options.object)
      records.set(options.object, new Set([...(records.get(options.object) ?? []), ...idsIn(name)]));
  }
  const named = await Promise.all([
    namesOf(
      db,
      [...people].map((id) => ({ type: "user", id })),
    ),
    ...[...records].map(([target, ids]) => nameRecords(db, reader, { object: target, ids: [...ids] })),
  ]);
  return Object.assign({}, ...named);
}

/** Names by id of those of these records that the reader may see. */
export async function nameRecords(
  db: Database,
  reader: Reader,
  { object, ids }: { object: string; ids: readonly string[] },
): Promise<Record<string, string>> {
  const shape = ids.length > 0 ? await objectNamed(db, object) : null;
  if (!shape) return {};
  const rows = await db
    .select({ id: record.recordId, name: record.name })
    .from(record)
    .where(and(eq(record.objectName, shape.name), inArray(record.recordId, [...ids]), whereVisible(shape, reader)));
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}

/** Whether that record's page is the reader's to open. */
export const mayOpenRecord = async (
  db: Database,
  reader: Reader,
  record: { readonly object: string; readonly id: string },
): Promise<boolean> => record.id in (await nameRecords(db, reader, { object: record.object, ids: [record.id] }));

export type Offered = { readonly value: string; readonly label: string };

/** Records of an object, or active people (`to` is `user`), that a lookup may take and whose name fits what is typed; at most 20, by name. */
export async function offerTargets(
  db: Database,
  reader: Reader,
  { to, search }: { to: string; search: string },
): Promise<Offered[]> {
  if (to === "user") {
    const typed = search.trim().toLowerCase().replaceAll("\0", "");
    return db
      .select({ value: user.userId, label: user.name })
      .from(user)
      .where(and(user.active, eq(user.kind, "person"), sql`position(${typed}::text in lower(${user.name})) > 0`))
      .orderBy(asc(user.name), asc(user.userId))
      .limit(MAX_OFFERED);
  }
  const object = await objectNamed(db, to);
  if (!object) return [];
  const query = { search, sort: { field: "Name", direction: "ascending" }, filters: [], cursor: null } as const;
  const page = await listRecords(db, reader, { object, query, size: MAX_OFFERED });
  return page.rows.map(({ recordId, name }) => ({ value: recordId, label: name }));
}
