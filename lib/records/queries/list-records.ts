import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { type Cursor, decodeCursor, PAGE_SIZE, type Page, pageOf } from "../../../db/page";
import { record } from "../../../db/schema";
import { instantOf } from "../../logic/instant";
import type { Value } from "../../logic/value";
import type { Reader } from "../policy";
import { DEFAULT_SORT, type ListFilter, type ListQuery, type ListSort, OPERATORS_OF } from "../schema/list";
import type { FieldShape, ObjectShape } from "../schema/object";
import { splitWords } from "../split-words";
import { type Column, columnOf } from "./column-of";
import { type RecordRow, recordColumns } from "./read-record";
import { whereField } from "./where-field";
import { whereVisible } from "./where-visible";

/** Words of one search; more narrow nothing that matters and cost time. */
const MAX_WORDS = 8;
/** How far a count goes before it says "more than". */
export const MAX_COUNT = 1_000;

type SortedRow = RecordRow & { readonly sortValue: string };

/** The records that have a word beginning with each word of the search, in any order. */
function whereFound(search: string): SQL | undefined {
  if (search.trim() === "") return undefined;
  const words = splitWords(search).slice(0, MAX_WORDS);
  if (words.length === 0) return sql`false`;
  return sql`to_tsvector('simple', ${record.searchText}) @@ to_tsquery('simple', ${words.map((word) => `${word}:*`).join(" & ")}::text)`;
}

const STANDARD_TYPES: { readonly [name: string]: FieldShape["type"] | "instant" } = {
  Name: "text",
  Owner: "user",
  CreatedBy: "user",
  CreatedAt: "instant",
  UpdatedAt: "instant",
};

/** The value of a filter, which is a text in the address, as the field's own type. */
function filterValue(type: FieldShape["type"] | "instant", { operator, value }: ListFilter): Value {
  if (operator === "is_blank" || type === "checkbox") return value === "true";
  if (type === "number" || type === "currency") return /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : null;
  return value;
}

/** A filter as SQL; what the object does not have, or its type does not offer, matches nothing. */
function whereFilter(object: ObjectShape, filter: ListFilter): SQL {
  const type = Object.hasOwn(STANDARD_TYPES, filter.field)
    ? STANDARD_TYPES[filter.field]
    : object.fields.find(({ name }) => name === filter.field)?.type;
  const column = columnOf(object, filter.field);
  if (!type || !column || !OPERATORS_OF[type].includes(filter.operator)) return sql`false`;
  return whereField(column, { operator: filter.operator, value: filterValue(type, filter), ignoreCase: true });
}

/** The sort that is asked for, or the default where the object cannot be sorted so. */
function sorted(object: ObjectShape, sort: ListSort): { column: Column & { sort: SQL }; descending: boolean } {
  const wanted = columnOf(object, sort.field);
  if (wanted?.sort) return { column: { ...wanted, sort: wanted.sort }, descending: sort.direction === "descending" };
  return {
    column: { kind: "instant", value: sql`${record.updatedAt}`, sort: sql`${record.updatedAt}` },
    descending: DEFAULT_SORT.direction === "descending",
  };
}

const sortText = ({ kind, sort }: { kind: Column["kind"]; sort: SQL }): SQL<string> =>
  kind === "instant"
    ? sql<string>`to_char(${sort} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    : sql<string>`${sort}::text`;

/** A cursor's sort value as a typed parameter; null when it is not one of this column, as in a forged or an old address. */
function keyOf(kind: Column["kind"], value: Cursor[number] | undefined): SQL | null {
  if (typeof value !== "string") return null;
  if (kind === "instant") return instantOf(value) === null ? null : sql`${value}::timestamptz`;
  if (kind === "number") return /^(-Infinity|-?\d{1,15}(\.\d{1,20})?)$/.test(value) ? sql`${value}::numeric` : null;
  return sql`${value}::text`;
}

function after(sort: { column: Column & { sort: SQL }; descending: boolean }, cursor: string | null): SQL | undefined {
  const [value, id] = decodeCursor(cursor, 2) ?? [];
  const key = keyOf(sort.column.kind, value);
  if (!key || typeof id !== "string") return undefined;
  return sql`(${sort.column.sort}, ${record.recordId}) ${sort.descending ? sql`<` : sql`>`} (${key}, ${id}::text)`;
}

/**
 * A page of the records of one object that the reader may see, 50 unless said otherwise, without their long texts. Search, sort and
 * filters are read against the object's own fields; what does not fit is left out (sort) or matches nothing (filter).
 *
 * How it scales: every sort is an index (standard columns, and one for each field since it was added), so a page walks the index from the
 * cursor on and stops when it is full. Equality and ranges on fields use the same indexes, the search its GIN index. "Contains" reads the
 * object's rows in the order of the sort until 50 match, under the statement timeout.
 */
export async function listRecords(
  db: Database,
  reader: Reader,
  { object, query, size = PAGE_SIZE, where }: { object: ObjectShape; query: ListQuery; size?: number; where?: SQL },
): Promise<Page<RecordRow>> {
  const sort = sorted(object, query.sort);
  const long = object.fields.filter(({ type }) => type === "long_text").map(({ name }) => name);
  const order = sort.descending ? desc : asc;
  const rows: SortedRow[] = await db
    .select({
      ...recordColumns,
      data: long.length
        ? sql<RecordRow["data"]>`${record.data} - array[${sql.join(
            long.map((name) => sql`${name}::text`),
            sql`, `,
          )}]`
        : record.data,
      sortValue: sortText(sort.column),
    })
    .from(record)
    .where(
      and(
        eq(record.objectName, object.name),
        whereVisible(object, reader),
        where,
        whereFound(query.search),
        ...query.filters.map((filter) => whereFilter(object, filter)),
        after(sort, query.cursor),
      ),
    )
    .orderBy(order(sort.column.sort), order(record.recordId))
    .limit(size + 1);
  return pageOf(rows, size, (row) => [row.sortValue, row.recordId]);
}

/** How many records of the object the reader may see; counts to 1,001 and no further. */
export async function countRecords(db: Database, reader: Reader, object: ObjectShape): Promise<number> {
  const found = db
    .select({ one: sql`1` })
    .from(record)
    .where(and(eq(record.objectName, object.name), whereVisible(object, reader)))
    .limit(MAX_COUNT + 1)
    .as("found");
  const [row] = await db.select({ count: sql<number>`count(*)::int` }).from(found);
  return row?.count ?? 0;
}
