import { type Lookup, templateParts } from "./references";
import type { Expression } from "./schema";
import { isList, MAX_TEXT_CHARACTERS, ownProperty, type Value } from "./value";

/** The value an expression stands for now. Total: a path that leads nowhere is null. */
export function valueFrom(expression: Expression, lookup: Lookup): Value {
  if ("ref" in expression) return lookup(expression.ref);
  if ("template" in expression) return fillTemplate(expression.template, lookup);
  return expression.literal;
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

/** How a value reads inside a text: null as nothing, a list joined by `;` (semantics B 4.1), a record by its name. */
export function textOf(value: Value): string {
  if (value === null) return "";
  if (typeof value !== "object") return String(value);
  if (isList(value)) return value.map(itemText).join(";");
  return recordText(value);
}

const itemText = (item: Value): string =>
  item === null ? "" : typeof item === "object" ? recordText(item) : String(item);

function recordText(record: Value): string {
  const shown = ownProperty(record, "Name") ?? ownProperty(record, "Id");
  return shown === null || typeof shown === "object" ? "" : String(shown);
}
