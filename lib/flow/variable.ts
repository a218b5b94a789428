import { instantOf, isDate } from "../logic/instant";
import { type DataType, isList, MAX_TEXT_CHARACTERS, type Value } from "../logic/value";
import { type FlowVariable, MAX_RECORDS, MAX_VALUE_BYTES } from "./definition";

/** What the types are called in sentences. */
const NOUN: Readonly<Record<DataType, string>> = {
  text: "a text",
  number: "a number",
  currency: "an amount",
  boolean: "true or false",
  date: "a date such as 2026-11-21",
  datetime: "an instant such as 2026-11-21T08:00:00Z",
  record: "a record",
  user: "a person's id",
  text_list: "a list of texts",
  record_list: "a list of records",
};

/** A record with its fields, or the id of one: what lies behind it is looked up when it is read. */
const isRecord = (value: Value): boolean =>
  typeof value === "string" || (value !== null && typeof value === "object" && !isList(value));

const FITS: Readonly<Record<DataType, (value: Value) => boolean>> = {
  text: (value) => typeof value === "string",
  number: (value) => typeof value === "number" && Number.isFinite(value),
  currency: (value) => typeof value === "number" && Number.isFinite(value),
  boolean: (value) => typeof value === "boolean",
  date: (value) => typeof value === "string" && isDate(value),
  datetime: (value) => typeof value === "string" && instantOf(value) !== null,
  record: isRecord,
  user: (value) => typeof value === "string",
  text_list: (value) => isList(value) && value.every((item) => typeof item === "string"),
  record_list: (value) => isList(value) && value.every(isRecord),
};

/**
 * Why a variable cannot hold a value, as a sentence, or null when it can. Null fits every type. Numbers and booleans have one obvious text,
 * so `asHeld` writes them into text variables; nothing else is converted.
 */
export function whyNot(variable: FlowVariable, value: Value): string | null {
  const held = asHeld(variable, value);
  if (held === null) return null;
  if (!FITS[variable.type](held)) return `${variable.name} takes ${NOUN[variable.type]}.`;
  if (typeof held === "string" && held.length > MAX_TEXT_CHARACTERS)
    return `${variable.name} takes at most ${MAX_TEXT_CHARACTERS} characters.`;
  if (isList(held) && held.length > MAX_RECORDS) return `${variable.name} takes at most ${MAX_RECORDS} items.`;
  const items = isList(held) ? held : [held];
  return items.some(isTooLarge) ? `${variable.name} takes values of at most ${MAX_VALUE_BYTES} bytes each.` : null;
}

const utf8 = new TextEncoder();

/** Texts have a bound of their own, which is smaller. */
const isTooLarge = (value: Value): boolean =>
  value !== null && typeof value === "object" && utf8.encode(JSON.stringify(value)).length > MAX_VALUE_BYTES;

export const asHeld = (variable: FlowVariable, value: Value): Value =>
  variable.type === "text" && (typeof value === "number" || typeof value === "boolean") ? String(value) : value;
