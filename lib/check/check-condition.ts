import { readCustomLogic } from "../logic/custom-logic";
import { askedPath } from "../logic/meets";
import { QUESTIONS } from "../logic/operator-words";
import { pathsOf } from "../logic/reads";
import type { Condition, Expression, Operator, Requirement } from "../logic/schema";
import type { Problem } from "../result";
import { checkExpression } from "./check-expression";
import { checkFormula } from "./check-formula";
import { BOOLEAN, type Kind, kindWords, literalProblem, TEXT } from "./kind";
import { isProblem, type Scope } from "./scope";

/** What a place lets its conditions read and ask, beyond what its scope knows. */
export type Rules = {
  /** Why a path may not be read here though it leads somewhere; null: it may. */
  readonly refuses?: (ref: string) => string | null;
  readonly mayAskForChange?: boolean;
};

const ORDERED: readonly Kind["type"][] = ["number", "currency", "date", "datetime", "any"];
const TEXTUAL: readonly Kind["type"][] = ["text", "user", "any"];
const LISTS: readonly Kind["type"][] = ["text_list", "record_list", "any"];

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
    case "in":
    case "not_in":
      return TEXTUAL.includes(type);
    case "contains":
      return TEXTUAL.includes(type) || LISTS.includes(type);
    case "includes":
      return TEXTUAL.includes(type) || type === "text_list";
    case "is_empty":
      return LISTS.includes(type);
    case "is_changed":
      return type !== "text_list" && type !== "record_list";
    default:
      return true;
  }
}

/** A condition's requirements one by one (references resolve, operators suit, values fit), its logic, or its formula. */
export function checkCondition(condition: Condition, at: { path: string; rules?: Rules }, scope: Scope): Problem[] {
  const { path, rules = {} } = at;
  if (condition.logic === "formula")
    return checkFormula(condition.formula, { path: `${path}.formula`, wanted: BOOLEAN, rules }, scope);
  const rows = condition.requirements.flatMap((requirement, index) =>
    checkRequirement(requirement, { path: `${path}.requirements[${index}]`, rules }, scope),
  );
  return condition.logic === "custom" ? [...checkCustom(condition, `${path}.custom`), ...rows] : rows;
}

function checkCustom({ custom, requirements }: Extract<Condition, { logic: "custom" }>, path: string): Problem[] {
  const logic = readCustomLogic(custom);
  if ("error" in logic) return [{ path, message: logic.error.replace(/\.$/, "") }];
  const count = requirements.length;
  return [...logic.rows]
    .filter((row) => row > count)
    .map((row) => ({
      path,
      message: `names row ${row}, but there ${count === 1 ? "is 1 requirement" : `are ${count} requirements`}`,
    }));
}

/** The requirements that custom logic leaves out: told, because they change nothing. Conditions stand anywhere in a definition. */
export function unusedRows(part: unknown, path = ""): Problem[] {
  if (part === null || typeof part !== "object") return [];
  const logic =
    "custom" in part && typeof part.custom === "string" && "requirements" in part && Array.isArray(part.requirements)
      ? readCustomLogic(part.custom)
      : null;
  if (logic && "rows" in logic && "requirements" in part && Array.isArray(part.requirements))
    return part.requirements.flatMap((_, index) =>
      logic.rows.has(index + 1)
        ? []
        : [{ path: `${path}.requirements[${index}]`, message: `the custom logic does not use row ${index + 1}` }],
    );
  return Object.entries(part).flatMap(([key, member]) =>
    unusedRows(member, Array.isArray(part) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`),
  );
}

type At = { readonly path: string; readonly rules: Rules };

function checkRequirement({ left, operator, right }: Requirement, at: At, scope: Scope): Problem[] {
  const { path, rules } = at;
  const problems: Problem[] = [];
  const refusedLeft = rules.refuses?.(left);
  if (refusedLeft) problems.push({ path: `${path}.left`, message: refusedLeft });
  if (!("formula" in right)) problems.push(...refusedIn(right, at));

  const found = scope(askedPath(left, operator));
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
  return [...problems, ...checkRight({ operator, right }, { ...at, left: found }, scope)];
}

function refusedIn(right: Expression, { path, rules }: At): Problem[] {
  const at = "ref" in right ? `${path}.right.ref` : `${path}.right.template`;
  return pathsOf(right).flatMap((read) => {
    const message = rules.refuses?.(read);
    return message ? [{ path: at, message }] : [];
  });
}

/** What stands on the right: true or false for a question, a list for `in`, else what the left side can be compared with. */
function checkRight(
  { operator, right }: Pick<Requirement, "operator" | "right">,
  { path, rules, left }: At & { left: Kind },
  scope: Scope,
): Problem[] {
  const at = `${path}.right`;
  if (QUESTIONS.includes(operator)) {
    const isYesOrNo = "literal" in right && typeof right.literal === "boolean";
    return isYesOrNo ? [] : [{ path: at, message: `${operator} takes { "literal": true } or { "literal": false }` }];
  }
  const isOfList = operator === "in" || operator === "not_in";
  if (isOfList && "literal" in right && Array.isArray(right.literal))
    return right.literal.flatMap((item, index) => {
      const message = literalProblem(item, left);
      return message ? [{ path: `${at}.literal[${index}]`, message }] : [];
    });
  const wanted = isOfList ? LIST : wantedBy(operator, left);
  return checkExpression(right, { path: at, wanted, rules }, scope);
}

const LIST: Kind = { type: "text_list" };

function wantedBy(operator: Operator, left: Kind): Kind {
  if (operator === "contains" && left.type === "record_list") return { ...left, type: "record" };
  if (["contains", "starts_with", "ends_with", "includes"].includes(operator)) return TEXT;
  return left.type === "boolean" ? BOOLEAN : left;
}
