import type { DefinitionType } from "@/lib/definitions/schema";
import type { AssigneeDefinition, Entry, StageExit, StepExit } from "@/lib/engine/definition";
import { QUESTIONS } from "@/lib/logic/operator-words";
import type { Condition, Expression, Operator } from "@/lib/logic/schema";

/** Definitions as people say them. */
export const TYPE_WORDS: Readonly<Record<DefinitionType, string>> = {
  orchestrator: "Orchestration",
  approval: "Approval process",
  screen: "Screen flow",
  autolaunched: "Autolaunched flow",
  evaluation: "Evaluation flow",
};

const OPERATOR_WORDS: Readonly<Record<Operator, string>> = {
  equals: "is",
  not_equals: "is not",
  greater_than: ">",
  greater_than_or_equal: "≥",
  less_than: "<",
  less_than_or_equal: "≤",
  contains: "contains",
  starts_with: "begins with",
  ends_with: "ends with",
  in: "is one of",
  not_in: "is none of",
  includes: "includes",
  is_null: "has no value",
  is_blank: "is blank",
  is_empty: "is empty",
  is_changed: "is changed",
  was_set: "has a value",
  was_visited: "was visited",
  has_error: "has an error",
};

export function expressionText(expression: Expression): string {
  if ("ref" in expression) return expression.ref;
  if ("template" in expression) return `“${expression.template}”`;
  if ("formula" in expression) return expression.formula;
  const { literal } = expression;
  if (literal === null) return "no value";
  return Array.isArray(literal) ? literal.join(", ") : String(literal);
}

/** "$Record.Amount > 5000 and $Record.Status is New"; custom logic names its rows: "1 AND NOT 2, where 1: …; 2: …" */
export function conditionText(condition: Condition): string {
  const { logic, requirements } = condition;
  if (logic === "formula") return condition.formula;
  const parts = requirements.map(({ left, operator, right }) => {
    if (!QUESTIONS.includes(operator)) return `${left} ${OPERATOR_WORDS[operator]} ${expressionText(right)}`;
    return `${"literal" in right && right.literal === false ? "not: " : ""}${left} ${OPERATOR_WORDS[operator]}`;
  });
  if (logic === "custom")
    return `${condition.custom}, where ${parts.map((part, index) => `${index + 1}: ${part}`).join("; ")}`;
  return parts.join(logic === "any" ? " or " : " and ");
}

/** When a step starts or ends, or a stage ends. `labels` are those of the steps, by name. */
export function gateText(gate: Entry | StepExit | StageExit, labels: ReadonlyMap<string, string> = new Map()): string {
  switch (gate.type) {
    case "stage_starts":
      return "when the stage starts";
    case "step_completed":
      return `after ${labels.get(gate.step) ?? gate.step}`;
    case "flow_completed":
      return "when the screens are finished";
    case "all_steps_completed":
      return "when all steps are completed";
    case "requirements":
      return `when ${conditionText(gate.condition)}`;
    case "evaluation_flow":
      return `when ${gate.flow} answers true`;
  }
}

/** "Group Finance", "Nora Lindqvist", "$Record.Owner.Manager". `names` are those of what is written down, by `user:maya`. */
export function assigneeText({ type, value }: AssigneeDefinition, names: Readonly<Record<string, string>>): string {
  const text = expressionText(value);
  if (!("literal" in value)) return text;
  const known = Object.entries(names).find(([key]) =>
    type === "resource" ? key.endsWith(`:${text}`) : key === `${type}:${text}`,
  );
  const kind = known?.[0].split(":")[0] ?? type;
  return `${kind === "group" ? "Group " : kind === "queue" ? "Queue " : ""}${known?.[1] ?? text}`;
}
