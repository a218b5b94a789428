import type { Condition, Operator, Requirement } from "../logic/schema";
import type { Problem } from "../result";
import { checkExpression } from "./check-expression";
import { BOOLEAN, type Kind, kindWords, TEXT } from "./kind";
import { isProblem, type Scope } from "./scope";

/** What a place lets its conditions read and ask, beyond what its scope knows. */
export type Rules = {
  /** Why a path may not be read here though it leads somewhere; null: it may. */
  readonly refuses?: (ref: string) => string | null;
  readonly mayAskForChange?: boolean;
};

const ORDERED: readonly Kind["type"][] = ["number", "currency", "date", "datetime", "any"];
const TEXTUAL: readonly Kind["type"][] = ["text", "user", "any"];

/** Whether an operator of semantics B 4.1 has a meaning for a value of that kind. */
function suits(operator: Operator, { type }: Kind): boolean {
  switch (operator) {
    case "greater_than":
    case "greater_than_or_equal":
    case "less_than":
    case "less_than_or_equal":
      return ORDERED.includes(type);
    case "starts_with":
    case "ends_with":
      return TEXTUAL.includes(type);
    case "contains":
      return TEXTUAL.includes(type) || type === "text_list";
    case "is_changed":
      return type !== "text_list" && type !== "record_list";
    default:
      return true;
  }
}

const ASKS_YES_OR_NO: readonly Operator[] = ["is_null", "is_blank", "is_changed"];

/** A condition's requirements one by one: references resolve, operators suit, values fit. */
export function checkCondition(condition: Condition, at: { path: string; rules?: Rules }, scope: Scope): Problem[] {
  return condition.requirements.flatMap((requirement, index) =>
    checkRequirement(requirement, { path: `${at.path}.requirements[${index}]`, rules: at.rules ?? {} }, scope),
  );
}

function checkRequirement(
  { left, operator, right }: Requirement,
  at: { path: string; rules: Rules },
  scope: Scope,
): Problem[] {
  const { path, rules } = at;
  const problems: Problem[] = [];
  const refusedLeft = rules.refuses?.(left);
  const refusedRight = "ref" in right ? rules.refuses?.(right.ref) : null;
  if (refusedLeft) problems.push({ path: `${path}.left`, message: refusedLeft });
  if (refusedRight) problems.push({ path: `${path}.right.ref`, message: refusedRight });

  const found = scope(left);
  if (isProblem(found))
    return [
      ...problems,
      { path: `${path}.left`, message: found.problem.startsWith("$") ? found.problem : `${left}: ${found.problem}` },
    ];
  if (!suits(operator, found))
    problems.push({
      path: `${path}.operator`,
      message: `${operator} has no meaning for ${left}, which is ${kindWords(found)}`,
    });
  if (operator === "is_changed" && !(rules.mayAskForChange && /^\$Record\.\w+$/.test(left))) {
    problems.push({
      path: `${path}.operator`,
      message:
        "is_changed may be asked only of the record's own fields, in the start or a decision of a record-triggered orchestration",
    });
  }
  if (ASKS_YES_OR_NO.includes(operator)) {
    const isYesOrNo = "literal" in right && typeof right.literal === "boolean";
    return isYesOrNo
      ? problems
      : [
          ...problems,
          { path: `${path}.right`, message: `${operator} takes { "literal": true } or { "literal": false }` },
        ];
  }
  return [...problems, ...checkExpression(right, { path: `${path}.right`, wanted: wantedBy(operator, found) }, scope)];
}

function wantedBy(operator: Operator, left: Kind): Kind {
  if (["contains", "starts_with", "ends_with"].includes(operator)) return TEXT;
  return left.type === "boolean" ? BOOLEAN : left;
}
