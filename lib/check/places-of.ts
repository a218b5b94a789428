/** Where something stands in a text: a line, from 1, and the count of characters before it. */
export type TextPlace = { readonly line: number; readonly offset: number };

const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/y;

/**
 * Where each value of a JSON text stands, by the path that problems name (`elements[0].steps[1].flow`; the whole is the empty path).
 * Reads as far as the text is JSON; `brokenAt` is where it stops being so.
 */
export function placesOf(text: string): { places: ReadonlyMap<string, TextPlace>; brokenAt: TextPlace | null } {
  const places = new Map<string, TextPlace>();
  const open: { path: string; index: number | null; key: string | null }[] = [];
  let line = 1;
  let awaitsKey = false;
  TOKEN.lastIndex = 0;
  for (let offset = 0; offset < text.length; offset = TOKEN.lastIndex) {
    TOKEN.lastIndex = offset;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return { places, brokenAt: { line, offset } };
    const top = open.at(-1);
    if (token.trim() === "") {
      line += token.split("\n").length - 1;
    } else if (token === "}" || token === "]") {
      open.pop();
      awaitsKey = false;
    } else if (token === ",") {
      if (top && top.index !== null) top.index++;
      awaitsKey = top?.index === null;
    } else if (awaitsKey && top && token.startsWith('"')) {
      top.key = keyOf(token);
      awaitsKey = false;
    } else if (token !== ":") {
      const path = top
        ? top.index !== null
          ? `${top.path}[${top.index}]`
          : top.path === ""
            ? (top.key ?? "")
            : `${top.path}.${top.key ?? ""}`
        : "";
      if (!places.has(path)) places.set(path, { line, offset });
      if (token === "{" || token === "[") {
        open.push({ path, index: token === "[" ? 0 : null, key: null });
        awaitsKey = token === "{";
      }
    }
  }
  return { places, brokenAt: open.length > 0 ? { line, offset: text.length } : null };
}

/** A key without its quotes; one with a broken escape stays as it is written. */
function keyOf(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token.slice(1, -1);
  }
}

/** The place of a problem: of its path, or of the nearest thing around it that is there. */
export function placeOf(path: string, places: ReadonlyMap<string, TextPlace>): TextPlace | null {
  for (let at = path; ; at = at.replace(/(\.[^.[\]]*|\[\d+\]|^[^.[\]]+)$/, "")) {
    const found = places.get(at);
    if (found) return found;
    if (at === "") return null;
  }
}
