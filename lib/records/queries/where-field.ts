import { type SQL, sql } from "drizzle-orm";
import { instantOf, isDate } from "../../logic/instant";
import type { Operator } from "../../logic/schema";
import { isList, type Value } from "../../logic/value";
import type { Column } from "./column-of";

type Filter = {
  readonly operator: Operator;
  readonly value: Value;
  /** Texts match in upper and lower case alike: for lists, not for flows. */
  readonly ignoreCase?: boolean;
};

const NEVER = sql`false`;
const TEMPORAL: ReadonlySet<Column["kind"]> = new Set(["date", "datetime", "instant"]);
const COMPARISONS: Partial<Record<Operator, SQL>> = {
  equals: sql`=`,
  not_equals: sql`<>`,
  greater_than: sql`>`,
  greater_than_or_equal: sql`>=`,
  less_than: sql`<`,
  less_than_or_equal: sql`<=`,
};

/** The right side in the column's own form; null: of another kind, which compares with nothing. */
function operand(column: Column, value: Value): SQL | null {
  if (column.kind === "number")
    return typeof value === "number" && Number.isFinite(value) ? sql`${value}::numeric` : null;
  if (column.kind === "boolean") return typeof value === "boolean" ? sql`${value}::boolean` : null;
  if (typeof value !== "string" || value.includes("\0")) return null;
  if (!TEMPORAL.has(column.kind)) return sql`${value}::text`;
  const at = instantOf(value);
  if (at === null) return null;
  if (column.kind === "date" && isDate(value)) return sql`${value}::text`;
  const iso = new Date(at).toISOString();
  return column.kind === "instant" ? sql`${iso}::timestamptz` : sql`${iso}::text`;
}

/** Days compared with an instant are their midnight in UTC. */
const asInstants = (column: Column): Column => ({
  kind: "datetime",
  value: sql`(${column.value} || 'T00:00:00.000Z')`,
  sort: null,
});

const isTextual = ({ kind }: Column): boolean => kind === "text" || kind === "long_text" || kind === "id";

function compared(column: Column, operator: Operator, { value, ignoreCase }: Filter): SQL {
  const sign = COMPARISONS[operator];
  const right = operand(column, value);
  const isEquality = operator === "equals" || operator === "not_equals";
  if (column.kind === "date" && typeof value === "string" && right && !isDate(value))
    return compared(asInstants(column), operator, { operator, value });
  // Any other text differs from a day.
  if (!right && TEMPORAL.has(column.kind) && typeof value === "string" && operator === "not_equals")
    return sql`${column.value} is not null`;
  if (!sign || !right || (!isEquality && (isTextual(column) || column.kind === "boolean"))) return NEVER;
  if (column.kind === "text" || column.kind === "long_text") {
    const exact = ignoreCase
      ? sql`lower(${column.value}) ${sign} lower(${right})`
      : sql`${column.value} ${sign} ${right}`;
    // The index holds lower-cased texts: it finds the candidates, the exact comparison decides.
    return operator === "equals" && column.sort ? sql`(${column.sort} = lower(${right}) and ${exact})` : exact;
  }
  return column.sort
    ? sql`(${column.sort} ${sign} ${right} and ${column.value} is not null)`
    : sql`${column.value} ${sign} ${right}`;
}

function matched(column: Column, operator: Operator, { value, ignoreCase }: Filter): SQL {
  if (!isTextual(column) || typeof value !== "string" || value.includes("\0")) return NEVER;
  const left = ignoreCase ? sql`lower(${column.value})` : column.value;
  const right = ignoreCase ? sql`lower(${value}::text)` : sql`${value}::text`;
  if (operator === "contains") return sql`position(${right} in ${left}) > 0`;
  if (operator === "includes") return sql`${right} = any(string_to_array(${left}, ';'))`;
  return operator === "starts_with"
    ? sql`starts_with(${left}, ${right})`
    : sql`right(${left}, length(${right})) = ${right}`;
}

const anyOf = (conditions: readonly SQL[]): SQL =>
  conditions.length === 0 ? NEVER : sql`(${sql.join([...conditions], sql` or `)})`;

/** What keeps a value out of `not_in`: an item that it does not differ from, or cannot be compared with. */
const isNotDifferent = (column: Column, filter: Filter): SQL => sql`not ${compared(column, "not_equals", filter)}`;

/**
 * One filter as SQL, with the meaning of `meets` in `lib/logic/meets.ts`: whatever cannot be compared (null, another kind of value)
 * matches nothing, `not_equals` included. Ids and picklist values compare byte by byte.
 */
export function whereField(column: Column, filter: Filter): SQL {
  switch (filter.operator) {
    case "contains":
    case "starts_with":
    case "ends_with":
      return matched(column, filter.operator, filter);
    case "includes":
      return matched(column, "includes", filter);
    case "in":
      return isList(filter.value)
        ? anyOf(filter.value.map((item) => compared(column, "equals", { ...filter, value: item })))
        : NEVER;
    case "not_in":
      return isList(filter.value)
        ? sql`(${column.value} is not null and not ${anyOf(filter.value.map((item) => isNotDifferent(column, { ...filter, value: item })))})`
        : NEVER;
    case "was_visited":
    case "has_error":
      return compared(column, "equals", filter);
    case "was_set":
      return typeof filter.value === "boolean" ? sql`(${column.value} is not null) = ${filter.value}::boolean` : NEVER;
    case "is_empty":
    case "is_null":
      return typeof filter.value === "boolean" ? sql`(${column.value} is null) = ${filter.value}::boolean` : NEVER;
    case "is_blank":
      return typeof filter.value === "boolean"
        ? sql`(btrim(coalesce(${column.value}::text, '')) = '') = ${filter.value}::boolean`
        : NEVER;
    case "is_changed":
      return NEVER;
    default:
      return compared(column, filter.operator, filter);
  }
}
