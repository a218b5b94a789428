import {
  after,
  ann,
  background,
  flow,
  type Given,
  interactive,
  mail,
  orchestration,
  recordId,
  screen,
  stage,
  tally,
  team,
  text,
} from "./definition-parts";
import { APPROVING } from "./definitions-approvals";

/** What the fault runs run: flows and orchestrations on the objects `Thing` and `Order`, one for each way a command can go. */
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
  flow("Lock_It", "autolaunched", {
    variables: [recordId],
    start: "Lock",
    elements: [{ type: "action", name: "Lock", label: "Lock", action: "lock_record", next: null }],
  }),
  flow("Unlock_It", "autolaunched", {
    variables: [recordId],
    start: "Unlock",
    elements: [{ type: "action", name: "Unlock", label: "Unlock", action: "unlock_record", next: null }],
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
  orchestration("Locks_It", [
    stage("First", [background("Work", "Lock_It"), background("Again", "Unlock_It", after("Work"))], "Second"),
    stage("Second", [interactive("More")]),
  ]),
  orchestration("Two_Flows", [
    stage("First", [background("Work", "Count", { processing: "asynchronous" })], "Second"),
    stage("Second", [background("Again", "Count")]),
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
];

/** Whatever is called before what calls it. */
export const DEFINITIONS: readonly Given[] = [...FLOWS, ...ORCHESTRATIONS, ...APPROVING];

/** A draft that a fault run activates. */
export const NEXT_VERSION: Given = flow("Ask", "screen", {
  variables: [text("comment", { isOutput: true })],
  start: "Screen",
  elements: [screen("Screen", "comment", "Thanks"), screen("Thanks", "more", null)],
});
