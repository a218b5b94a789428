import type { CellType } from "./cell";

/** Kinds of what formulas reckon with, as people say them. `any`: it cannot be known before. */
export const KIND_WORDS: Readonly<Record<CellType | "any", string>> = {
  null: "nothing",
  boolean: "true or false",
  text: "a text",
  number: "a number",
  date: "a date",
  datetime: "a date and time",
  time: "a time of day",
  list: "a list",
  record: "a record",
  error: "an error",
  any: "a value",
};
