import { compare } from "../compare";
import { add, compareDecimals, type Decimal, decimalOf, divide, multiply, numberOf, power, subtract } from "../decimal";
import { textOf } from "../text-of";
import { type Cell, cellText, failure, isFailure, moment, momentOf, number, typeOf, valueOfCell, whole } from "./cell";
import { KIND_WORDS } from "./kind-words";
import { made, type World } from "./world";

export const DAY_MS = 86_400_000;

/**
 * One operator on two values. Null rules: arithmetic with null is null; `&` and `+` take it as an empty text beside a text; it equals
 * only null; nothing is before or after it (semantics B 4.2).
 */
export function operate(operator: string, [left, right]: readonly [Cell, Cell], world: World): Cell {
  if (isFailure(left)) return left;
  if (isFailure(right)) return right;
  switch (operator) {
    case "&":
      return join(left, right, world);
    case "+":
      return plus(left, right, world);
    case "-":
      return minus(left, right);
    case "*":
    case "/":
    case "^":
      return reckoned(operator, left, right);
    case "=":
    case "==":
      return isEqual(left, right);
    case "<>":
    case "!=":
      return !isEqual(left, right);
    default:
      return inOrder(operator, left, right);
  }
}

const together = (operator: string, left: Cell, right: Cell): Cell =>
  failure(`“${operator}” cannot be put between ${KIND_WORDS[typeOf(left)]} and ${KIND_WORDS[typeOf(right)]}.`);

function join(left: Cell, right: Cell, world: World): Cell {
  const [a, b] = [cellText(left), cellText(right)];
  return made(a.length + b.length, () => a + b, world);
}

const isNumber = (cell: Cell): cell is { is: "number"; value: Decimal } => typeOf(cell) === "number";
const isTime = (cell: Cell): cell is { is: "time"; time: number } => typeOf(cell) === "time";

function plus(left: Cell, right: Cell, world: World): Cell {
  if (isNumber(left) && isNumber(right)) return number(add(left.value, right.value));
  if (isNumber(right)) return later(left, right, 1) ?? (left === null ? null : together("+", left, right));
  if (isNumber(left)) return later(right, left, 1) ?? (right === null ? null : together("+", left, right));
  // A day that is held as a text stays one: no days are added to it.
  if ((left === null && momentOf(right)) || (right === null && momentOf(left))) return null;
  const isText = (cell: Cell) => ["text", "list", "record"].includes(typeOf(cell));
  if ((isText(left) || left === null) && (isText(right) || right === null))
    return left === null && right === null ? null : join(left, right, world);
  return left === null || right === null ? null : together("+", left, right);
}

function minus(left: Cell, right: Cell): Cell {
  if (isNumber(left) && isNumber(right)) return number(subtract(left.value, right.value));
  if (left === null || right === null) return null;
  if (isNumber(right)) return later(left, right, -1) ?? together("-", left, right);
  if (isTime(left) && isTime(right)) return whole(left.time - right.time);
  const [from, to] = [momentOf(right), momentOf(left)];
  return from && to ? quotient(to.at - from.at, DAY_MS) : together("-", left, right);
}

function quotient(left: number, right: number): Cell {
  const [a, b] = [decimalOf(left), decimalOf(right)];
  return number(a && b && divide(a, b));
}

/** A day, instant or time that many days (of times: milliseconds) later; null when the cell is none of them. */
function later(cell: Cell, by: { value: Decimal }, sign: 1 | -1): Cell {
  const amount = (numberOf(by.value) ?? Number.NaN) * sign;
  if (isTime(cell)) return { is: "time", time: modulo(Math.round(cell.time + amount), DAY_MS) };
  const from = momentOf(cell);
  if (!from) return null;
  return moment(from.is, from.at + (from.is === "date" ? Math.trunc(amount) * DAY_MS : Math.round(amount * DAY_MS)));
}

/** Times of day go round. */
const modulo = (value: number, by: number): number => (Number.isFinite(value) ? ((value % by) + by) % by : 0);

function reckoned(operator: "*" | "/" | "^", left: Cell, right: Cell): Cell {
  if (left === null || right === null) return null;
  if (!isNumber(left) || !isNumber(right)) return together(operator, left, right);
  if (operator === "*") return number(multiply(left.value, right.value));
  if (operator === "^") return raise(left.value, right.value);
  return right.value.digits === 0n ? failure("Something is divided by zero.") : number(divide(left.value, right.value));
}

/** Whole exponents exactly, others as the machine does. */
export function raise(base: Decimal, exponent: Decimal): Cell {
  const by = numberOf(exponent) ?? Number.NaN;
  if (Number.isInteger(by) && Math.abs(by) <= 400) {
    if (by < 0 && base.digits === 0n) return failure("Something is divided by zero.");
    return number(power(base, by));
  }
  const result = (numberOf(base) ?? Number.NaN) ** by;
  return Number.isNaN(result) ? failure("A negative number has no such power.") : number(decimalOf(result));
}

/** Equal in kind and content; null only to null; a list to its texts joined by `;`. Two kinds are never equal. */
export function isEqual(left: Cell, right: Cell): boolean {
  if (left === null || right === null) return left === right;
  const [a, b] = [joined(left, right), joined(right, left)];
  return order(a, b) === "equal";
}

const joined = (cell: Cell, beside: Cell): Cell =>
  typeof beside === "string" && typeOf(cell) === "list" ? textOf(valueOfCell(cell)) : cell;

function order(left: Cell, right: Cell): ReturnType<typeof compare> {
  if (isNumber(left) && isNumber(right)) return SIGNS[compareDecimals(left.value, right.value) + 1] ?? "unknown";
  if (isTime(left) && isTime(right)) return compare(left.time, right.time);
  if (isNumber(left) || isNumber(right) || isTime(left) || isTime(right)) return "unknown";
  return compare(valueOfCell(left), valueOfCell(right));
}
const SIGNS = ["less", "equal", "greater"] as const;

/** Numbers, days, instants and times have an order. What has none is false, as in a requirement. */
function inOrder(operator: string, left: Cell, right: Cell): boolean {
  const found = order(left, right);
  const hasOrder = isNumber(left) || isTime(left) || momentOf(left) !== null;
  if (found === "equal") return hasOrder && operator.endsWith("=");
  return found === (operator.startsWith("<") ? "less" : "greater");
}
