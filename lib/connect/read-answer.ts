import { type Shape, shapeProblems, WHOLE } from "../logic/shape";
import { FORBIDDEN_NAMES, isList, type Value } from "../logic/value";
import { BOUNDS, sizeProblem } from "../request";
import { ok, type Result } from "../result";

type Values = { readonly [name: string]: Value };

/** Bytes of what a step keeps of an answer. */
const MAX_OUTPUT_BYTES = 256 * 1_024;

/** What is said of an answer that is past one of the bounds, by the refusal's code. */
const PAST_BOUNDS: ReadonlyMap<string, string> = new Map([
  ["too-deep", `is nested more than ${BOUNDS.depth} levels deep`],
  ["too-many-keys", `has more than ${BOUNDS.keys} names, or a list of more than ${BOUNDS.entries} entries`],
  ["too-long", `has a text of more than ${BOUNDS.textCharacters} characters`],
  ["too-large", `is more than ${BOUNDS.bytes} bytes`],
]);

/**
 * The outputs that an answer holds: the properties of an object that its shape declares, the whole of anything else as `answer`; or a sentence
 * that says where it is not as described.
 */
export function readAnswer(shape: Shape | null, contentType: string | undefined, text: string): Result<Values, string> {
  if (shape === null) return ok({});
  const problem = (sentence: string) => ({ ok: false as const, refusal: sentence });
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType ?? ""))
    return problem(`its answer is ${contentType ? "of another type than JSON" : "of no type"}`);
  const parsed = parse(text);
  if (parsed === undefined) return problem("its answer is not JSON");
  const size = sizeProblem(parsed);
  if (size) return problem(`its answer ${PAST_BOUNDS.get(size.code) ?? "holds a character that cannot be kept"}`);
  const [wrong, ...more] = shapeProblems(shape, parsed);
  if (wrong) {
    const others = more.length > 0 ? ` (and ${more.length} more)` : "";
    return problem(`its answer is not as described: ${wrong.path || "it"} ${wrong.message}${others}`);
  }
  const value = declared(shape, parsed);
  const outputs = shape.type === "object" ? value : { [WHOLE]: value };
  const bytes = Buffer.byteLength(JSON.stringify(outputs));
  return bytes > MAX_OUTPUT_BYTES ? problem("its outputs are more than 256 KB") : ok(outputs as Values);
}

function parse(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

/** Without properties that the shape does not name, where it names any; never with a name that means something to JavaScript (S45). */
function declared(shape: Shape | undefined, value: Value): Value {
  if (isList(value)) return value.map((entry) => declared(shape?.items, entry));
  if (typeof value !== "object" || value === null) return value;
  const known = shape?.properties && new Map(Object.entries(shape.properties));
  const kept = Object.entries(value).filter(
    ([name]) => !FORBIDDEN_NAMES.has(name) && (!known || known.has(name) || shape?.additionalProperties === true),
  );
  return Object.fromEntries(kept.map(([name, inner]) => [name, declared(known?.get(name), inner)]));
}
