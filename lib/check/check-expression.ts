import { pathsOf } from "../logic/reads";
import type { Expression } from "../logic/schema";
import type { Problem } from "../result";
import type { Rules } from "./check-condition";
import { checkFormula } from "./check-formula";
import { fits, type Kind, kindWords, literalProblem, TEXT } from "./kind";
import { isProblem, type Scope } from "./scope";

const sentence = (ref: string, why: string): string => (why.startsWith("$") ? why : `${ref}: ${why}`);

/** Whether an expression may be put where a value of that kind is wanted; every reference in it must lead somewhere. */
export function checkExpression(
  expression: Expression,
  at: { path: string; wanted: Kind; rules?: Rules },
  scope: Scope,
): Problem[] {
  const { path, wanted, rules = {} } = at;
  if ("literal" in expression) {
    const message = literalProblem(expression.literal, wanted);
    return message ? [{ path: `${path}.literal`, message }] : [];
  }
  if ("ref" in expression) {
    const found = scope(expression.ref);
    if (isProblem(found)) return [{ path: `${path}.ref`, message: sentence(expression.ref, found.problem) }];
    if (fits(found, wanted)) return [];
    const hint = wanted.type === "text" ? '; write { "template": "…" } to put it into words' : "";
    return [
      {
        path: `${path}.ref`,
        message: `${expression.ref} is ${kindWords(found)}, but ${kindWords(wanted)} is wanted${hint}`,
      },
    ];
  }
  if ("formula" in expression)
    return checkFormula(expression.formula, { path: `${path}.formula`, wanted, rules }, scope);
  return [
    ...checkTemplate(expression.template, `${path}.template`, scope),
    ...(fits(TEXT, wanted)
      ? []
      : [{ path: `${path}.template`, message: `a template gives a text, but ${kindWords(wanted)} is wanted` }]),
  ];
}

/** Every `{!reference}` of a text must lead somewhere. */
export function checkTemplate(text: string, path: string, scope: Scope): Problem[] {
  return pathsOf(text).flatMap((ref) => {
    const found = scope(ref);
    return isProblem(found) ? [{ path, message: sentence(`{!${ref}}`, found.problem) }] : [];
  });
}
