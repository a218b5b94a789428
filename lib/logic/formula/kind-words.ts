import type { Wanted } from "./call";
import type { CellType } from "./cell";

/** Kinds of what formulas reckon with, as people say them. `any`: it cannot be known before. */
export const KIND_WORDS: Readonly<Record<CellType | Wanted, string>> = {
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
  printable: "a number, a date, a time or a choice",
  moment: "a date or a text that names one",
  timing: "a time of day, an instant or a text that names one",
};
