import { z } from "zod";
import { FORBIDDEN_NAMES, MAX_TEXT_CHARACTERS, type Value } from "./value";

/**
 * The shapes that orchestrations and flows share: names, references, expressions and conditions. Native JSON, strict: a key that is
 * not declared is an error with its path.
 */

/** Requirements of one condition (semantics A23, seed 000). */
const MAX_REQUIREMENTS = 10;

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

/** Where a value comes from: written down, read, or a text with `{!references}` in it. */
export const expression = z.union(
  [
    z.strictObject({ literal }),
    z.strictObject({ ref: reference }),
    z.strictObject({ template: z.string().max(MAX_TEXT_CHARACTERS) }),
  ],
  { error: 'must be one of { "literal": … }, { "ref": "…" } or { "template": "…" }' },
);
export type Expression = z.infer<typeof expression>;

/** The operators of semantics B 4.1 that the spine evaluates. `is_null`, `is_blank` and `is_changed` take true or false on the right. */
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
  "is_null",
  "is_blank",
  "is_changed",
] as const;
export type Operator = (typeof OPERATORS)[number];

const requirement = z.strictObject({ left: reference, operator: z.enum(OPERATORS), right: expression });
export type Requirement = z.infer<typeof requirement>;

export const condition = z.strictObject({
  logic: z.enum(["all", "any"]).default("all"),
  requirements: z
    .array(requirement)
    .min(1, "needs at least one requirement")
    .max(MAX_REQUIREMENTS, `may have at most ${MAX_REQUIREMENTS} requirements`),
});
export type Condition = z.infer<typeof condition>;

/**
 * What a condition saw when it was evaluated. Stored with the step, so that "why is this waiting" is read, not guessed.
 * An evaluation flow leaves one row whose `left` is the flow's name.
 */
export type Proof = {
  readonly met: boolean;
  readonly logic: "all" | "any" | "flow" | "none";
  readonly requirements: readonly {
    readonly left: string;
    readonly leftValue: Value;
    readonly operator: Operator | "returns_true";
    readonly rightValue: Value;
    readonly met: boolean;
  }[];
};
