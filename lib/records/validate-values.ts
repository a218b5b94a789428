import { isId } from "../ids";
import { instantOf, isDate } from "../logic/instant";
import { FORBIDDEN_NAMES, type Value } from "../logic/value";
import { isEmail, normaliseEmail } from "../people/schema";
import type { Problem } from "../result";
import {
  type FieldShape,
  type FieldType,
  MAX_LONG_TEXT,
  MAX_NUMBER,
  MAX_TEXT,
  type ObjectShape,
  STANDARD_FIELDS,
} from "./schema/object";

/** A value in the form it is stored in, or the rule that it breaks: the rest of a sentence that begins with the field's label. */
type Checked = { readonly value: Value } | { readonly rule: string };
type Check = (value: Value, field: FieldShape) => Checked;

const isStandard = (name: string): boolean => STANDARD_FIELDS.some((standard) => standard === name);
/** Four digits for the year, or texts would no longer sort as the instants do. */
const LAST_INSTANT = Date.UTC(9999, 11, 31);
const counted = new Intl.NumberFormat("en");

/** Texts lose blank ends; NUL, which PostgreSQL cannot hold, is refused, and halves of surrogate pairs become U+FFFD. */
function text(limit: number): Check {
  return (value) => {
    if (typeof value !== "string") return { rule: "must be a text" };
    const trimmed = value.toWellFormed().trim();
    if (trimmed.includes("\0")) return { rule: "must not contain the character NUL" };
    return trimmed.length > limit
      ? { rule: `must be at most ${counted.format(limit)} characters` }
      : { value: trimmed === "" ? null : trimmed };
  };
}

const number: Check = (value, { options, type }) => {
  const parsed = typeof value === "string" && /^-?\d{1,15}(\.\d{1,15})?$/.test(value.trim()) ? Number(value) : value;
  if (typeof parsed !== "number" || !Number.isFinite(parsed)) return { rule: "must be a number" };
  if (Math.abs(parsed) > MAX_NUMBER)
    return { rule: `must be between -${counted.format(MAX_NUMBER)} and ${counted.format(MAX_NUMBER)}` };
  const decimals = options.decimals ?? (type === "currency" ? 2 : null);
  if (decimals !== null && Number(parsed.toFixed(decimals)) !== parsed) {
    return {
      rule:
        decimals === 0 ? "must be a whole number" : `must have at most ${decimals} decimal${decimals === 1 ? "" : "s"}`,
    };
  }
  return { value: parsed === 0 ? 0 : parsed };
};

const date: Check = (value) =>
  typeof value === "string" && isDate(value)
    ? { value }
    : { rule: "must be a date of the calendar, such as 2026-11-21" };

/** Stored in UTC with milliseconds, so that the texts sort as the instants do. */
const datetime: Check = (value) => {
  const at = typeof value === "string" && value.includes("T") ? instantOf(value) : null;
  return at === null || at > LAST_INSTANT
    ? { rule: "must be a date and time, such as 2026-11-21T08:00:00Z" }
    : { value: new Date(at).toISOString() };
};

const email: Check = (value) => {
  const address = typeof value === "string" ? normaliseEmail(value) : "";
  return isEmail(address) ? { value: address } : { rule: "must be one e-mail address, such as ana@example.org" };
};

const picklist: Check = (value, { options }) => {
  const values = options.values ?? [];
  if (values.some((offered) => offered.value === value)) return { value };
  const shown = values
    .slice(0, 10)
    .map((offered) => offered.label)
    .join(", ");
  return { rule: `must be one of: ${shown}${values.length > 10 ? ", …" : ""}` };
};

const idOf =
  (kind: "record" | "user", rule: string): Check =>
  (value) =>
    typeof value === "string" && (isId(kind, value) || (kind === "user" && value === "usr_automated"))
      ? { value }
      : { rule };

const CHECKS: Record<FieldType, Check> = {
  text: text(MAX_TEXT),
  long_text: text(MAX_LONG_TEXT),
  number,
  currency: number,
  checkbox: (value) => (typeof value === "boolean" ? { value } : { rule: "must be true or false" }),
  date,
  datetime,
  email,
  picklist,
  lookup: idOf("record", "must be a record that exists"),
  user: idOf("user", "must be a person of this installation"),
};

/** Blank means "no value", which only a required field refuses; a checkbox without a value is not ticked. */
function checkField(field: FieldShape, value: Value): Checked {
  if (value === null || (typeof value === "string" && value.trim() === "")) {
    if (field.type === "checkbox") return { value: false };
    return field.required ? { rule: "must not be empty" } : { value: null };
  }
  const checked = CHECKS[field.type](value, field);
  return field.required && "value" in checked && checked.value === null ? { rule: "must not be empty" } : checked;
}

export type Validated = { readonly values: { readonly [field: string]: Value }; readonly problems: readonly Problem[] };

/**
 * Brings values from outside into the form they are stored in, or says what is wrong with each: problems carry the field's API name as
 * path and a sentence that begins with its label. A field that the object does not have is a problem (S26). For a new record missing
 * fields take their default; for a change they stay as they are. Whether a lookup's target exists, `saveRecord` asks.
 */
export function validateValues(
  object: ObjectShape,
  given: { readonly [field: string]: Value },
  isNew: boolean,
): Validated {
  const values = new Map<string, Value>();
  const problems: Problem[] = [];
  const known = new Map(object.fields.map((field) => [field.name, field]));
  for (const name of Object.keys(given)) {
    if (known.has(name)) continue;
    const why = isStandard(name)
      ? "is set by Baton itself and cannot be given"
      : FORBIDDEN_NAMES.has(name)
        ? "is a reserved word"
        : "is no field of this object";
    problems.push({ path: name.slice(0, 80), message: `“${name.slice(0, 80)}” ${why}.` });
  }
  for (const field of object.fields) {
    const value = Object.hasOwn(given, field.name) ? (given[field.name] ?? null) : undefined;
    if (value === undefined && !isNew) continue;
    const checked = checkField(field, value === undefined ? field.defaultValue : value);
    if ("value" in checked) values.set(field.name, checked.value);
    else problems.push({ path: field.name, message: `${field.label} ${checked.rule}.` });
  }
  return { values: Object.fromEntries(values), problems };
}

/** The name of a record: a text of one line that is never empty. */
export function validateName(object: ObjectShape, name: Value | undefined): { readonly name: string } | Problem {
  const checked = text(MAX_TEXT)(name ?? null, { type: "text" } as FieldShape);
  if ("value" in checked && typeof checked.value === "string") return { name: checked.value.replace(/\s+/g, " ") };
  return {
    path: "Name",
    message: `${object.nameLabel} ${"rule" in checked && name ? checked.rule : "must not be empty"}.`,
  };
}
