import type { ShownOperation } from "@/lib/connect/schema/connection";
import type { ErrorRule, Method } from "@/lib/connect/schema/operation";
import type { Shape } from "@/lib/logic/shape";
import type { Problem } from "@/lib/result";

/** An operation as its form holds it: what people write as text is text until it is sent. */
export type OperationDraft = {
  readonly label: string;
  readonly connectionId: string;
  readonly method: Method;
  readonly path: string;
  /** `Name: value`, one a line. */
  readonly headers: string;
  readonly input: string;
  /** Empty: nothing is read of the answer. */
  readonly output: string;
  readonly timeoutSeconds: number;
  readonly maxAttempts: number;
  readonly errors: readonly ErrorRule[];
};

const written = (shape: Shape | null): string => (shape === null ? "" : JSON.stringify(shape, null, 2));

export const draftOf = ({ headers, input, output, name: _, version: __, ...rest }: ShownOperation): OperationDraft => ({
  ...rest,
  headers: Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n"),
  input: written(input),
  output: written(output),
});

type Read<T> = { readonly value: T } | { readonly problem: Problem };

function readShape(path: string, text: string): Read<Shape> {
  try {
    // The action's schema says what of it is no shape, at its place.
    return { value: JSON.parse(text) as Shape };
  } catch (error) {
    return {
      problem: { path, message: `is not JSON: ${error instanceof Error ? error.message : "it cannot be read"}` },
    };
  }
}

function readHeaders(text: string): Read<Record<string, string>> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const wrong = lines.find((line) => !/^[^:\s]+\s*:/.test(line));
  if (wrong !== undefined)
    return { problem: { path: "headers", message: `“${wrong.slice(0, 40)}” must be Name: value` } };
  const pairs = lines.map((line): [string, string] => {
    const at = line.indexOf(":");
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
  return { value: Object.fromEntries(pairs) };
}

/** What the action is sent, or what of the draft's texts cannot be read. */
export function readDraft({ headers, input, output, errors, ...rest }: OperationDraft) {
  const parts = { headers: readHeaders(headers), input: readShape("input", input) };
  const answer: Read<Shape | null> = output.trim() === "" ? { value: null } : readShape("output", output);
  const problems = [parts.headers, parts.input, answer].flatMap((part) => ("problem" in part ? [part.problem] : []));
  if ("problem" in parts.headers || "problem" in parts.input || "problem" in answer) return { problems };
  return {
    value: {
      ...rest,
      headers: parts.headers.value,
      input: parts.input.value,
      output: answer.value,
      errors: [...errors],
    },
  };
}
