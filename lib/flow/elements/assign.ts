import { addNumbers } from "../../logic/decimal";
import { valueFrom } from "../../logic/express";
import { instantOf } from "../../logic/instant";
import { pathsOf } from "../../logic/reads";
import { textOf } from "../../logic/text-of";
import { isList, type Value } from "../../logic/value";
import type { Flow, FlowElement } from "../definition";
import { fail, type InterviewState, type Step } from "../interview";
import { askBehind, lookupOf } from "../seek";
import { spendingOf, withSpent } from "../spending";
import { asHeld, whyNot } from "../variable";

const DAY_MS = 86_400_000;

/**
 * Sets and adds one after another: a later assignment sees what an earlier one wrote. Where one must look behind
 * an id first, the element is entered again from its beginning.
 */
export function assign(
  flow: Flow,
  element: Extract<FlowElement, { type: "assignment" }>,
  from: InterviewState,
): InterviewState | Step {
  // One copy for all assignments: an element may have a hundred, and a flow two hundred variables.
  const values = { ...from.values };
  const state = { ...from, values };
  const spending = spendingOf(from);
  for (const { variable: name, operator, value: expression } of element.assignments) {
    const variable = flow.variables.find((candidate) => candidate.name === name);
    if (!variable) return fail(from, element.name, `${element.label} sets ${name}, which is no variable of this flow.`);
    const unknown = askBehind(state, pathsOf(expression));
    if (unknown) return { ...unknown, state: withSpent(from, spending) };
    const given = valueFrom(expression, lookupOf(state), spending);
    if (spending.allowance.steps < 0) break;
    const value = operator === "add" ? plus(values[name] ?? null, given, variable.type.endsWith("_list")) : given;
    const complaint =
      value === undefined ? `${name} and what is added to it do not go together.` : whyNot(variable, value);
    if (complaint || value === undefined) return fail(from, element.name, `${element.label}: ${complaint}`);
    values[name] = asHeld(variable, value);
  }
  return withSpent({ ...state, at: element.next }, spending);
}

/** Numbers add up, texts are joined, lists grow, days are added to dates (semantics B 4.1); undefined when two values do not go together. */
function plus(left: Value, right: Value, isListVariable: boolean): Value | undefined {
  if (right === null) return left;
  if (isListVariable) return [...(isList(left) ? left : []), ...(isList(right) ? right : [right])];
  if (left === null) return right;
  if (typeof left === "number") return typeof right === "number" ? (addNumbers(left, right) ?? undefined) : undefined;
  if (typeof left !== "string") return undefined;
  const at = instantOf(left);
  if (at !== null && typeof right === "number") return later(left, at + right * DAY_MS);
  return left + textOf(right);
}

function later(form: string, at: number): string | undefined {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return undefined;
  return form.includes("T") ? date.toISOString() : date.toISOString().slice(0, 10);
}
