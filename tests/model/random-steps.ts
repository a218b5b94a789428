import type { Due, GroupRule } from "../../lib/engine/approval-definition";
import type { AssigneeDefinition, Entry, StepDefinition, StepExit } from "../../lib/engine/definition";
import { type Choices, chance, oneOf, weighted } from "./choices";
import { INSTANTS, type Making, makeCondition, makeEvaluation, PATHS, STEPS } from "./random-conditions";
import { NAMES_OF_WAITING } from "./waiting-flows";

/** Random steps of every kind, with every way in and out. */
export function makeCommon({ choices, stages, features }: Making, stage: string, name: string) {
  const sibling = () => `${stage}${oneOf(choices, STEPS)}`;
  const making = { choices, stages, features };
  const entry: Entry = weighted<() => Entry>(choices, [
    [6, () => ({ type: "stage_starts" })],
    [4, () => afterStep(name.endsWith("A") ? sibling() : `${stage}A`)],
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
    locksRecord: chance(choices, 12),
  };
}
type Common = ReturnType<typeof makeCommon>;

type Background = Extract<StepDefinition, { kind: "background" }>;
type RunAs = Background["runAs"];

export const makeBackground = (common: Common, flow: string): Background => ({
  ...common,
  kind: "background",
  flow,
  processing: "automatic",
  runAs: "automated",
});

/** Its flow waits for what happens to the record, or until an instant; seldom it is not told which. */
function makeWaiting(choices: Choices, common: Common): Background {
  const [until] = oneOf(choices, INSTANTS);
  const told = { ...(!chance(choices, 8) && { recordId: { ref: "$Record.Id" } }), until: { literal: until } };
  return makeBackground({ ...common, inputs: { ...common.inputs, ...told } }, oneOf(choices, NAMES_OF_WAITING));
}

export function makeStep(making: Making, stage: string, name: string): StepDefinition {
  const { choices } = making;
  const common = makeCommon(making, stage, name);
  const kind = weighted(choices, [
    [5, "human"],
    [4, "background"],
    [1, "external"],
  ] as const);
  if (kind === "external") return { ...common, kind: "external", operation: "Post" };
  if (kind === "background") {
    const isWaiting = chance(choices, 40);
    return {
      ...(isWaiting
        ? makeWaiting(choices, common)
        : makeBackground(
            common,
            oneOf(choices, ["Sync", "Sync", "Async", "Async", "Nested", "Sync", "Missing", "Fails"]),
          )),
      processing: chance(choices, 20) ? "asynchronous" : "automatic",
      runAs: weighted<RunAs>(choices, [
        [3, "automated"],
        [1, "latest_completer"],
        [1, { user: "zoe" }],
      ]),
    };
  }
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
  };
  if (!features.isApproval) return { ...person, kind: "interactive", flow: "Screens", onScreenFault: "keep_open" };
  return {
    ...person,
    kind: "approval",
    onScreenFault: "fail",
    ...makeApproval(making, person.assignee),
    ...(chance(choices, 30) ? { flow: "Screens" } : {}),
  };
}

const RULES: readonly (readonly [number, GroupRule])[] = [
  [4, { type: "first" }],
  [2, { type: "unanimous" }],
  [2, { type: "majority" }],
  [1, { type: "at_least", count: 2 }],
  [1, { type: "at_least", count: 9 }],
  [1, { type: "percent", percent: 60 }],
];

/** What approvals have beside what every step of a person has; only groups and queues decide together, and their votes go to nobody else. */
function makeApproval({ choices, stages, features }: Making, { type }: AssigneeDefinition) {
  const rule = type === "group" || type === "queue" ? weighted(choices, RULES) : ({ type: "first" } as const);
  const says = { approveNeedsReason: false, rejectNeedsReason: true, needsReason: false };
  const further = (name: string, does: "approve" | "send_back", to: string | null = null) =>
    ({ name, label: name, does, to, needsReason: says.needsReason }) as const;
  const back = () => oneOf(choices, [...stages, "Fork"]);
  const outcomes = chance(choices, 40)
    ? [further("With", "approve"), further("Back", "send_back"), further("Home", "send_back", back())]
    : [];
  const words = ["Reject", "Approve", ...outcomes.map(({ name }) => name)];
  return {
    rule,
    outcomes,
    approveNeedsReason: says.approveNeedsReason,
    rejectNeedsReason: says.rejectNeedsReason,
    onReject: weighted<"stop" | "continue" | { goTo: string }>(choices, [
      [4, "stop"],
      [4, "continue"],
      [1, { goTo: back() }],
    ]),
    mayAskQuestions: !chance(choices, 10),
    autoApprove: chance(choices, 8) ? makeCondition({ choices, stages, features }) : null,
    skipIfUnchanged: [],
    ...(chance(choices, 25) ? { due: makeDue(choices, rule, words) } : {}),
  };
}

function makeDue(choices: Choices, rule: GroupRule, words: readonly string[]): Due {
  const to = oneOf(choices, ["manager" as const, { type: "user" as const, value: "eve" }]);
  return {
    minutes: 60,
    remindAfter: chance(choices, 50) ? [30] : [],
    escalate: rule.type === "first" && chance(choices, 60) ? { afterMinutes: 40, to } : null,
    timeOut: chance(choices, 70) ? { afterMinutes: 90, outcome: oneOf(choices, words) } : null,
  };
}

const afterStep = (step: string): Entry => ({ type: "step_completed", step });
