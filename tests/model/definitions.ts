import type {
  AssigneeDefinition,
  DecisionDefinition,
  Entry,
  Orchestration,
  StageDefinition,
  StageExit,
  StepDefinition,
  StepExit,
} from "../../lib/engine/definition";
import type { Condition, Requirement } from "../../lib/logic/schema";
import { type Choices, chance, oneOf, weighted } from "./choices";

/** Random definitions as reliability 3.3 asks for them: small, with what breaks engines in known shares. */
export type Features = {
  readonly isApproval: boolean;
  readonly hasPair: boolean;
  readonly hasImpossible: boolean;
  readonly hasCycle: boolean;
  readonly hasFailure: boolean;
};

export type MadeDefinition = { readonly definition: Orchestration; readonly features: Features };

const STEPS = ["A", "B", "C", "D", "E"] as const;
export const TEN_DAYS = Date.UTC(2026, 0, 11);

type Making = { readonly choices: Choices; readonly features: Features; readonly stages: readonly string[] };

export function makeDefinition(choices: Choices): MadeDefinition {
  const features: Features = {
    isApproval: chance(choices, 40),
    hasPair: chance(choices, 30),
    hasImpossible: chance(choices, 20),
    hasCycle: chance(choices, 10),
    hasFailure: chance(choices, 10),
  };
  const stages = ["S", "T", "U", "V"].slice(
    0,
    weighted(choices, [
      [3, 1],
      [4, 2],
      [3, 3],
      [1, 4],
    ] as const),
  );
  const making = { choices, features, stages };
  const elements = [...stages.map((name) => makeStage(making, name)), ...makeDecisions(making)];
  const text = { isInput: false, type: "text", default: null } as const;
  const definition: Orchestration = {
    kind: "orchestration",
    processType: features.isApproval ? "approval" : "orchestrator",
    name: "Random",
    label: "Random",
    description: "",
    start: { type: "autolaunched", object: "Deal", oneOpenRun: false, next: chance(choices, 5) ? "Fork" : "S" },
    variables: [
      { ...text, name: "kept" },
      { ...text, name: "wanted", isInput: true, default: "Approve" },
      { ...text, name: "size", type: "number", isInput: true },
    ],
    elements,
    apiVersion: 68,
    runAsAllowed: ["zoe"],
    onLocked: oneOf(choices, ["wait", "wait", "fail"] as const),
  };
  return { definition, features };
}

function makeStage(making: Making, name: string): StageDefinition {
  const { choices, features } = making;
  const names = STEPS.slice(
    0,
    weighted(choices, [
      [4, 1],
      [4, 2],
      [3, 3],
      [1, 4],
      [1, 5],
    ] as const),
  );
  const steps = names.map((step) => makeStep(making, name, `${name}${step}`));
  const isFirst = name === "S";
  if (isFirst && features.hasPair)
    steps.push(inPair(makeStep(making, name, "SE")), inPair(makeStep(making, name, "SD")));
  if (isFirst && features.hasFailure)
    steps.unshift(makeBackground({ ...makeCommon(making, name, "SX"), entry: { type: "stage_starts" } }, "Fails"));
  if (isFirst && features.hasCycle) {
    steps.push(makeBackground({ ...makeCommon(making, name, "SY"), entry: after("SZ") }, "Sync"));
    steps.push(makeBackground({ ...makeCommon(making, name, "SZ"), entry: after("SY") }, "Sync"));
  }
  const seen = new Set<string>();
  return {
    type: "stage",
    name,
    label: name,
    description: "",
    steps: steps.filter((step) => !seen.has(step.name) && seen.add(step.name)),
    exit: weighted<() => StageExit>(choices, [
      [8, () => ({ type: "all_steps_completed" })],
      [1, () => ({ type: "requirements", condition: makeCondition(making) })],
      [1, () => makeEvaluation(choices)],
    ])(),
    next: makeNext(making, name),
    ...(chance(choices, 20) ? { faultNext: makeNext(making, name) } : {}),
  };
}

const inPair = <T extends StepDefinition>(step: T): T => ({ ...step, entry: { type: "stage_starts" } });
const after = (step: string): Entry => ({ type: "step_completed", step });

/** Mostly onwards; back into a loop now and then. */
function makeNext({ choices, stages }: Making, name: string): string | null {
  const onwards = stages[stages.indexOf(name) + 1] ?? null;
  return weighted(choices, [
    [6, onwards],
    [1, null],
    [1, "Fork"],
    [1, oneOf(choices, stages)],
  ]);
}

function makeDecisions(making: Making): DecisionDefinition[] {
  const { choices, stages } = making;
  const to = () =>
    weighted(choices, [
      [4, oneOf(choices, stages)],
      [2, null],
      [1, "Fork"],
      [1, "Other"],
    ]);
  const make = (name: string): DecisionDefinition => ({
    type: "decision",
    name,
    label: name,
    outcomes: ["One", "Two"]
      .slice(0, 1 + choices.below(2))
      .map((outcome) => ({ name: outcome, label: outcome, when: makeCondition(making), next: to() })),
    defaultLabel: "Otherwise",
    defaultNext: weighted(choices, [
      [3, null],
      [1, to()],
    ]),
  });
  return [make("Fork"), make("Other")];
}

