import { isList, ownProperty, type Value } from "./value";

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
