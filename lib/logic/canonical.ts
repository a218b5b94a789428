/**
 * JSON with the keys of every object in code-unit order and no spaces, so that the same content has the same text whoever wrote it.
 * Used for content hashes of definitions and history rows. Members that are undefined are left out, as `JSON.stringify` does;
 * numbers that JSON cannot write become null. Not for values of unknown depth: what it is given has passed a schema or the boundary.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (value instanceof Date) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  let text = "";
  for (const name of Object.keys(value).sort()) {
    const member = (value as { readonly [name: string]: unknown })[name];
    if (member === undefined) continue;
    text += `${text ? "," : ""}${JSON.stringify(name)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
