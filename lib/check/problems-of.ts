import type { z } from "zod";
import type { Problem } from "../result";

/** `["elements", 0, "steps", 1, "flow"]` as people read it: `elements[0].steps[1].flow`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`),
    "",
  );

type Issue = z.core.$ZodIssue;

const NOUN: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let at = input;
  for (const key of path) {
    if (at === null || typeof at !== "object" || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

const quoted = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(", ");

/** Zod's own messages begin with a capital; those that a schema gives itself are already words for people. */
const isOwn = (message: string): boolean => message !== "" && !/^(Invalid|Too |Unrecognized)/.test(message);

function words(issue: Issue, value: unknown): string {
  if (value === undefined && issue.code !== "unrecognized_keys") return "is missing";
  if (isOwn(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `must be ${NOUN[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return issue.values.length === 1 ? `must be ${quoted(issue.values)}` : `must be one of ${quoted(issue.values)}`;
    case "too_big":
      return issue.origin === "array"
        ? `may have at most ${issue.maximum} entries`
        : issue.origin === "string"
          ? `may have at most ${issue.maximum} characters`
          : `may be at most ${issue.maximum}`;
    case "too_small":
      return issue.origin === "array"
        ? `needs at least ${issue.minimum} entries`
        : issue.origin === "string"
          ? `needs at least ${issue.minimum} characters`
          : `must be at least ${issue.minimum}`;
    case "invalid_key":
      return "is not a name that may be used here";
    default:
      return "is not of a form that is known here";
  }
}

function problemsOfIssue(issue: Issue, base: readonly PropertyKey[], input: unknown): Problem[] {
  const path = [...base, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: pathText([...path, key]),
      message: "is not a property that is known here",
    }));
  }
  if (
    issue.code === "invalid_union" &&
    "discriminator" in issue &&
    typeof issue.discriminator === "string" &&
    !isOwn(issue.message)
  ) {
    const at = [...(path.at(-1) === issue.discriminator ? path : [...path, issue.discriminator])];
    const options =
      "options" in issue && Array.isArray(issue.options)
        ? `must be one of ${quoted(issue.options.filter((option) => option !== undefined))}`
        : "is not a kind that is known here";
    return [{ path: pathText(at), message: valueAt(input, at) === undefined ? `is missing; it ${options}` : options }];
  }
  if (issue.code === "invalid_union") {
    const meant = branchMeant(issue.errors);
    if (meant && valueAt(input, path) !== undefined)
      return meant.flatMap((inner) => problemsOfIssue(inner, path, input));
  }
  return [{ path: pathText(path), message: words(issue, valueAt(input, path)) }];
}

/** Of several allowed forms the one that has the keys that were written: its mistakes are worth more than "one of these". */
function branchMeant(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const near = branches.filter(
    (issues) =>
      !issues.some(({ code, path }) => code === "unrecognized_keys" || (code === "invalid_type" && path.length === 0)),
  );
  return near.length === 1 ? (near[0] ?? null) : null;
}

/** What zod found, as problems at their paths in words for people, in the order of the input. `input` is what was parsed. */
export function problemsOf(error: z.ZodError, input?: unknown): Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, [], input));
}
