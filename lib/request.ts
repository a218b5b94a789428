import { env, publicOrigins } from "./env";
import { ok, type Refusal, type Result, refuse } from "./result";

/** What every door asks of a request before anything else: where it comes from, and how much it brings. */

/** Bounds of what one request may bring (S43). Bytes are those of its JSON. */
export const BOUNDS = { bytes: 1_048_576, depth: 32, keys: 2_000, textCharacters: 100_000, entries: 10_000 } as const;

/**
 * A request that changes something must name one of our own addresses as its origin; a missing one is refused, because a browser always
 * sends it with a POST (S18). Null: it may go on. Bearer tokens are asked elsewhere: a browser never adds those by itself.
 */
export function originProblem(headers: Headers): Refusal | null {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  const isOwn = origin !== null && publicOrigins(env()).includes(origin);
  return isOwn && site !== "cross-site" ? null : { code: "foreign-origin" };
}

/** PostgreSQL stores neither NUL nor half of a surrogate pair (F57). */
const isStorable = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

type Count = { keys: number; bytes: number; readonly textCharacters: number };
/** Where in the input: `values.Reason`, `list[0].name`. */
type Place = { readonly path: string; readonly depth: number };

const MAX_PATH_CHARACTERS = 200;
const counted = new Intl.NumberFormat("en");

/** What keeps a text from being taken, at its place, so that a form can mark the field; null when nothing does. */
function textProblem(text: string, path: string, limit: number): Refusal | null {
  const at = (message: string) => [{ path: path.slice(0, MAX_PATH_CHARACTERS), message }];
  if (!isStorable(text)) return { code: "unprintable", problems: at("holds a character that cannot be kept") };
  if (text.length <= limit) return null;
  const message = `may have at most ${counted.format(limit)} characters, and has ${counted.format(text.length)}`;
  return {
    code: "too-long",
    details: { limit: `${counted.format(Math.round(limit / 1_000))} KB` },
    problems: at(message),
  };
}

function measure(value: unknown, { path, depth }: Place, count: Count): Refusal | null {
  if (depth > BOUNDS.depth) return refuse("too-deep", { details: { limit: BOUNDS.depth } }).refusal;
  if (typeof value === "string") {
    count.bytes += Buffer.byteLength(value) + 2;
    const problem = textProblem(value, path, count.textCharacters);
    if (problem) return problem;
  } else if (Array.isArray(value)) {
    if (value.length > BOUNDS.entries) return refuse("too-many-keys", { details: { limit: BOUNDS.entries } }).refusal;
    for (const [index, entry] of value.entries()) {
      const problem = measure(entry, { path: `${path}[${index}]`, depth: depth + 1 }, count);
      if (problem) return problem;
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, entry] of Object.entries(value)) {
      count.keys++;
      count.bytes += key.length + 4;
      if (!isStorable(key)) return { code: "unprintable" };
      if (count.keys > BOUNDS.keys) return refuse("too-many-keys", { details: { limit: "2,000" } }).refusal;
      const problem = measure(entry, { path: path ? `${path}.${key}` : key, depth: depth + 1 }, count);
      if (problem) return problem;
    }
  } else {
    count.bytes += 8;
  }
  return count.bytes > BOUNDS.bytes ? refuse("too-large", { details: { limit: "1 MB" } }).refusal : null;
}

/** Whether an input is too large, deep or wide to be looked at at all; a text that is at fault is named by its path. Null: it is not. A definition's text may be longer than others. */
export const sizeProblem = (input: unknown, textCharacters: number = BOUNDS.textCharacters): Refusal | null =>
  measure(input, { path: "", depth: 1 }, { keys: 0, bytes: 0, textCharacters });

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** The next part of a body. One that breaks off is its sender's doing, or their network's, and nobody's fault here. */
async function readPart(reader: Reader): Promise<Result<ReadableStreamReadResult<Uint8Array>>> {
  try {
    return ok(await reader.read());
  } catch {
    return refuse("body-cut");
  }
}

/** The bytes of a body, read no further than the bound; refused before a byte more is kept. Refusals: `too-large`, `body-cut`. */
export async function readBytes(request: Request, limit: number = BOUNDS.bytes): Promise<Result<Buffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = request.body?.getReader();
  while (reader) {
    const part = await readPart(reader);
    if (!part.ok) return part;
    if (part.value.done) break;
    bytes += part.value.value.byteLength;
    if (bytes > limit) {
      await reader.cancel();
      return refuse("too-large", { details: { limit: `${limit / 1_048_576} MB` } });
    }
    chunks.push(part.value.value);
  }
  return ok(Buffer.concat(chunks));
}

/** The JSON in those bytes, which must be UTF-8. */
export function parseJson(bytes: Buffer): Result<unknown> {
  try {
    return ok(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return refuse("not-json");
  }
}
