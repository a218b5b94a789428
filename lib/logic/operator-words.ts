import type { Operator, ProofOperator } from "./schema";

/** Operators as people read them between a name and a value. */
export const OPERATOR_WORDS: Readonly<Record<ProofOperator, string>> = {
  equals: "is",
  not_equals: "is not",
  greater_than: "is greater than",
  greater_than_or_equal: "is at least",
  less_than: "is less than",
  less_than_or_equal: "is at most",
  contains: "contains",
  starts_with: "starts with",
  ends_with: "ends with",
  in: "is one of",
  not_in: "is none of",
  includes: "includes",
  is_null: "has no value:",
  is_blank: "is blank:",
  is_empty: "is empty:",
  is_changed: "is changed:",
  was_set: "has a value:",
  was_visited: "was visited:",
  has_error: "has an error:",
  returns_true: "returns",
  reads: "is",
};

/** Operators that take true or false on the right. Here and not in `schema.ts`, so that the browser need not load the schemas. */
export const QUESTIONS: readonly Operator[] = [
  "is_null",
  "is_blank",
  "is_empty",
  "is_changed",
  "was_set",
  "was_visited",
  "has_error",
];
