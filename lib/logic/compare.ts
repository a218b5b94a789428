import { instantOf } from "./instant";
import { isList, ownProperty, type Value } from "./value";

/** Levels of nesting that are compared; deeper values count as different, so that no value can exhaust the stack. */
const MAX_DEPTH = 32;

/** `unknown`: null, or two kinds of values that have nothing to do with one another. */
export type Comparison = "equal" | "different" | "less" | "greater" | "unknown";

/** What is no number (NaN) is neither equal to anything nor before or after it. */
const order = (left: number, right: number): Comparison =>
  left === right ? "equal" : left < right ? "less" : left > right ? "greater" : "unknown";

/**
 * Two values as conditions compare them: numbers by size, texts that both name a day or an instant by time, other texts by their exact
 * characters (upper and lower case differ), records by their Id (a text beside a record
 * is taken for one), lists item by item in order.
 */
export function compare(left: Value, right: Value): Comparison {
  if (left === null || right === null) return "unknown";
  if (typeof left === "number" && typeof right === "number") return order(left, right);
  if (typeof left === "boolean" && typeof right === "boolean") return left === right ? "equal" : "different";
  if (typeof left === "string" && typeof right === "string") return compareTexts(left, right);
  const [leftId, rightId] = [idOf(left), idOf(right)];
  if (typeof leftId === "string" && typeof rightId === "string") return leftId === rightId ? "equal" : "different";
  if (typeof left !== "object" || typeof right !== "object" || isList(left) !== isList(right)) return "unknown";
  return sameValue(left, right) ? "equal" : "different";
}

function compareTexts(left: string, right: string): Comparison {
  const [leftAt, rightAt] = [instantOf(left), instantOf(right)];
  if (leftAt !== null && rightAt !== null) return order(leftAt, rightAt);
  return left === right ? "equal" : "different";
}

/** What stands for a record: its Id, or the text that may be one. */
const idOf = (value: Value): Value => (typeof value === "string" ? value : ownProperty(value, "Id"));

/** Whether a value has an order: numbers, days and instants. */
export const isOrdered = (value: Value): boolean =>
  typeof value === "number" || (typeof value === "string" && instantOf(value) !== null);

/** Zero characters, only white space, an empty list, or nothing at all (semantics B 4.1). */
export const isBlank = (value: Value): boolean =>
  value === null || (typeof value === "string" && value.trim() === "") || (isList(value) && value.length === 0);

/** Whether two values are the same to the last member; null is the same as null. What `is_changed` asks. */
export function sameValue(left: Value, right: Value, depth = 0): boolean {
  if (left === right) return true;
  if (depth >= MAX_DEPTH || left === null || right === null || typeof left !== "object" || typeof right !== "object") {
    return typeof left === "string" && typeof right === "string" && compareTexts(left, right) === "equal";
  }
  if (isList(left) || isList(right)) {
    return (
      isList(left) &&
      isList(right) &&
      left.length === right.length &&
      left.every((item, at) => sameValue(item, right[at] ?? null, depth + 1))
    );
  }
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every(
      (name) => Object.hasOwn(right, name) && sameValue(ownProperty(left, name), ownProperty(right, name), depth + 1),
    )
  );
}
