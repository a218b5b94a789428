import { z } from "zod";
import { FORBIDDEN_NAMES, MAX_TEXT_CHARACTERS, type Value } from "./value";

/**
 * The shapes that orchestrations and flows share: names, references, expressions and conditions. Native JSON, strict: a key that is
 * not declared is an error with its path.
 */

/** Requirements of one condition (semantics A23, seed 000). */
const MAX_REQUIREMENTS = 10;
/** Characters of `1 AND (2 OR NOT 3)` and of a formula. */
const MAX_CUSTOM_CHARACTERS = 1_000;
export const MAX_FORMULA_CHARACTERS = 4_000;

export const apiName = z
  .string()
  .regex(
    /^[A-Za-z](?:_?[A-Za-z0-9])*$/,
    "must begin with a letter and hold only letters, digits and single underscores",
  )
  .max(80, "must be at most 80 characters")
  .refine((name) => !FORBIDDEN_NAMES.has(name), "is a reserved word");

export const label = z.string().trim().min(1, "must not be empty").max(255, "must be at most 255 characters");

/**
 * A path to a value: `$Record.Amount`, `$Record.Owner.Manager`, `$Record__Prior.Status`, `$Orchestration.Instance`, `ApproveLoan.Status`,
 * `ApproveLoan.Outputs.comment`, or the name of a variable, of a screen field or of a record variable's field (`theLoan.Amount`).
 */
export const reference = z
  .string()
  .regex(/^\$?[A-Za-z]\w*(?:\.[A-Za-z]\w*){0,9}$/, "must be names joined by dots, such as $Record.Owner.Manager")
  .refine((path) => path.split(".").every((name) => !FORBIDDEN_NAMES.has(name)), "names a reserved word");

const literal = z.union([
  z.string().max(MAX_TEXT_CHARACTERS),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string().max(1_000)).max(1_000),
]);

const formula = z
  .string()
  .max(MAX_FORMULA_CHARACTERS, `may have at most ${MAX_FORMULA_CHARACTERS} characters`)
  .refine((text) => text.trim() !== "", "must not be empty");

/** Where a value comes from: written down, read, a text with `{!references}` in it, or reckoned (`lib/logic/formula`). */
export const expression = z.union(
  [
    z.strictObject({ literal }),
    z.strictObject({ ref: reference }),
    z.strictObject({ template: z.string().max(MAX_TEXT_CHARACTERS) }),
    z.strictObject({ formula }),
  ],
  { error: 'must be one of { "literal": … }, { "ref": "…" }, { "template": "…" } or { "formula": "…" }' },
);
export type Expression = z.infer<typeof expression>;

/**
 * The operators of semantics B 4.1. Those that ask a question (`is_…`, `was_…`, `has_error`) take true or false on the right; `in` and
 * `not_in` take a list. `was_visited` and `has_error` are asked of a stage, an element or an outcome.
 */
export const OPERATORS = [
  "equals",
  "not_equals",
  "greater_than",
  "greater_than_or_equal",
  "less_than",
  "less_than_or_equal",
  "contains",
  "starts_with",
  "ends_with",
  "in",
  "not_in",
  "includes",
  "is_null",
  "is_blank",
  "is_empty",
  "is_changed",
  "was_set",
  "was_visited",
  "has_error",
] as const;
export type Operator = (typeof OPERATORS)[number];

const requirement = z.strictObject({ left: reference, operator: z.enum(OPERATORS), right: expression });
export type Requirement = z.infer<typeof requirement>;

const requirements = z
  .array(requirement)
  .min(1, "needs at least one requirement")
  .max(MAX_REQUIREMENTS, `may have at most ${MAX_REQUIREMENTS} requirements`);

/** Requirements of which all, any, or those that custom logic asks for by their numbers (from 1) hold; or a formula that is true. */
export const condition = z.discriminatedUnion("logic", [
  // The inner `optional` lets the union choose this form where `logic` is left out.
  z.strictObject({ logic: z.enum(["all", "any"]).optional().default("all"), requirements }),
  z.strictObject({
    logic: z.literal("custom"),
    custom: z.string().max(MAX_CUSTOM_CHARACTERS, `may have at most ${MAX_CUSTOM_CHARACTERS} characters`),
    requirements,
  }),
  z.strictObject({
    logic: z.literal("formula"),
    formula,
    requirements: z.array(requirement).max(0, "must be left out beside a formula").default([]),
  }),
]);
export type Condition = z.infer<typeof condition>;

/** `reads` is a row of a formula: a path with the value that it had, which has no verdict of its own. */
export type ProofOperator = Operator | "returns_true" | "reads";

/**
 * What a condition saw when it was evaluated. Stored with the step, so that "why is this waiting" is read, not guessed.
 * An evaluation flow leaves one row whose `left` is the flow's name. `custom` and `formula` are as they were written; `error` says in a
 * sentence why something could not be reckoned, which then counted as not met.
 */
export type Proof = {
  readonly met: boolean;
  readonly logic: "all" | "any" | "custom" | "formula" | "flow" | "none";
  readonly requirements: readonly {
    readonly left: string;
    readonly leftValue: Value;
    readonly operator: ProofOperator;
    readonly rightValue: Value;
    readonly met: boolean;
  }[];
  readonly custom?: string;
  readonly formula?: string;
  readonly error?: string;
  /** Of a condition that a change must have made hold: how it stood before the change. `met` counts both. */
  readonly before?: Omit<Proof, "before">;
};
