import { FORBIDDEN_NAMES, ownProperty, type Value } from "./value";

/** Answers a path (`$Record.Owner.Manager`, `ApproveLoan.Status`, `theLoan.Amount`) with its value now; null when it leads nowhere. Never throws. */
export type Lookup = (path: string) => Value;

/** What follows the name in `{!name.more}`; a definition's names hold nothing else (`lib/logic/schema.ts`). */
const IN_TEXT = /\{!\s*(\$?[A-Za-z]\w*(?:\.[A-Za-z]\w*){0,9})\s*\}/g;

export type TemplatePart = { readonly text: string } | { readonly ref: string };

/** A template cut into its texts and references. Braces that hold no reference stay text. */
export function templateParts(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (const match of template.matchAll(IN_TEXT)) {
    if (match.index > from) parts.push({ text: template.slice(from, match.index) });
    parts.push({ ref: match[1] ?? "" });
    from = match.index + match[0].length;
  }
  if (from < template.length) parts.push({ text: template.slice(from) });
  return parts;
}

/**
 * Reads a path out of a value by own properties only (S45). A flat key wins over nested ones, so that `{ "Owner.Name": … }`, as
 * `resolvePaths` of `lib/records` answers, and `{ Owner: { Name: … } }` are read alike.
 */
export function readPath(root: Value, path: string): Value {
  let at: Value = root;
  let rest = path;
  for (;;) {
    if (at !== null && typeof at === "object" && Object.hasOwn(at, rest) && !FORBIDDEN_NAMES.has(rest))
      return ownProperty(at, rest);
    const dot = rest.indexOf(".");
    if (dot < 0) return null;
    const head = rest.slice(0, dot);
    if (FORBIDDEN_NAMES.has(head)) return null;
    at = ownProperty(at, head);
    rest = rest.slice(dot + 1);
  }
}

/** A lookup over one tree of values whose first names are the paths' first names. */
export const lookupIn =
  (root: { readonly [name: string]: Value }): Lookup =>
  (path) =>
    readPath(root, path);
