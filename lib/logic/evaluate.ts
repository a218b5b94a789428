import { sameValue } from "./compare";
import { readCustomLogic } from "./custom-logic";
import { valued } from "./express";
import { pathsIn, reckon } from "./formula/reckon";
import { type Allowance, takeFor } from "./formula/world";
import { type Clock, withGlobals } from "./globals";
import { askedPath, meets } from "./meets";
import type { Lookup } from "./references";
import type { Condition, Proof, Requirement } from "./schema";

export type { Lookup } from "./references";

/** What a condition may see besides values: the same paths as they were before the change (without them nothing has changed), and the time. */
export type Context = {
  readonly prior?: Lookup | null | undefined;
  readonly clock?: Clock | undefined;
  /** What this and other conditions and expressions may take together; beyond it nothing is met. */
  readonly allowance?: Allowance | undefined;
};

/**
 * Whether a condition holds, and what it saw. Total: it answers for every value, never throws, and what cannot be compared (null, or
 * two kinds of values) makes a requirement false, `not_equals` included (semantics B 4.2). What cannot be reckoned is not met and says why
 * in `error`.
 */
export function evaluate(condition: Condition, lookup: Lookup, context: Context = {}): Proof {
  const seen = withGlobals(lookup, context.clock);
  const rows = condition.requirements.map((requirement) => prove(requirement, seen, context));
  const requirements = rows.map(({ row }) => row);
  const error = rows.find((row) => row.error !== null)?.error ?? null;
  const told = error === null ? {} : { error };
  const met = requirements.map((row) => row.met);
  switch (condition.logic) {
    case "custom": {
      const { logic, custom } = condition;
      const verdict = holds(custom, met);
      if (typeof verdict === "boolean") return { met: verdict, logic, custom, requirements, ...told };
      return { met: false, logic, custom, requirements, error: verdict.error };
    }
    case "formula":
      return proveFormula(condition.formula, seen, context);
    case "any":
      return { met: met.includes(true), logic: "any", requirements, ...told };
    default:
      return { met: !met.includes(false), logic: "all", requirements, ...told };
  }
}

function holds(custom: string, met: readonly boolean[]): boolean | { readonly error: string } {
  const logic = readCustomLogic(custom);
  if ("error" in logic) return logic;
  const beyond = [...logic.rows].find((row) => row > met.length);
  return beyond === undefined
    ? logic.holds(met)
    : { error: `The logic names row ${beyond}, but there are ${met.length}.` };
}

/** A formula holds when it gives true. What it read stands in the proof, row by row. */
function proveFormula(formula: string, lookup: Lookup, context: Context): Proof {
  const { value, error } = reckon(formula, lookup, context);
  const requirements = pathsIn(formula).map((left) => ({
    left,
    leftValue: lookup(left),
    operator: "reads" as const,
    rightValue: null,
    met: true,
  }));
  const wrong = value === null || typeof value === "boolean" ? error : "The formula gives neither true nor false.";
  const proof = { met: value === true, logic: "formula", formula, requirements } as const;
  return wrong === null ? proof : { ...proof, error: wrong };
}

type Row = { readonly row: Proof["requirements"][number]; readonly error: string | null };

function prove({ left, operator, right }: Requirement, lookup: Lookup, { prior, clock, allowance }: Context): Row {
  const leftValue = lookup(askedPath(left, operator));
  const { value: rightValue, error } = valued(right, lookup, { clock, allowance });
  takeFor(allowance, leftValue);
  takeFor(allowance, rightValue);
  if (allowance && allowance.steps < 0) return { row: { left, leftValue, operator, rightValue, met: false }, error };
  const met =
    operator === "is_changed"
      ? rightValue === (prior != null && !sameValue(prior(left), leftValue))
      : meets(leftValue, operator, rightValue);
  return { row: { left, leftValue, operator, rightValue, met }, error };
}
