import { compare, isBlank, isOrdered, sameValue } from "./compare";
import { valueFrom } from "./express";
import type { Lookup } from "./references";
import type { Condition, Operator, Proof, Requirement } from "./schema";
import { isList, type Value } from "./value";

export type { Lookup } from "./references";

/**
 * Whether a condition holds, and what it saw. Total: it answers for every value, never throws, and what cannot be compared (null, or
 * two kinds of values) makes a requirement false, `not_equals` included (semantics B 4.2). `prior` answers the same paths as they were
 * before the change; without it nothing has changed.
 */
export function evaluate(condition: Condition, lookup: Lookup, prior?: Lookup): Proof {
  const requirements = condition.requirements.map((requirement) => prove(requirement, lookup, prior));
  const { logic } = condition;
  const met = logic === "any" ? requirements.some((row) => row.met) : requirements.every((row) => row.met);
  return { met, logic, requirements };
}

function prove(
  { left, operator, right }: Requirement,
  lookup: Lookup,
  prior: Lookup | undefined,
): Proof["requirements"][number] {
  const leftValue = lookup(left);
  const rightValue = valueFrom(right, lookup);
  const met =
    operator === "is_changed"
      ? rightValue === (prior !== undefined && !sameValue(prior(left), leftValue))
      : meets(leftValue, operator, rightValue);
  return { left, leftValue, operator, rightValue, met };
}

/** One row of semantics B 4.1 on two values; also what Get Records filters mean. `is_changed` needs a past and is false here. */
export function meets(left: Value, operator: Operator, right: Value): boolean {
  switch (operator) {
    case "equals":
      return compare(left, right) === "equal";
    case "not_equals":
      return ["different", "less", "greater"].includes(compare(left, right));
    case "greater_than":
      return compare(left, right) === "greater";
    case "greater_than_or_equal":
      return isOrdered(left) && ["greater", "equal"].includes(compare(left, right));
    case "less_than":
      return compare(left, right) === "less";
    case "less_than_or_equal":
      return isOrdered(left) && ["less", "equal"].includes(compare(left, right));
    case "contains":
      return isList(left)
        ? left.some((item) => compare(item, right) === "equal")
        : areTexts(left, right, (a, b) => a.includes(b));
    case "starts_with":
      return areTexts(left, right, (a, b) => a.startsWith(b));
    case "ends_with":
      return areTexts(left, right, (a, b) => a.endsWith(b));
    case "is_null":
      return right === (left === null);
    case "is_blank":
      return right === isBlank(left);
    default:
      return false;
  }
}

const areTexts = (left: Value, right: Value, test: (left: string, right: string) => boolean): boolean =>
  typeof left === "string" && typeof right === "string" && test(left, right);
