/**
 * A value that conditions, flows and records handle: JSON, with dates as ISO texts (`2026-11-21`, `2026-11-21T08:00:00.000Z`),
 * a record as an object of its fields, a multi-select as a list of texts. Null is "no value"; there is no undefined.
 */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** What a variable, a field or an input may hold. `record` and `record_list` name their object beside it. */
export const DATA_TYPES = [
  "text",
  "number",
  "currency",
  "boolean",
  "date",
  "datetime",
  "record",
  "user",
  "text_list",
  "record_list",
] as const;
export type DataType = (typeof DATA_TYPES)[number];

/** Of one text, wherever one is typed, filled in or stored. Here and not in `schema.ts`, so that the browser need not load the schemas. */
export const MAX_TEXT_CHARACTERS = 100_000;

/** Names as values of a definition go through `Map` or own-property reads only, so these may never be names (S45). */
export const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** `Array.isArray` that knows the list is read-only. */
export const isList = (value: unknown): value is readonly Value[] => Array.isArray(value);

/** Reads an own property, never an inherited one. */
export const ownProperty = (value: Value | undefined, name: string): Value => {
  if (value === null || value === undefined || typeof value !== "object" || Array.isArray(value)) return null;
  return Object.hasOwn(value, name) ? ((value as { readonly [name: string]: Value })[name] ?? null) : null;
};

/** The own property as a text without blanks around it; null for everything else, the empty text too. */
export const ownText = (value: Value | undefined, name: string): string | null => {
  const text = ownProperty(value, name);
  return typeof text === "string" && text.trim() !== "" ? text.trim() : null;
};
