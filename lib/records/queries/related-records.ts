import type { Database } from "../../../db/client";
import type { Reader } from "../policy";
import type { FieldShape, ObjectShape } from "../schema/object";
import { columnOf } from "./column-of";
import { listRecords } from "./list-records";
import { listObjects } from "./object-named";
import type { RecordRow } from "./read-record";
import { whereField } from "./where-field";

/** Related records shown under each heading, and headings shown. */
const MAX_SHOWN = 5;
const MAX_RELATIONS = 20;

export type Relation = {
  readonly object: ObjectShape;
  readonly field: FieldShape;
  readonly rows: readonly RecordRow[];
  readonly hasMore: boolean;
};

/** Records whose lookups point at this one and that the reader may see: newest first, five for each lookup field. */
export async function relatedRecords(
  db: Database,
  reader: Reader,
  to: { object: string; id: string },
): Promise<Relation[]> {
  const objects = await listObjects(db);
  const pointing = objects.flatMap((object) =>
    object.fields
      .filter(({ type, options }) => type === "lookup" && options.object === to.object)
      .map((field) => ({ object, field })),
  );
  return Promise.all(
    pointing.slice(0, MAX_RELATIONS).map(async ({ object, field }) => {
      const column = columnOf(object, field.name);
      const query = {
        search: "",
        sort: { field: "CreatedAt", direction: "descending" },
        filters: [],
        cursor: null,
      } as const;
      const where = column ? whereField(column, { operator: "equals", value: to.id }) : undefined;
      const page = await listRecords(db, reader, { object, query, size: MAX_SHOWN, ...(where ? { where } : {}) });
      return { object, field, rows: page.rows, hasMore: page.next !== null };
    }),
  );
}
