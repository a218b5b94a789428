/** What `npm run bench` runs. */
const FLOWS = [
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
];

type Step = { readonly kind: string; readonly name: string; readonly [part: string]: unknown };

const orchestration = (name: string, steps: readonly Step[]) => ({
  kind: "orchestration",
  processType: "orchestrator",
  name,
  label: name,
  start: { type: "autolaunched", next: "Only" },
  variables: [{ name: "about", type: "text", isInput: true }],
  elements: [{ type: "stage", name: "Only", label: "Only", next: null, steps }],
});

/** `count` background steps, each begun by the end of the one before it. */
const chain = (count: number, processing: "automatic" | "asynchronous"): Step[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: "background",
    name: `Step${index + 1}`,
    label: `Step ${index + 1}`,
    flow: "Note",
    processing,
    ...(index > 0 && { entry: { type: "step_completed", step: `Step${index}` } }),
  }));

/** A person answers, then one background step. */
const asked: Step[] = [
  {
    kind: "interactive",
    name: "Answer",
    label: "Answer",
    flow: "Ask",
    record: "about",
    assignee: { type: "user", value: { literal: "bench" } },
  },
  {
    kind: "background",
    name: "After",
    label: "After",
    flow: "Note",
    entry: { type: "step_completed", step: "Answer" },
  },
];

export const DEFINITIONS = [
  ...FLOWS,
  orchestration("Bench", asked),
  orchestration("Chain", chain(10, "asynchronous")),
  orchestration("SyncChain", chain(10, "automatic")),
];

/** What the runs of `bench-commands.ts` are about, and the group whose work they are. */
export const CASE = "Case";
export const CREW = "bench-crew";

const ofCrew = (kind: "interactive" | "approval", name: string, more: object = {}): Step => ({
  kind,
  name,
  label: name,
  assignee: { type: "group", value: { literal: CREW } },
  ...more,
});

/** About a record: a group's work, and behind it a second stage with a group's work. */
const inTwoStages = (name: string, [first, second]: readonly [Step, Step], more: object) => ({
  kind: "orchestration",
  name,
  label: name,
  start: { type: "autolaunched", object: CASE, next: "First" },
  elements: [
    { type: "stage", name: "First", label: "First", next: "Second", steps: [first] },
    { type: "stage", name: "Second", label: "Second", next: null, steps: [second] },
  ],
  ...more,
});

const ASKS = { flow: "Ask" };
export const GUIDED = inTwoStages(
  "Guided",
  [ofCrew("interactive", "Look", ASKS), ofCrew("interactive", "Check", ASKS)],
  {
    processType: "orchestrator",
    variables: [],
  },
);

/** Its members see a fact of the record. */
export const APPROVED = inTwoStages("Approved", [ofCrew("approval", "Decide"), ofCrew("approval", "Confirm")], {
  processType: "approval",
  variables: ["recordId", "submitter", "submissionComments", "firstApprover"].map((name) => ({
    name,
    type: "text",
    isInput: true,
  })),
  approval: { facts: [{ label: "What", value: "$Record.Name" }] },
});
