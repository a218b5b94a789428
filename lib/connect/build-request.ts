import { isList, type Value } from "../logic/value";
import { ok, type Result } from "../result";
import { inputsIn } from "./schema/inputs-in";
import type { Method } from "./schema/operation";

type Inputs = { readonly [name: string]: Value };
export type Template = {
  readonly method: Method;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
};
export type Built = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or null: none is sent. */
  readonly body: string | null;
};

/** Bytes of a body that is sent. */
const MAX_BODY_BYTES = 1_048_576;
const MAX_URL_CHARACTERS = 8_000;
const HAS_BODY: readonly Method[] = ["POST", "PUT", "PATCH"];

const plain = (value: Value | undefined): string | null =>
  value === undefined || value === null || typeof value === "object" ? null : String(value).toWellFormed();

/**
 * The request that an operation makes of its inputs, or a sentence why it cannot be made. An input can become a part of the path, a query or a
 * header, never more than that part: it is encoded, an empty one or `..` is refused, and so is what a header cannot hold (S63).
 */
export function buildRequest(baseUrl: string, template: Template, inputs: Inputs): Result<Built, string> {
  const given = new Map(Object.entries(inputs));
  const problem = (sentence: string) => ({ ok: false as const, refusal: sentence });
  const [path = "", query] = splitOnce(template.path, "?");
  const filled = fill(path, given);
  if (!filled.ok) return filled;
  const written = query === undefined ? ok("") : fill(query, given);
  if (!written.ok) return written;
  const headers = headersOf(template.headers, given);
  if (!headers.ok) return headers;

  const placed = new Set([template.path, ...Object.values(template.headers)].flatMap(inputsIn));
  const rest = [...given].filter(([name]) => !placed.has(name));
  const hasBody = HAS_BODY.includes(template.method);
  const asked = [...(written.value ? [written.value] : []), ...(hasBody ? [] : queryOf(rest))].join("&");
  const text = `${baseUrl}${filled.value}${asked ? `?${asked}` : ""}`;
  if (text.length > MAX_URL_CHARACTERS)
    return problem(`its address would be longer than ${MAX_URL_CHARACTERS} characters`);
  const url = new URL(text);
  if (url.pathname !== `${new URL(baseUrl).pathname.replace(/\/$/, "")}${filled.value}`)
    return problem("an input would lead to another path");
  const body = hasBody ? JSON.stringify(Object.fromEntries(rest)) : null;
  if (body !== null && Buffer.byteLength(body) > MAX_BODY_BYTES) return problem("its inputs are more than 1 MB");
  return ok({ url, headers: headers.value, body });
}

function splitOnce(text: string, mark: string): string[] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

type Given = ReadonlyMap<string, Value>;

function fill(template: string, given: Given): Result<string, string> {
  const wrong = inputsIn(template).find((name) => !plain(given.get(name)));
  if (wrong !== undefined) return { ok: false, refusal: `the input ${wrong} is empty, and stands in the address` };
  return ok(
    template.replace(/\{([A-Za-z]\w*)\}/g, (_, name: string) => encodeURIComponent(plain(given.get(name)) ?? "")),
  );
}

function headersOf(templates: Template["headers"], given: Given): Result<Record<string, string>, string> {
  const headers: [string, string][] = [];
  for (const [name, template] of Object.entries(templates)) {
    const value = template.replace(/\{([A-Za-z]\w*)\}/g, (_, input: string) => plain(given.get(input)) ?? "");
    if (!/^[\x20-\x7e]*$/.test(value))
      return { ok: false, refusal: `an input holds a character that the header ${name} cannot have` };
    headers.push([name, value.trim()]);
  }
  return ok(Object.fromEntries(headers));
}

/** A list is its entries one after another (`tag=a&tag=b`), an object its JSON; null is left out. */
const queryOf = (rest: readonly (readonly [string, Value])[]): string[] =>
  rest.flatMap(([name, value]) =>
    (isList(value) ? value : [value]).flatMap((one) => {
      if (one === null) return [];
      const text = typeof one === "object" ? JSON.stringify(one) : String(one);
      return [`${encodeURIComponent(name)}=${encodeURIComponent(text)}`];
    }),
  );
