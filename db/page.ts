/**
 * Paging by key: a page ends with the sort values of its last row, and the next one begins after them. So a page costs the same however
 * far down it is, and rows that come or go meanwhile shift nothing.
 */

/** Rows of a list's page unless its docstring says otherwise. */
export const PAGE_SIZE = 50;
const MAX_CURSOR_CHARACTERS = 4_000;

/** One page, and the cursor of the next one; null: there is none. */
export type Page<T> = { readonly rows: readonly T[]; readonly next: string | null };

/** The sort values of one row in the order of the sort, the id last. */
export type Cursor = readonly (string | number | boolean | null)[];

/** The form in which a cursor travels in addresses: opaque to whoever holds it. */
export const encodeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString("base64url");

const isCursorValue = (value: unknown): value is Cursor[number] =>
  value === null ||
  (typeof value === "string" && !value.includes("\0")) ||
  typeof value === "boolean" ||
  (typeof value === "number" && Number.isFinite(value));

/**
 * The cursor behind a text from outside, or null when it is none of `length` values: then the caller shows the first page. The values
 * are anybody's: give them to SQL as parameters only, and check their form where a column would refuse them.
 */
export function decodeCursor(text: string | null | undefined, length: number): Cursor | null {
  if (!text || text.length > MAX_CURSOR_CHARACTERS) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return null;
  }
  return Array.isArray(parsed) && parsed.length === length && parsed.every(isCursorValue) ? parsed : null;
}

/** Cuts what a query for `size + 1` rows found down to a page. `cursorOf` gives the sort values of its last row. */
export function pageOf<T>(rows: readonly T[], size: number, cursorOf: (row: T) => Cursor): Page<T> {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > size && last !== undefined ? encodeCursor(cursorOf(last)) : null };
}
