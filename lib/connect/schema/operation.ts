import { z } from "zod";
import { apiName, label } from "../../logic/schema";
import { type Shape, shapeSchema } from "../../logic/shape";
import type { Value } from "../../logic/value";
import { inputsIn } from "./inputs-in";

/**
 * An operation described by hand: one request to a connection. Inputs named in `{braces}` go into the path, the query or a header; the others
 * are the JSON body of POST, PUT and PATCH, and the query of GET and DELETE.
 */
export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

/** Bounds (S63): seconds from the first look-up to the last byte, and tries in all. */
export const MAX_TIMEOUT_SECONDS = 10;
export const MAX_ATTEMPTS = 10;

/** Headers that are the connection's, the credential's or ours to set. */
const RESERVED = new Set(
  "host content-length transfer-encoding connection keep-alive upgrade te trailer expect content-type content-encoding accept-encoding authorization proxy-authorization proxy-connection cookie idempotency-key".split(
    " ",
  ),
);

export const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, "is no name of a header")
  .refine((name) => !RESERVED.has(name.toLowerCase()), "is a header that cannot be set here");
const headerValue = z
  .string()
  .max(2_000)
  .regex(/^[\x20-\x7e]*$/, "may hold printable ASCII characters only");

/**
 * What an answer outside 200 to 299 means, where it is not the usual (408, 425, 429 and 500 to 599 are tried again, the others fail at once).
 * `finish`: as if it had worked, without outputs.
 */
const errorRule = z.strictObject({
  status: z.string().regex(/^(?:[3-5]\d\d|[3-5]xx)$/, "must be a status such as 404, or 4xx for all of a kind"),
  outcome: z.enum(["fail", "retry", "finish"]),
  /** What the step's error says first. */
  message: z.string().trim().max(500).default(""),
});
export type ErrorRule = z.infer<typeof errorRule>;

const path = z
  .string()
  .max(2_000, "may have at most 2,000 characters")
  .regex(/^\/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]|\{[A-Za-z]\w*\})*$/, "must begin with / and be a path with {inputs}");

const input = shapeSchema
  .refine(({ type }) => type === "object", { path: ["type"], message: 'must be "object"' })
  .refine(({ properties }) => Object.keys(properties ?? {}).every((name) => apiName.safeParse(name).success), {
    path: ["properties"],
    message: "must have API names: letters, digits and single underscores",
  });

const described = z.strictObject({
  key: z.string().min(8).max(100),
  name: apiName,
  label,
  connectionId: z.string().min(1, "Choose one").max(60),
  method: z.enum(METHODS),
  path,
  headers: z.record(headerName, headerValue).default({}),
  input,
  output: shapeSchema.nullable(),
  timeoutSeconds: z.number().int("must be a whole number").min(1).max(MAX_TIMEOUT_SECONDS).default(MAX_TIMEOUT_SECONDS),
  maxAttempts: z.number().int("must be a whole number").min(1).max(MAX_ATTEMPTS).default(5),
  errors: z.array(errorRule).max(20).default([]),
});

const SCALARS: readonly unknown[] = ["string", "number", "integer", "boolean"];
type Templates = { readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly input: Shape };

/** Inputs in braces must be there and be plain values; those of the path cannot be left out, or another address would be called. */
function templateProblems({ path: at, headers, input: shape }: Templates): { path: string[]; message: string }[] {
  const problemOf = (name: string, isNeeded: boolean): string | null => {
    const wanted = new Map(Object.entries(shape.properties ?? {})).get(name);
    if (!wanted) return `{${name}} is no input`;
    if (!SCALARS.includes(wanted.type)) return `{${name}} must be a text, a number, or true or false`;
    return isNeeded && !shape.required?.includes(name) ? `{${name}} must be among the required inputs` : null;
  };
  const asked = [
    ...inputsIn(at).map((name) => ({ path: ["path"], message: problemOf(name, true) })),
    ...Object.entries(headers).flatMap(([header, value]) =>
      inputsIn(value).map((name) => ({ path: ["headers", header], message: problemOf(name, true) })),
    ),
  ];
  return asked.flatMap(({ path: place, message }) => (message === null ? [] : [{ path: place, message }]));
}

const ISSUE = "custom";
const checked = <T extends z.ZodType<Templates>>(schema: T) =>
  schema.superRefine((given, context) => {
    for (const { path: place, message } of templateProblems(given))
      context.addIssue({ code: ISSUE, path: place, message });
  });

export const newOperationInput = checked(described);
export const changeOperationInput = checked(described.extend({ version: z.number().int().min(1) }));
export type NewOperation = Omit<z.output<typeof newOperationInput>, "key">;
export type ChangeOperation = Omit<z.output<typeof changeOperationInput>, "key">;

export const operationNameInput = z.strictObject({ key: z.string().min(8).max(100), name: apiName });
const value: z.ZodType<Value> = z.json();
export const tryOperationInput = operationNameInput.extend({ inputs: z.record(apiName, value) });

/** What came of trying an operation. `text` is the beginning of the answer, which is data and never markup (S64). */
export type Trial = {
  readonly status: number | null;
  readonly text: string | null;
  readonly milliseconds: number;
  readonly outputs: { readonly [name: string]: Value } | null;
  readonly error: string | null;
  /** Whether a step would try again. */
  readonly mayRetry: boolean;
};
