import { reckon } from "./formula/reckon";
import { type Allowance, takeFor } from "./formula/world";
import { type Clock, withGlobals } from "./globals";
import { type Lookup, templateParts } from "./references";
import type { Expression } from "./schema";
import { textOf } from "./text-of";
import { MAX_TEXT_CHARACTERS, type Value } from "./value";

/** At what time, and what this and other expressions may take together. */
export type Seen = { readonly clock?: Clock | undefined; readonly allowance?: Allowance | undefined };

/** The value an expression stands for at that time. Total: a path that leads nowhere is null, and so is what cannot be reckoned. */
export const valueFrom = (expression: Expression, lookup: Lookup, seen: Seen = {}): Value =>
  valued(expression, lookup, seen).value;

/** The same, with a sentence about what could not be reckoned. */
export function valued(
  expression: Expression,
  lookup: Lookup,
  { clock, allowance }: Seen,
): { readonly value: Value; readonly error: string | null } {
  if ("literal" in expression) return { value: expression.literal, error: null };
  const seen = withGlobals(lookup, clock);
  if ("ref" in expression) return { value: seen(expression.ref), error: null };
  if ("formula" in expression) return reckon(expression.formula, seen, { clock, allowance });
  const value = fillTemplate(expression.template, seen);
  takeFor(allowance, value);
  return { value, error: null };
}

/**
 * A text with its `{!references}` replaced by their values' texts. Nothing is executed or filled twice: a value that itself holds
 * `{!…}` stays as it is (S75). Cut at MAX_TEXT_CHARACTERS. `show` says how a value reads: as data, unless people read the text.
 */
export function fillTemplate(text: string, lookup: Lookup, show: (value: Value) => string = textOf): string {
  let filled = "";
  for (const part of templateParts(text)) {
    filled += "ref" in part ? show(lookup(part.ref)) : part.text;
    if (filled.length > MAX_TEXT_CHARACTERS) return filled.slice(0, MAX_TEXT_CHARACTERS);
  }
  return filled;
}