function makeCommon({ choices, stages, features }: Making, stage: string, name: string) {
  const sibling = () => `${stage}${oneOf(choices, STEPS)}`;
  const making = { choices, stages, features };
  const entry: Entry = weighted<() => Entry>(choices, [
    [6, () => ({ type: "stage_starts" })],
    [4, () => after(name.endsWith("A") ? sibling() : `${stage}A`)],
    [2, () => ({ type: "requirements", condition: makeCondition(making) })],
    [1, () => makeEvaluation(choices)],
  ])();
  return {
    name,
    label: name,
    description: "",
    entry,
    inputs: chance(choices, 30) ? { said: { ref: oneOf(choices, PATHS(stages)) }, fixed: { literal: "x" } } : {},
    outputs: chance(choices, 30) ? [{ from: "approvalDecision", to: "kept" }] : [],
    optional: chance(choices, 25),
  };
}
type Common = ReturnType<typeof makeCommon>;

type Background = Extract<StepDefinition, { kind: "background" }>;
type RunAs = Background["runAs"];

const makeBackground = (common: Common, flow: string): Background => ({
  ...common,
  kind: "background",
  flow,
  processing: "automatic",
  runAs: "automated",
});

function makeStep(making: Making, stage: string, name: string): StepDefinition {
  const { choices } = making;
  const common = makeCommon(making, stage, name);
  const kind = weighted(choices, [
    [5, "human"],
    [4, "background"],
    [1, "external"],
  ] as const);
  if (kind === "external") return { ...common, kind: "external", operation: "Post" };
  if (kind === "background")
    return {
      ...makeBackground(
        common,
        oneOf(choices, ["Sync", "Sync", "Async", "Async", "Async", "Sync", "Missing", "Fails"]),
      ),
      processing: chance(choices, 20) ? "asynchronous" : "automatic",
      runAs: weighted<RunAs>(choices, [
        [3, "automated"],
        [1, "latest_completer"],
        [1, { user: "zoe" }],
      ]),
    };
  return makeHuman(making, common);
}

function makeHuman(making: Making, common: Common): StepDefinition {
  const { choices, features } = making;
  const user = (literal: string): AssigneeDefinition => ({ type: "user", value: { literal } });
  const person = {
    ...common,
    exit: weighted<() => StepExit>(choices, [
      [10, () => ({ type: "flow_completed" })],
      [1, () => ({ type: "requirements", condition: makeCondition(making) })],
      [1, () => makeEvaluation(choices)],
    ])(),
    assignee: weighted<AssigneeDefinition>(choices, [
      [6, user("bob")],
      [2, user("ann")],
      [3, { type: "group" as const, value: { literal: "Team" } }],
      [2, { type: "queue" as const, value: { literal: "Desk" } }],
      [2, { type: "resource" as const, value: { ref: "$Record.Boss" } }],
      [1, user("Nobody")],
    ]),
    record: "$Record.Id",
    mayEditRecord: false,
    locksRecord: chance(choices, 12),
  };
  if (!features.isApproval) return { ...person, kind: "interactive", flow: "Screens", onScreenFault: "keep_open" };
  return {
    ...person,
    kind: "approval",
    onScreenFault: "fail",
    onReject: oneOf(choices, ["stop", "continue"] as const),
    ...(chance(choices, 30) ? { flow: "Screens" } : {}),
  };
}

const makeEvaluation = (choices: Choices) => ({
  type: "evaluation_flow" as const,
  flow: oneOf(choices, ["Yes", "No", "Sometimes", "Sometimes", "Sometimes", "Yes", "Sometimes", "Broken"]),
  inputs: {},
});

const PATHS = (stages: readonly string[]): readonly string[] => [
  "kept",
  "$Record.Size",
  "wanted",
  "$Record.Name",
  "$Record__Prior.Size",
  ...stages.flatMap((stage) => [`${stage}A.Outputs.approvalDecision`, `${stage}B.Status`, `${stage}.Status`]),
];

function makeCondition(making: Making): Condition {
  const { choices, features } = making;
  const rows = Array.from({ length: 1 + choices.below(3) }, () => makeRequirement(making));
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
    [2, () => literal("$Record.Owner.Level", "equals", choices.below(2))],
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
          oneOf(choices, ["kept", "$Record.Name", "$Flow.FaultMessage"]),
          oneOf(choices, ["is_null", "is_blank", "was_set"] as const),
          yes,
        ),
    ],
    [1, () => literal("$Record.Name", oneOf(choices, ["in", "not_in"] as const), ["one", "two"])],
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
          new Date(TEN_DAYS + choices.below(3) * 86_400_000).toISOString(),
        ),
    ],
  ])();
}
