import type { Operator } from "./schema";

/** Operators as people read them between a name and a value. */
export const OPERATOR_WORDS: Readonly<Record<Operator | "returns_true", string>> = {
  equals: "is",
  not_equals: "is not",
  greater_than: "is greater than",
  greater_than_or_equal: "is at least",
  less_than: "is less than",
  less_than_or_equal: "is at most",
  contains: "contains",
  starts_with: "starts with",
  ends_with: "ends with",
  is_null: "has no value:",
  is_blank: "is blank:",
  is_changed: "is changed:",
  returns_true: "returns",
};
