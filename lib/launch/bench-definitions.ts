/** What `npm run bench` runs: a person answers, then one background step, on a record. */
export const DEFINITIONS = [
  {
    kind: "flow",
    type: "screen",
    name: "Ask",
    label: "Ask",
    variables: [{ name: "comment", type: "text", isOutput: true }],
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
  },
  {
    kind: "flow",
    type: "autolaunched",
    name: "Note",
    label: "Note",
    variables: [{ name: "result", type: "text", isOutput: true }],
    start: "Set",
    elements: [
      {
        type: "assignment",
        name: "Set",
        label: "Set",
        assignments: [{ variable: "result", value: { literal: "noted" } }],
        next: null,
      },
    ],
  },
  {
    kind: "orchestration",
    processType: "orchestrator",
    name: "Bench",
    label: "Bench",
    start: { type: "autolaunched", object: "Thing", next: "Only" },
    elements: [
      {
        type: "stage",
        name: "Only",
        label: "Only",
        next: null,
        steps: [
          {
            kind: "interactive",
            name: "Answer",
            label: "Answer",
            flow: "Ask",
            assignee: { type: "user", value: { literal: "bench" } },
          },
          {
            kind: "background",
            name: "After",
            label: "After",
            flow: "Note",
            entry: { type: "step_completed", step: "Answer" },
          },
        ],
      },
    ],
  },
];
