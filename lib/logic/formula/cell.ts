import { type Decimal, decimalOf, decimalText, numberOf } from "../decimal";
import { instantOf, isDate } from "../instant";
import { textOf } from "../text-of";
import { isList, type Value } from "../value";

/** What a formula reckons with. `at` and `time` are milliseconds, since 1970 UTC and since midnight; a day is its midnight in UTC. */
export type Cell =
  | null
  | boolean
  | string
  | { readonly is: "number"; readonly value: Decimal }
  | { readonly is: "date" | "datetime"; readonly at: number }
  | { readonly is: "time"; readonly time: number }
  | { readonly is: "list" | "record"; readonly held: Value }
  | Failure;

/** Why something cannot be reckoned, in a sentence. It goes through everything that needs the value. */
export type Failure = { readonly is: "error"; readonly error: string };

export type CellType =
  | "null"
  | "boolean"
  | "text"
  | "number"
  | "date"
  | "datetime"
  | "time"
  | "list"
  | "record"
  | "error";

export const failure = (error: string): Failure => ({ is: "error", error });
export const number = (value: Decimal | null): Cell =>
  value === null ? failure("A number is too large.") : { is: "number", value };
export const whole = (value: number): Cell => number(decimalOf(value));

/** Years with four digits, as instants of values have. */
const [FIRST, LAST] = [Date.UTC(1000, 0, 1), Date.UTC(9999, 11, 31, 23, 59, 59, 999)];

export const moment = (is: "date" | "datetime", at: number): Cell =>
  at >= FIRST && at <= LAST ? { is, at } : failure("A date lies outside of the years 1000 to 9999.");

export function typeOf(cell: Cell): CellType {
  if (cell === null) return "null";
  if (typeof cell === "boolean") return "boolean";
  return typeof cell === "string" ? "text" : cell.is;
}

export const isFailure = (cell: Cell): cell is Failure => typeOf(cell) === "error";

export function cellOf(value: Value): Cell {
  if (typeof value === "number") return number(decimalOf(value));
  if (value === null || typeof value !== "object") return value;
  return { is: isList(value) ? "list" : "record", held: value };
}

const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** What a formula gives as a value; a character that was cut in two is replaced, because no database holds halves. */
export function valueOfCell(cell: Cell): Value {
  if (cell === null || typeof cell === "boolean") return cell;
  if (typeof cell === "string") return cell.replace(LONE, "\uFFFD");
  switch (cell.is) {
    case "number":
      return numberOf(cell.value);
    case "date":
      return dayText(cell.at);
    case "datetime":
      return new Date(cell.at).toISOString();
    case "time":
      return timeText(cell.time);
    case "error":
      return null;
    default:
      return cell.held;
  }
}

/** How a cell reads inside a text: null as nothing, a date and time as `2026-11-21 08:00:00Z`. */
export function cellText(cell: Cell): string {
  if (cell === null || typeof cell !== "object") return textOf(cell);
  switch (cell.is) {
    case "number":
      return decimalText(cell.value);
    case "datetime":
      return `${new Date(cell.at).toISOString().slice(0, 19).replace("T", " ")}Z`;
    case "list":
    case "record":
      return textOf(cell.held);
    default:
      return textOf(valueOfCell(cell));
  }
}

export const dayText = (at: number): string => new Date(at).toISOString().slice(0, 10);
const timeText = (time: number): string => new Date(time).toISOString().slice(11, 23);

/** A day or an instant: one itself, or a text that names one, as values hold them. */
export function momentOf(cell: Cell): { readonly is: "date" | "datetime"; readonly at: number } | null {
  if (typeof cell === "string") {
    const at = instantOf(cell);
    return at === null ? null : { is: isDate(cell) ? "date" : "datetime", at };
  }
  return cell !== null && typeof cell === "object" && (cell.is === "date" || cell.is === "datetime") ? cell : null;
}
