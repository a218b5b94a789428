import type { Condition, Requirement } from "../../lib/logic/schema";
import { type Choices, chance, oneOf, weighted } from "./choices";
import { makeFormula } from "./random-formula";

/** What a random definition is made to have, in the shares of reliability 3.3. */
export type Features = {
  readonly isApproval: boolean;
  readonly hasPair: boolean;
  readonly hasImpossible: boolean;
  readonly hasCycle: boolean;
  readonly hasFailure: boolean;
};

export const STEPS = ["A", "B", "C", "D", "E"] as const;
const DAY_MS = 86_400_000;
/** Instants that conditions name, each with how far that is from the beginning of the made world. */
export const INSTANTS: readonly (readonly [string, number])[] = [10, 11, 12].map((days) => [
  new Date(Date.UTC(2026, 0, 1 + days)).toISOString(),
  days * DAY_MS,
]);

export type Making = {
  readonly choices: Choices;
  readonly features: Features;
  readonly stages: readonly string[];
};

export const makeEvaluation = (choices: Choices) => {
  const flow = oneOf(choices, ["Yes", "No", "Sometimes", "Sometimes", "Sometimes", "Yes", "Sometimes", "Broken"]);
  return { type: "evaluation_flow" as const, flow, inputs: { answer: { ref: "$Record.Flag" } } };
};

export const PATHS = (stages: readonly string[]): readonly string[] => [
  "kept",
  "$Record.Size",
  "wanted",
  "$Record.Word",
  "$Record__Prior.Size",
  ...stages.flatMap((stage) => [`${stage}A.Outputs.approvalDecision`, `${stage}B.Status`, `${stage}.Status`]),
];

export function makeCondition(making: Making): Condition {
  const { choices, features, stages } = making;
  if (chance(choices, 10)) {
    const steps = stages.flatMap((stage) => STEPS.slice(0, 3).map((step) => `${stage}${step}`));
    return { logic: "formula", formula: makeFormula(choices, steps), requirements: [] };
  }
  const count = chance(choices, 6) ? 4 + choices.below(7) : 1 + choices.below(3);
  const rows = Array.from({ length: count }, () => makeRequirement(making));
  if (features.hasImpossible && chance(choices, 60))
    rows[0] = { left: "wanted", operator: "equals", right: { literal: "Never" } };
  if (rows.length === 3 && chance(choices, 60))
    return { logic: "custom", custom: oneOf(choices, LOGIC), requirements: rows };
  return { logic: oneOf(choices, ["all", "any"] as const), requirements: rows };
}
const LOGIC = [
  "1 AND (2 OR 3)",
  "1 OR 2 AND 3",
  "NOT 1 AND 2 OR 3",
  "NOT (1 OR 2) OR NOT NOT 3",
  "(1 AND 2) OR (2 AND NOT (3))",
];

function makeRequirement({ choices, stages }: Making): Requirement {
  const stage = oneOf(choices, stages);
  const step = `${stage}${oneOf(choices, STEPS.slice(0, 3))}`;
  const literal = (left: string, operator: Requirement["operator"], value: string | number | boolean | string[]) => ({
    left,
    operator,
    right: { literal: value },
  });
  const yes = chance(choices, 30);
  return weighted<() => Requirement>(choices, [
    [
      5,
      () =>
        literal(
          `${step}.Status`,
          oneOf(choices, ["equals", "not_equals"] as const),
          oneOf(choices, ["Completed", "In Progress", "Error", "Not Started"]),
        ),
    ],
    [2, () => literal(`${stage}.Status`, "equals", oneOf(choices, ["Completed", "In Progress", "Error"]))],
    [
      4,
      () =>
        literal(
          "$Record.Size",
          oneOf(choices, [
            "equals",
            "not_equals",
            "greater_than",
            "less_than_or_equal",
            "greater_than_or_equal",
            "less_than",
          ] as const),
          choices.below(3),
        ),
    ],
    [2, () => literal("$Record.Parent.Level", "equals", choices.below(2))],
    [1, () => literal("$Record__Prior.Size", "is_null", yes)],
    [
      3,
      () =>
        literal(
          `${step}.Outputs.approvalDecision`,
          oneOf(choices, ["equals", "contains", "starts_with", "ends_with", "not_equals"] as const),
          oneOf(choices, ["Approve", "Reject", "App"]),
        ),
    ],
    [
      2,
      () =>
        literal(
          oneOf(choices, ["kept", "$Record.Word", "$Flow.FaultMessage"]),
          oneOf(choices, ["is_null", "is_blank", "was_set"] as const),
          yes,
        ),
    ],
    [1, () => literal("$Record.Word", oneOf(choices, ["in", "not_in"] as const), ["one", "two"])],
    [1, () => literal(stage, oneOf(choices, ["has_error", "was_visited"] as const), !yes)],
    [1, () => literal(step, "has_error", !yes)],
    [1, () => literal("Fork.One", "was_visited", !yes)],
    [
      2,
      () => ({
        left: "wanted",
        operator: "equals",
        right: { ref: oneOf(choices, ["kept", `${step}.Outputs.approvalDecision`]) },
      }),
    ],
    [
      2,
      () =>
        literal(
          "$Flow.CurrentDateTime",
          oneOf(choices, ["greater_than_or_equal", "less_than"] as const),
          oneOf(choices, INSTANTS)[0],
        ),
    ],
  ])();
}
