import { z } from "zod";
import type { Problem } from "../result";
import { type DataType, FORBIDDEN_NAMES, isList, type Value } from "./value";

/**
 * The shape of a JSON value, written in a subset of JSON Schema (draft 2020-12), of which these words are known and mean what they mean
 * there: `type` (one, or a list), `properties`, `required`, `additionalProperties` (true or false), `items`, `enum`, `format` (asserted for
 * `date` and `date-time`, a note otherwise), `minLength`, `maxLength`, `minimum`, `maximum`, `minItems`, `maxItems`; `title` and
 * `description` are notes. Any other word is an error at its place, `pattern` and `$ref` too: what is not checked must not look as if it were.
 */
const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"] as const;
export type ShapeType = (typeof TYPES)[number];

/** Bounds of one shape. */
const MAX_DEPTH = 8;
const MAX_PARTS = 500;
const MAX_PROPERTIES = 200;

const count = z.number().int().min(0).max(1_000_000_000);
const propertyName = z
  .string()
  .min(1)
  .max(100)
  .refine((name) => !FORBIDDEN_NAMES.has(name), "is a reserved word");

const part = z.strictObject({
  type: z.union([z.enum(TYPES), z.array(z.enum(TYPES)).min(1).max(TYPES.length)], {
    error: `must be one of ${TYPES.join(", ")}, or a list of them`,
  }),
  title: z.string().max(255).optional(),
  description: z.string().max(2_000).optional(),
  get properties() {
    return z.record(propertyName, part).optional();
  },
  required: z.array(propertyName).max(MAX_PROPERTIES).optional(),
  additionalProperties: z.boolean({ error: "must be true or false" }).optional(),
  get items() {
    return part.optional();
  },
  enum: z
    .array(z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]))
    .min(1)
    .max(1_000)
    .optional(),
  format: z.string().max(50).optional(),
  minLength: count.optional(),
  maxLength: count.optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minItems: count.optional(),
  maxItems: count.optional(),
});
export type Shape = z.infer<typeof part>;

const childrenOf = ({ properties, items }: Shape): Shape[] => [
  ...Object.values(properties ?? {}),
  ...(items ? [items] : []),
];
const depthOf = (shape: Shape): number => 1 + Math.max(0, ...childrenOf(shape).map(depthOf));
const partsOf = (shape: Shape): number => childrenOf(shape).reduce((sum, child) => sum + partsOf(child), 1);

export const shapeSchema = part
  .refine((shape) => depthOf(shape) <= MAX_DEPTH, `may be at most ${MAX_DEPTH} levels deep`)
  .refine((shape) => partsOf(shape) <= MAX_PARTS, `may have at most ${MAX_PARTS} parts`);

/** What the whole of an answer is called where it is no object with names of its own. */
export const WHOLE = "answer";

/** The shapes of what a value of that shape gives by name: an object's properties, or the one value whole. */
export const namedParts = (shape: Shape): ReadonlyMap<string, Shape> =>
  new Map(shape.type === "object" ? Object.entries(shape.properties ?? {}) : [[WHOLE, shape]]);

/** The sort of value that such a shape is elsewhere in Baton; `any` where it has no name there. */
export function dataTypeOf(shape: Shape): DataType | "any" {
  const [type, ...others] = typesOf(shape).filter((one) => one !== "null");
  if (type === undefined || others.length > 0) return "any";
  switch (type) {
    case "string":
      return shape.format === "date" ? "date" : shape.format === "date-time" ? "datetime" : "text";
    case "number":
    case "integer":
      return "number";
    case "boolean":
      return "boolean";
    case "array":
      return shape.items && dataTypeOf(shape.items) === "text" ? "text_list" : "any";
    default:
      return "any";
  }
}

/** Problems that are told of one value. */
const MAX_TOLD = 20;

/** What of a value does not fit the shape, each at its path (`items[0].price`; "" is the value itself). None: it fits. */
export function shapeProblems(shape: Shape, value: Value, path = ""): Problem[] {
  const type = typesOf(shape).find((one) => isOf(one, value));
  if (!type) return [{ path, message: `must be ${wordsOf(shape)}, and is ${wordOf(value)}` }];
  const own = [...enumProblem(shape, value), ...sizeProblems(shape, value)];
  return [...own.map((message) => ({ path, message })), ...insideProblems(shape, value, path)].slice(0, MAX_TOLD);
}

const typesOf = ({ type }: Shape): readonly ShapeType[] => (typeof type === "string" ? [type] : type);

function isOf(type: ShapeType, value: Value): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return isList(value);
    case "object":
      return typeof value === "object" && value !== null && !isList(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

const WORDS: Readonly<Record<ShapeType, string>> = {
  object: "an object",
  array: "a list",
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  null: "null",
};
const wordsOf = (shape: Shape): string =>
  typesOf(shape)
    .map((type) => WORDS[type])
    .join(" or ");
const wordOf = (value: Value): string => WORDS[TYPES.find((type) => isOf(type, value)) ?? "null"];

function enumProblem({ enum: allowed }: Shape, value: Value): string[] {
  if (!allowed || allowed.some((one) => one === value)) return [];
  return [`must be one of ${allowed.slice(0, 10).map(String).join(", ")}${allowed.length > 10 ? ", …" : ""}`];
}

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const INSTANT =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

function sizeProblems(shape: Shape, value: Value): string[] {
  const told: string[] = [];
  const hold = (isFine: boolean, message: string) => isFine || told.push(message);
  if (typeof value === "number") {
    hold(value >= (shape.minimum ?? value), `must be at least ${shape.minimum}`);
    hold(value <= (shape.maximum ?? value), `must be at most ${shape.maximum}`);
  } else if (typeof value === "string") {
    const length = [...value].length;
    hold(length >= (shape.minLength ?? 0), `must have at least ${shape.minLength} characters`);
    hold(length <= (shape.maxLength ?? length), `may have at most ${shape.maxLength} characters`);
    hold(shape.format !== "date" || DATE.test(value), "must be a date such as 2026-11-21");
    hold(shape.format !== "date-time" || INSTANT.test(value), "must be an instant such as 2026-11-21T08:00:00Z");
  } else if (isList(value)) {
    hold(value.length >= (shape.minItems ?? 0), `must have at least ${shape.minItems} entries`);
    hold(value.length <= (shape.maxItems ?? value.length), `may have at most ${shape.maxItems} entries`);
  }
  return told;
}

function insideProblems(shape: Shape, value: Value, path: string): Problem[] {
  if (isList(value)) {
    const { items } = shape;
    return items ? value.flatMap((entry, at) => shapeProblems(items, entry, `${path}[${at}]`)) : [];
  }
  if (typeof value !== "object" || value === null) return [];
  const at = (name: string) => (path ? `${path}.${name}` : name);
  const known = new Map(Object.entries(shape.properties ?? {}));
  const missing = (shape.required ?? []).filter((name) => !Object.hasOwn(value, name));
  const given = Object.entries(value).flatMap(([name, inner]) => {
    const wanted = known.get(name);
    if (wanted) return shapeProblems(wanted, inner, at(name));
    return shape.additionalProperties === false ? [{ path: at(name), message: "is not known here" }] : [];
  });
  return [...missing.map((name) => ({ path: at(name), message: "is missing" })), ...given];
}
