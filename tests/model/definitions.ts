import type {
  DecisionDefinition,
  Entry,
  Orchestration,
  StageDefinition,
  StageExit,
  StepDefinition,
} from "../../lib/engine/definition";
import { type Choices, chance, oneOf, weighted } from "./choices";
import { type Features, type Making, makeCondition, makeEvaluation, STEPS } from "./random-conditions";
import { makeBackground, makeCommon, makeStep } from "./random-steps";

/** Random definitions as reliability 3.3 asks for them: small, with what breaks engines in known shares. */
export type MadeDefinition = { readonly definition: Orchestration; readonly features: Features };

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
    start: makeStart(choices, features),
    variables: [
      { ...text, name: "kept" },
      { ...text, name: "wanted", isInput: true, default: "Approve" },
      { ...text, name: "size", type: "number", isInput: true },
    ],
    elements,
    apiVersion: chance(choices, 15) ? 59 : 68,
    runAsAllowed: ["zoe"],
    onLocked: oneOf(choices, ["wait", "wait", "fail"] as const),
    ...(features.isApproval && { approval: makeProcess(choices) }),
  };
  return { definition, features };
}

/** Launched by somebody, or by a record that was saved. */
function makeStart(choices: Choices, { isApproval }: Features): Orchestration["start"] {
  const next = chance(choices, 5) ? "Fork" : "S";
  if (isApproval || !chance(choices, 15)) return { type: "autolaunched", object: "Deal", oneOpenRun: false, next };
  const on = oneOf(choices, ["create", "update"] as const);
  return {
    type: "record_triggered",
    object: "Deal",
    on,
    when: null,
    onlyWhenChangedToMeet: false,
    oneOpenRun: false,
    next,
  };
}

/** What an approval process says of itself. */
const makeProcess = (choices: Choices): NonNullable<Orchestration["approval"]> => ({
  allowsSelfApproval: chance(choices, 15),
  asksPassword: false,
  whenNoStepRan: oneOf(choices, ["rejected", "approved"] as const),
  facts: [],
  policy: "",
  amount: null,
  chooseApprover: "no",
  hidesComments: false,
  allowsRecall: !chance(choices, 10),
  sendsNoApproverMails: false,
  recallStage: null,
});

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
    outcomes: ["One", "Two"].slice(0, 1 + choices.below(2)).map((outcome) => ({
      ...{ name: outcome, label: outcome, when: makeCondition(making), next: to() },
      // Without drawing for it, so that cases that were kept stay what they are.
      ...(name === "Other" && outcome === "One" && { onlyWhenChangedToMeet: true }),
    })),
    defaultLabel: "Otherwise",
    defaultNext: weighted(choices, [
      [3, null],
      [1, to()],
    ]),
  });
  return [make("Fork"), make("Other")];
}
