import { inArray } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { record } from "../../../db/schema";
import { isId } from "../../ids";
import type { Person } from "../../people/current-person";
import { namesOf } from "../../people/queries";
import { nameRecords } from "../../records/queries/name-targets";
import type { NamedSubject } from "../schema/run-page";

/** Records and people by id, in the order of the ids; a record that the person may not see keeps its name to itself. */
export async function nameSubjects(
  db: Database,
  person: Person,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NamedSubject>> {
  const users = ids.filter((id) => isId("user", id));
  const records = ids.filter((id) => isId("record", id));
  const [names, rows] = await Promise.all([
    namesOf(
      db,
      users.map((id) => ({ type: "user", id })),
    ),
    records.length > 0
      ? db
          .select({ id: record.recordId, object: record.objectName })
          .from(record)
          .where(inArray(record.recordId, records))
      : [],
  ]);
  const seen: Record<string, string> = {};
  for (const object of new Set(rows.map((row) => row.object))) {
    const own = rows.filter((row) => row.object === object).map(({ id }) => id);
    Object.assign(seen, await nameRecords(db, person, { object, ids: own }));
  }
  return new Map(
    ids.map((id): [string, NamedSubject] => {
      if (names[id] !== undefined) return [id, { name: names[id], path: null }];
      const found = rows.find((row) => row.id === id);
      const name = seen[id];
      if (!found || name === undefined) return [id, { name: found?.object ?? "something that is gone", path: null }];
      return [id, { name, path: `/records/${found.object}/${id}` }];
    }),
  );
}
