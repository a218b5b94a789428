import { type Flow, flowSchema } from "../../lib/flow/definition";

/** Flows as plain as can be, as an author would write them: short, and with every default left out. */
type Given = { readonly [key: string]: unknown };

/** A screen flow of one screen with one long text, `comment`, which is its output. */
export const aScreenFlow = (name = "Ask", more: Given = {}): Flow =>
  flowSchema.parse({
    kind: "flow",
    type: "screen",
    name,
    label: name,
    variables: [
      { name: "recordId", type: "text", isInput: true },
      { name: "comment", type: "text", isOutput: true },
    ],
    start: "Screen",
    elements: [
      {
        type: "screen",
        name: "Screen",
        label: "Screen",
        fields: [{ name: "comment", type: "long_text", label: "Comment" }],
        next: null,
      },
    ],
    ...more,
  });

/** An autolaunched flow without any effect; its output `result` is "done". */
export const aBackgroundFlow = (name = "Do", more: Given = {}): Flow =>
  flowSchema.parse({
    kind: "flow",
    type: "autolaunched",
    name,
    label: name,
    variables: [
      { name: "recordId", type: "text", isInput: true },
      { name: "result", type: "text", isOutput: true },
    ],
    start: "Set",
    elements: [
      {
        type: "assignment",
        name: "Set",
        label: "Set",
        assignments: [{ variable: "result", value: { literal: "done" } }],
        next: null,
      },
    ],
    ...more,
  });

/** An evaluation flow that answers what its input `answer` says. */
export const anEvaluationFlow = (name = "Judge", more: Given = {}): Flow =>
  flowSchema.parse({
    kind: "flow",
    type: "evaluation",
    name,
    label: name,
    variables: [
      { name: "answer", type: "boolean", isInput: true },
      { name: "isOrchestrationConditionMet", type: "boolean", isOutput: true, default: false },
    ],
    start: "Set",
    elements: [
      {
        type: "assignment",
        name: "Set",
        label: "Set",
        assignments: [{ variable: "isOrchestrationConditionMet", value: { ref: "answer" } }],
        next: null,
      },
    ],
    ...more,
  });

/** Screens in which an approval is decided: `before` leads to one with one choice among the outcomes that are offered, by name. */
export const aDecidingFlow = (
  name = "Weigh",
  before: readonly { readonly name: string }[] = [],
  offers: readonly string[] = ["Approve", "Reject"],
): Flow =>
  aScreenFlow(name, {
    variables: [{ name: "approvalDecision", type: "text", isOutput: true }],
    start: before[0]?.name ?? "Screen",
    elements: [
      ...before,
      {
        type: "screen",
        name: "Screen",
        label: "Screen",
        fields: [
          {
            name: "approvalDecision",
            type: "radio",
            label: "Decision",
            required: true,
            options: offers.map((value) => ({ value, label: value })),
          },
        ],
        next: null,
      },
    ],
  });
