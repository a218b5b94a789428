/** What the fault runs run: flows and orchestrations on the objects `Thing` and `Order`, one for each way a command can go. */
type Given = { readonly [key: string]: unknown };

const text = (name: string, more: Given = {}) => ({ name, type: "text", ...more });
const flow = (name: string, type: string, more: Given) => ({ kind: "flow", type, name, label: name, ...more });
const screen = (name: string, field: string, next: string | null) => ({
  type: "screen",
  name,
  label: name,
  next,
  fields: [{ name: field, type: "long_text", label: field }],
});
const mail = (name: string, next: string | null) => ({
  type: "action",
  name,
  label: name,
  action: "send_email",
  next,
  inputs: {
    // To somebody else each time: one address gets no more than so many mails an hour.
    to: { template: "{!recordId}@example.org" },
    subject: { literal: name },
    body: { literal: "Something was done." },
  },
});
/** A record more for each time that it runs: what is done twice is seen. */
const tally = (name: string, next: string | null) => ({
  type: "create_records",
  name,
  label: name,
  object: "Thing",
  values: { Name: { template: `${name} of {!recordId}` }, Status: { literal: "tally" } },
  next,
});
const recordId = text("recordId", { isInput: true });

const FLOWS = [
  flow("Ask", "screen", {
    variables: [text("comment", { isOutput: true })],
    start: "Screen",
    elements: [screen("Screen", "comment", null)],
  }),
  flow("Ask_Twice", "screen", {
    variables: [text("comment", { isOutput: true })],
    start: "One",
    elements: [screen("One", "first", "Two"), screen("Two", "comment", null)],
  }),
  flow("Count", "autolaunched", {
    variables: [recordId],
    start: "Tally",
    elements: [tally("Tally", null)],
  }),
  flow("Count_And_Mail", "autolaunched", {
    variables: [recordId],
    start: "First",
    elements: [tally("First", "Tell"), mail("Tell", "Second"), tally("Second", "Tell_Again"), mail("Tell_Again", null)],
  }),
  ...["Throw", "Abort"].map((name) =>
    flow(name, "autolaunched", { variables: [recordId], start: name, elements: [mail(name, null)] }),
  ),
  flow("Await", "autolaunched", {
    variables: [recordId],
    start: "Wait",
    elements: [
      {
        type: "wait",
        name: "Wait",
        label: "Wait",
        events: [
          { type: "amount_of_time", name: "Day", label: "A day", amount: { literal: 1 }, unit: "days", next: null },
          {
            type: "record_change",
            name: "Changed",
            label: "Changed",
            object: "Thing",
            record: "recordId",
            on: "update",
            next: "Call",
          },
        ],
      },
      {
        type: "subflow",
        name: "Call",
        label: "Call",
        flow: "Count",
        inputs: { recordId: { ref: "recordId" } },
        next: null,
      },
    ],
  }),
  flow("Break", "autolaunched", {
    variables: [recordId],
    start: "Set",
    elements: [
      {
        type: "update_records",
        name: "Set",
        label: "Set",
        object: "Thing",
        record: "recordId",
        values: {},
        next: null,
      },
    ],
  }),
];

const about = { inputs: { recordId: { ref: "$Record.Id" } } };
const ann = { assignee: { type: "user", value: { literal: "ann" } } };
const team = { assignee: { type: "group", value: { literal: "Team" } } };
const interactive = (name: string, more: Given = ann) => ({
  kind: "interactive",
  name,
  label: name,
  flow: "Ask",
  ...more,
});
const background = (name: string, flowName: string, more: Given = {}) => ({
  kind: "background",
  name,
  label: name,
  flow: flowName,
  ...about,
  ...more,
});
const after = (step: string) => ({ entry: { type: "step_completed", step } });
const stage = (name: string, steps: readonly Given[], next: string | null = null) => ({
  type: "stage",
  name,
  label: name,
  steps,
  next,
});

function orchestration(name: string, stages: readonly Given[], more: Given = {}): Given {
  return {
    kind: "orchestration",
    processType: "orchestrator",
    name,
    label: name.replaceAll("_", " "),
    start: { type: "autolaunched", object: "Thing", next: stages[0]?.name ?? null },
    elements: stages,
    ...more,
  };
}

const isReady = {
  type: "requirements",
  condition: {
    logic: "all",
    requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: "Ready" } }],
  },
};
const triggered = {
  type: "record_triggered",
  object: "Order",
  on: "create",
  next: "First",
};

const ORCHESTRATIONS = [
  orchestration("Two_Stages", [
    stage("First", [interactive("Fill"), interactive("Also", team)], "Second"),
    stage("Second", [interactive("More")]),
  ]),
  orchestration("Screens", [stage("First", [interactive("Fill", { ...ann, flow: "Ask_Twice" })])]),
  orchestration("With_Flow", [stage("First", [interactive("Fill"), background("Work", "Count", after("Fill"))])]),
  orchestration("Waits", [stage("First", [interactive("Fill", { ...ann, entry: isReady })])]),
  orchestration("Later", [
    stage("First", [background("Work", "Count", { processing: "asynchronous" })], "Second"),
    stage("Second", [interactive("More")]),
  ]),
  orchestration("Long_Flow", [
    stage("First", [background("Work", "Count_And_Mail"), background("Again", "Count_And_Mail", after("Work"))]),
  ]),
  orchestration("Load", [
    stage("First", [background("Work", "Count_And_Mail")], "Second"),
    stage("Second", [interactive("Fill")], "Third"),
    stage("Third", [background("After", "Count")]),
  ]),
  // What their mails are called is what they do to a poisoned worker (`poisoned-worker.ts`).
  orchestration("Throws", [stage("First", [background("Work", "Throw")])]),
  orchestration("Aborts", [stage("First", [background("Work", "Abort")])]),
  orchestration("Awaits", [stage("First", [background("Work", "Await")])]),
  orchestration("Breaks", [
    stage("First", [
      interactive("Fill"),
      background("Work", "Break", { inputs: { recordId: { literal: "rec_none" } } }),
    ]),
  ]),
  orchestration("On_Order", [stage("First", [interactive("Fill")])], { start: triggered }),
  orchestration(
    "Approval",
    [
      stage("First", [
        {
          kind: "approval",
          name: "Decide",
          label: "Decide",
          assignee: { type: "user", value: { literal: "bea" } },
        },
      ]),
    ],
    {
      processType: "approval",
      variables: ["recordId", "submitter", "submissionComments", "firstApprover"].map((name) =>
        text(name, { isInput: true }),
      ),
    },
  ),
];

/** Whatever is called before what calls it. */
export const DEFINITIONS: readonly Given[] = [...FLOWS, ...ORCHESTRATIONS];

/** A draft that a fault run activates. */
export const NEXT_VERSION: Given = flow("Ask", "screen", {
  variables: [text("comment", { isOutput: true })],
  start: "Screen",
  elements: [screen("Screen", "comment", "Thanks"), screen("Thanks", "more", null)],
});
