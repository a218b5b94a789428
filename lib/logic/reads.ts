import { pathsIn } from "./formula/reckon";
import { askedPath } from "./meets";
import { templateParts } from "./references";
import type { Condition, Expression } from "./schema";

/**
 * The paths that a condition, an expression or a template reads, each once, in the order of their appearance. Dispatch loads them
 * before it asks the engine, and a run waits for the records behind them.
 */
export function pathsOf(source: Condition | Expression | string): readonly string[] {
  return [...new Set(read(source))];
}

function read(source: Condition | Expression | string): readonly string[] {
  if (typeof source === "string") return templateParts(source).flatMap((part) => ("ref" in part ? [part.ref] : []));
  if ("formula" in source) return pathsIn(source.formula);
  if ("requirements" in source)
    return source.requirements.flatMap(({ left, operator, right }) => [askedPath(left, operator), ...read(right)]);
  if ("ref" in source) return [source.ref];
  return "template" in source ? read(source.template) : [];
}
