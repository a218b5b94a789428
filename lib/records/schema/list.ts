import { z } from "zod";
import { apiName, OPERATORS } from "../../logic/schema";
import type { FieldType } from "./object";

/** How a list of records is asked for: in the address bar, in the list's own requests, and by the query. */

export const MAX_FILTERS = 10;
const MAX_FILTER_CHARACTERS = 255;
export const MAX_SEARCH_CHARACTERS = 200;

export const LIST_OPERATORS = OPERATORS.filter((operator) => operator !== "is_changed" && operator !== "is_null");
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
const ORDERED = ["equals", "greater_than", "greater_than_or_equal", "less_than", "less_than_or_equal", "is_blank"] as const;
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
  operator: z.enum(LIST_OPERATORS as [ListOperator, ...ListOperator[]]),
  value: z.string().max(MAX_FILTER_CHARACTERS),
});

/** `Amount:greater_than:100`; what is not of that form is left out, so that an old link still opens a list. */
function parseFilter(text: string): ListFilter[] {
  const [field, operator, ...rest] = text.split(":");
  const parsed = filterSchema.safeParse({ field, operator, value: rest.join(":") });
  return parsed.success ? [parsed.data] : [];
}

/** The list that an address asks for. Total: whatever it cannot read, it leaves out. */
export function parseListQuery(params: URLSearchParams): ListQuery {
  const sort = params.get("sort") ?? "";
  const field = sort.replace(/^-/, "");
  return {
    search: (params.get("q") ?? "").slice(0, MAX_SEARCH_CHARACTERS),
    sort: apiName.safeParse(field).success ? { field, direction: sort.startsWith("-") ? "descending" : "ascending" } : DEFAULT_SORT,
    filters: params.getAll("filter").slice(0, MAX_FILTERS).flatMap(parseFilter),
    cursor: params.get("cursor"),
  };
}

/** The address's query of a list: the reverse of `parseListQuery`, without the defaults. */
export function listParams({ search, sort, filters, cursor }: ListQuery): URLSearchParams {
  const params = new URLSearchParams();
  if (search) params.set("q", search);
  if (sort.field !== DEFAULT_SORT.field || sort.direction !== DEFAULT_SORT.direction) {
    params.set("sort", `${sort.direction === "descending" ? "-" : ""}${sort.field}`);
  }
  for (const filter of filters) params.append("filter", `${filter.field}:${filter.operator}:${filter.value}`);
  if (cursor) params.set("cursor", cursor);
  return params;
}
