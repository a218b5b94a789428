import type { Orchestration } from "../../../lib/engine/definition";
import { DISPLAY } from "../../../lib/engine/status";
import type { Condition, Expression, Requirement } from "../../../lib/logic/schema";
import type { Value } from "../../../lib/logic/value";
import { RECORD } from "../world";
import { formulaHolds } from "./formula";
import type { ModelRun } from "./run";

/** Semantics A1b, A3, A7 and B 2.4: what a path says now. What is not there (yet) is null. */
export function read(run: ModelRun, path: string): Value {
  const [head = "", second = "", third = ""] = path.split(".");
  if (path === "$Record.Id") return RECORD.id;
  if (head === "$Record") return run.world.record[path.slice(head.length + 1)] ?? null;
  if (head === "$Record__Prior") return run.recordPrior?.[second] ?? null;
  if (path === "$Flow.FaultMessage") return run.faultMessage;
  if (path === "$Flow.CurrentDateTime") return new Date(run.world.now).toISOString();
  if (head in run.variables) return run.variables[head] ?? null;
  const element = run.definition.elements.find(({ name }) => name === head);
  if (element?.type === "decision") return third === "WasVisited" && run.taken.has(`${head}.${second}`);
  const stage = run.stages.findLast(({ name }) => name === head);
  if (stage) {
    if (second === "Status") return DISPLAY[stage.status];
    if (second === "HasError") return stage.status === "error";
    if (second === "WasVisited") return stage.status === "completed" ? true : stage.status === "error" ? false : null;
  }
  const step = run.steps.findLast(({ definition }) => definition.name === head);
  if (!step) return isPassedOver(run, head) ? sayMocked(run, head, path) : null;
  if (second === "Status") return DISPLAY[step.status];
  if (second === "HasError") return step.status === "error";
  return second === "Outputs" ? (step.outputs?.[third] ?? null) : null;
}

/** B 5.6: a mocked step is taken to have given its outputs, also one that a debug run has passed over because it began behind it. */
function sayMocked(run: ModelRun, step: string, path: string): Value {
  if (path === `${step}.Status`) return "Completed";
  if (path === `${step}.HasError`) return false;
  const output = path.slice(`${step}.Outputs.`.length);
  return path.startsWith(`${step}.Outputs.`) ? (run.debug?.mocks[step]?.[output] ?? null) : null;
}

/** Whether its stage leads to the one where the run began, and a run comes to it without that. */
function isPassedOver({ debug, definition }: ModelRun, step: string): boolean {
  const { startStage = null, mocks = {} } = debug ?? {};
  const its = definition.elements.find((one) => one.type === "stage" && one.steps.some(({ name }) => name === step));
  if (startStage === null || !its || !(step in mocks)) return false;
  const comes = leads(definition, { from: definition.start.next, to: its.name, without: startStage });
  return comes && leads(definition, { from: its.name, to: startStage, without: null });
}

type Way = { readonly from: string | null; readonly to: string; readonly without: string | null };

function leads({ elements }: Orchestration, { from, to, without }: Way): boolean {
  const seen: (string | null)[] = [without];
  const goes = (name: string | null): boolean => {
    if (seen.includes(name)) return false;
    seen.push(name);
    const element = elements.find((one) => one.name === name);
    if (!element || name === to) return name === to;
    if (element.type === "decision")
      return [...element.outcomes.map(({ next }) => next), element.defaultNext].some(goes);
    const led = element.steps.flatMap((one) =>
      one.kind === "approval"
        ? [...one.outcomes.map(({ to: there }) => there), typeof one.onReject === "object" ? one.onReject.goTo : null]
        : [],
    );
    return [element.next, element.faultNext ?? null, ...led].some(goes);
  };
  return goes(from);
}

export function valueNow(run: ModelRun, expression: Expression): Value {
  if ("literal" in expression) return expression.literal;
  if ("ref" in expression) return read(run, expression.ref);
  throw new Error("the model reckons no templates, and formulas as conditions only");
}

/** Semantics B 4.2. */
export function holds(run: ModelRun, condition: Condition): boolean {
  if (condition.logic === "formula") return formulaHolds(condition.formula, (path) => read(run, path));
  const met = condition.requirements.map((requirement) => isMet(run, requirement));
  if (condition.logic === "custom") return customHolds(condition.custom, met);
  return condition.logic === "any" ? met.some(Boolean) : met.every(Boolean);
}

/** Rewrites the innermost bracket to T or F until one letter is left: NOT binds closest, then AND. */
function customHolds(custom: string, met: readonly boolean[]): boolean {
  let text = custom.replace(/\d+/g, (row) => (met[Number(row) - 1] ? "T" : "F"));
  const factor = (words: readonly string[]) => (words.at(-1) === "T") === (words.length % 2 === 1);
  const both = (factors: string) => factors.split("AND").every((one) => factor(one.trim().split(/\s+/)));
  const flat = (part: string) => (part.split("OR").some(both) ? "T" : "F");
  while (text.includes("(")) text = text.replace(/\(([^()]*)\)/, (_, inner: string) => flat(inner));
  return flat(text) === "T";
}

/** Semantics B 4.1: one requirement. A comparison with null is not met. */
function isMet(run: ModelRun, { left, operator, right }: Requirement): boolean {
  const wanted = valueNow(run, right);
  if (operator === "was_visited") return read(run, `${left}.WasVisited`) === wanted;
  if (operator === "has_error") return (read(run, `${left}.HasError`) === true) === wanted;
  const value = read(run, left);
  const isNull = value === null;
  if (operator === "is_null") return isNull === wanted;
  if (operator === "was_set") return !isNull === wanted;
  if (operator === "is_blank") return (isNull || (typeof value === "string" && value.trim() === "")) === wanted;
  if (isNull || wanted === null) return false;
  if (operator === "equals") return value === wanted;
  if (operator === "not_equals") return value !== wanted;
  if (operator === "in") return Array.isArray(wanted) && wanted.includes(value);
  if (operator === "not_in") return Array.isArray(wanted) && !wanted.includes(value);
  if (typeof value === "string" && typeof wanted === "string") return textIsMet(value, operator, wanted);
  return typeof value === "number" && typeof wanted === "number" && isOrdered(value, operator, wanted);
}

function textIsMet(value: string, operator: Requirement["operator"], wanted: string): boolean {
  if (operator === "contains") return value.includes(wanted);
  if (operator === "starts_with") return value.startsWith(wanted);
  if (operator === "ends_with") return value.endsWith(wanted);
  return isOrdered(Date.parse(value), operator, Date.parse(wanted));
}

function isOrdered(value: number, operator: Requirement["operator"], wanted: number): boolean {
  if (operator === "greater_than") return value > wanted;
  if (operator === "greater_than_or_equal") return value >= wanted;
  if (operator === "less_than") return value < wanted;
  return operator === "less_than_or_equal" && value <= wanted;
}
