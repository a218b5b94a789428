import type { DefinitionType } from "./schema";

type Named = { readonly name: string; readonly label: string };

/** What a new definition of each type begins with: complete in form, small, and worth changing at once. */
export function beginning({ type, name, label }: Named & { type: DefinitionType }): unknown {
  return BEGINNINGS[type]({ name, label });
}

const input = (name: string, type = "text") => ({ name, type, isInput: true });
const ANSWER = { name: "isOrchestrationConditionMet", type: "boolean", isOutput: true, default: false };
const set = (name: string, label: string, assignment: unknown) => ({
  type: "assignment",
  name,
  label,
  assignments: [assignment],
  next: null,
});

const BEGINNINGS: Readonly<Record<DefinitionType, (named: Named) => unknown>> = {
  orchestrator: (named) => orchestration(named, false),
  approval: (named) => orchestration(named, true),
  screen: (named) => ({
    kind: "flow",
    type: "screen",
    ...named,
    variables: [input("recordId")],
    start: "Ask",
    elements: [
      {
        type: "screen",
        name: "Ask",
        label: named.label,
        fields: [{ name: "comment", type: "long_text", label: "Comment" }],
        next: null,
      },
    ],
  }),
  autolaunched: (named) => ({
    kind: "flow",
    type: "autolaunched",
    ...named,
    variables: [input("recordId"), { name: "result", type: "text", isOutput: true }],
    start: "SetResult",
    elements: [set("SetResult", "Set the result", { variable: "result", value: { literal: "done" } })],
  }),
  evaluation: (named) => ({
    kind: "flow",
    type: "evaluation",
    ...named,
    variables: [input("amount", "number"), ANSWER],
    start: "IsItEnough",
    elements: [isItEnough, set("Answer", "Answer yes", { variable: ANSWER.name, value: { literal: true } })],
  }),
};

const isMore = { requirements: [{ left: "amount", operator: "greater_than", right: { literal: 1000 } }] };
const isItEnough = {
  type: "decision",
  name: "IsItEnough",
  label: "Is it enough?",
  outcomes: [{ name: "Yes", label: "Yes", when: isMore, next: "Answer" }],
  defaultNext: null,
};

const approve = {
  kind: "approval",
  name: "Decide",
  label: "Decide",
  assignee: { type: "user", value: { ref: "$Record.Owner.Manager" } },
};
const work = {
  kind: "interactive",
  name: "DoTheWork",
  label: "Do the work",
  flow: "NameOfAScreenFlow",
  assignee: { type: "user", value: { ref: "$Record.Owner" } },
  inputs: { recordId: { ref: "$Record.Id" } },
};

const orchestration = (named: Named, isApproval: boolean): unknown => ({
  kind: "orchestration",
  processType: isApproval ? "approval" : "orchestrator",
  ...named,
  start: { type: "autolaunched", object: "NameOfAnObject", next: "First" },
  variables: isApproval
    ? ["recordId", "submitter", "submissionComments", "firstApprover"].map((name) => input(name))
    : [],
  elements: [{ type: "stage", name: "First", label: "First stage", steps: [isApproval ? approve : work], next: null }],
});
