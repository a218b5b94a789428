import { z } from "zod";
import { apiName, type Operator } from "../../logic/schema";
import type { FieldType } from "./object";

/** How a list of records is asked for: in the address bar, in the list's own requests, and by the query. */

export const MAX_FILTERS = 10;
const MAX_FILTER_CHARACTERS = 255;
export const MAX_SEARCH_CHARACTERS = 200;

export const LIST_OPERATORS = [
  "equals",
  "not_equals",
  "greater_than",
  "greater_than_or_equal",
  "less_than",
  "less_than_or_equal",
  "contains",
  "starts_with",
  "ends_with",
  "is_blank",
] as const satisfies readonly Operator[];
export type ListOperator = (typeof LIST_OPERATORS)[number];

export type ListFilter = { readonly field: string; readonly operator: ListOperator; readonly value: string };
export type ListSort = { readonly field: string; readonly direction: "ascending" | "descending" };
export type ListQuery = {
  readonly search: string;
  readonly sort: ListSort;
  readonly filters: readonly ListFilter[];
  readonly cursor: string | null;
};
export const DEFAULT_SORT: ListSort = { field: "UpdatedAt", direction: "descending" };

type Kind = FieldType | "instant";
const TEXT = ["contains", "equals", "not_equals", "starts_with", "is_blank"] as const;
const ORDERED = [
  "equals",
  "greater_than",
  "greater_than_or_equal",
  "less_than",
  "less_than_or_equal",
  "is_blank",
] as const;
const CHOSEN = ["equals", "not_equals", "is_blank"] as const;
const WHEN = ["greater_than_or_equal", "less_than", "equals", "is_blank"] as const;

/** What a list may be filtered by, for each type of field. */
export const OPERATORS_OF: Readonly<Record<Kind, readonly ListOperator[]>> = {
  text: TEXT,
  long_text: ["contains", "is_blank"],
  email: TEXT,
  number: ORDERED,
  currency: ORDERED,
  checkbox: ["equals"],
  date: WHEN,
  datetime: ["greater_than_or_equal", "less_than", "is_blank"],
  instant: ["greater_than_or_equal", "less_than"],
  picklist: CHOSEN,
  lookup: CHOSEN,
  user: CHOSEN,
};

const filterSchema = z.object({
  field: apiName,
  operator: z.enum(LIST_OPERATORS),
  value: z.string().max(MAX_FILTER_CHARACTERS),
});

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** `Amount:greater_than:100`; what is not of that form is left out, so that an old link still opens a list. */
function parseFilter(text: string): ListFilter[] {
  const [field, operator, ...rest] = text.split(":");
  const parsed = filterSchema.safeParse({ field, operator, value: decoded(rest.join(":")) });
  return parsed.success ? [parsed.data] : [];
}

/** The filters as one word of the address: `Amount:greater_than:100,Status:equals:open`. */
export const filterText = (filters: readonly ListFilter[]): string =>
  filters.map(({ field, operator, value }) => `${field}:${operator}:${encodeURIComponent(value)}`).join(",");

/** A sort as one word of the address: `Amount`, or `-Amount` for descending. */
export const sortText = ({ field, direction }: ListSort): string => `${direction === "descending" ? "-" : ""}${field}`;

type Params = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The list that an address asks for. Total: whatever it cannot read, it leaves out. */
export function parseListQuery(params: Params): ListQuery {
  const text = (name: string): string => {
    const value = params[name];
    return (typeof value === "string" ? value : value?.[0]) ?? "";
  };
  const sort = text("sort");
  const field = sort.replace(/^-/, "");
  return {
    search: text("search").slice(0, MAX_SEARCH_CHARACTERS),
    sort: apiName.safeParse(field).success
      ? { field, direction: sort.startsWith("-") ? "descending" : "ascending" }
      : DEFAULT_SORT,
    filters: text("filter").split(",").slice(0, MAX_FILTERS).flatMap(parseFilter),
    cursor: text("cursor") || null,
  };
}

/** The same list as words of an address: the reverse of `parseListQuery`, without its defaults. */
export function listParams({ search, sort, filters }: Omit<ListQuery, "cursor">): Record<string, string> {
  return {
    ...(search ? { search } : {}),
    ...(sort.field !== DEFAULT_SORT.field || sort.direction !== DEFAULT_SORT.direction ? { sort: sortText(sort) } : {}),
    ...(filters.length > 0 ? { filter: filterText(filters) } : {}),
  };
}
