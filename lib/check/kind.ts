import type { DataType, Value } from "../logic/value";
import type { FieldInWorld } from "./world";

/**
 * What sort of value a place holds or gives. `any`: it cannot be known before the run. A text with an object is the id of a record of it,
 * as lookups hold it; `record` is the record itself with its fields.
 */
export type Kind = {
  readonly type: DataType | "any";
  readonly object?: string | undefined;
  readonly values?: readonly string[] | undefined;
};

export const ANY: Kind = { type: "any" };
export const TEXT: Kind = { type: "text" };
export const BOOLEAN: Kind = { type: "boolean" };

const WORDS: Readonly<Record<Kind["type"], string>> = {
  text: "a text",
  number: "a number",
  currency: "an amount",
  boolean: "true or false",
  date: "a date",
  datetime: "a date and time",
  record: "a record",
  user: "a person",
  text_list: "a list of texts",
  record_list: "a list of records",
  any: "a value",
};
export const kindWords = (kind: Kind): string =>
  kind.object ? `${WORDS[kind.type]} (${kind.object})` : WORDS[kind.type];

export function kindOfField(field: FieldInWorld): Kind {
  switch (field.type) {
    case "checkbox":
      return BOOLEAN;
    case "lookup":
      return field.object ? { type: "text", object: field.object } : TEXT;
    case "picklist":
      return field.values ? { type: "text", values: field.values } : TEXT;
    case "text":
    case "long_text":
    case "email":
      return TEXT;
    default:
      return { type: field.type };
  }
}

/** Numbers and amounts are one sort of value; a person or record may be held as an id, which is a text. */
const ALSO: Readonly<Partial<Record<DataType, readonly DataType[]>>> = {
  number: ["currency"],
  currency: ["number"],
  text: ["user", "date", "datetime"],
  user: ["text"],
  record: ["text"],
  datetime: ["date"],
};

/** Whether a value of one kind may be put where the other is wanted. */
export function fits(given: Kind, wanted: Kind): boolean {
  if (given.type === "any" || wanted.type === "any") return true;
  if (given.object !== undefined && wanted.object !== undefined && given.object !== wanted.object) return false;
  return given.type === wanted.type || (ALSO[wanted.type]?.includes(given.type) ?? false);
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** What is wrong with a value that is written down for a place of that kind, in words; null: nothing. */
export function literalProblem(value: Value, wanted: Kind): string | null {
  const { type, values } = wanted;
  if (value === null || type === "any") return null;
  const wrong = `must be ${kindWords(wanted)}, not ${JSON.stringify(value)?.slice(0, 60)}`;
  if (typeof value === "boolean") return type === "boolean" ? null : wrong;
  if (typeof value === "number") return type === "number" || type === "currency" ? null : wrong;
  if (Array.isArray(value)) return type === "text_list" ? null : wrong;
  if (typeof value !== "string") return wrong;
  if (type === "date") return DATE.test(value) ? null : `${wrong}; write it as 2026-11-21`;
  if (type === "datetime")
    return DATE.test(value) || INSTANT.test(value) ? null : `${wrong}; write it as 2026-11-21T08:00:00Z`;
  if (type === "text")
    return values && value !== "" && !values.includes(value)
      ? `${JSON.stringify(value)} is not one of its values: ${values.join(", ")}`
      : null;
  return type === "user" || type === "record" ? null : wrong;
}
