import { compare, isBlank, isOrdered } from "./compare";
import type { Operator } from "./schema";
import { isList, type Value } from "./value";

/**
 * One row of semantics B 4.1 on two values; also what Get Records filters mean. What cannot be known is false: null is neither equal to
 * nor different from anything, in no list and outside of none. `is_changed` needs a past and is false here; of `was_visited` and
 * `has_error` the left side is the answer, which is null for what was not reached.
 */
export function meets(left: Value, operator: Operator, right: Value): boolean {
  switch (operator) {
    case "equals":
    case "was_visited":
    case "has_error":
      return compare(left, right) === "equal";
    case "not_equals":
      return differs(left, right);
    case "greater_than":
      return compare(left, right) === "greater";
    case "greater_than_or_equal":
      return isOrdered(left) && ["greater", "equal"].includes(compare(left, right));
    case "less_than":
      return compare(left, right) === "less";
    case "less_than_or_equal":
      return isOrdered(left) && ["less", "equal"].includes(compare(left, right));
    case "contains":
      return isList(left) ? has(left, right) : areTexts(left, right, (a, b) => a.includes(b));
    case "includes":
      return isList(left) ? has(left, right) : areTexts(left, right, (a, b) => a.split(";").includes(b));
    case "starts_with":
      return areTexts(left, right, (a, b) => a.startsWith(b));
    case "ends_with":
      return areTexts(left, right, (a, b) => a.endsWith(b));
    case "in":
      return isList(right) && has(right, left);
    case "not_in":
      return isList(right) && left !== null && right.every((item) => differs(left, item));
    case "is_null":
      return right === (left === null);
    case "was_set":
      return right === (left !== null);
    case "is_blank":
      return right === isBlank(left);
    case "is_empty":
      return right === (left === null || (isList(left) && left.length === 0));
    default:
      return false;
  }
}

const differs = (left: Value, right: Value): boolean => ["different", "less", "greater"].includes(compare(left, right));

const has = (list: readonly Value[], wanted: Value): boolean => list.some((item) => compare(item, wanted) === "equal");

const areTexts = (left: Value, right: Value, test: (left: string, right: string) => boolean): boolean =>
  typeof left === "string" && typeof right === "string" && test(left, right);

/** Where the answer of a question about an element is looked up. */
export const askedPath = (left: string, operator: Operator): string =>
  operator === "was_visited" ? `${left}.WasVisited` : operator === "has_error" ? `${left}.HasError` : left;
