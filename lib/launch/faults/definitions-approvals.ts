import {
  ann,
  background,
  flow,
  type Given,
  interactive,
  mail,
  orchestration,
  recordId,
  stage,
  tally,
  text,
} from "./definition-parts";

/** What the fault runs decide: approval processes, one for each way that a decision can go, and what else a run can wait for. */
const to = (type: "user" | "group", name: string) => ({ assignee: { type, value: { literal: name } } });
const approval = (name: string, more: Given): Given => ({ kind: "approval", name, label: name, ...more });

const process = (name: string, stages: readonly Given[], more: Given = {}): Given =>
  orchestration(name, stages, {
    processType: "approval",
    variables: ["recordId", "submitter", "submissionComments", "firstApprover"].map((one) =>
      text(one, { isInput: true }),
    ),
    ...more,
  });

const sendsBack = { name: "Rework", label: "Rework", does: "send_back" };
const ladder = {
  due: {
    minutes: 30,
    remindAfter: [10, 20],
    escalate: { afterMinutes: 40, to: "manager" },
    timeOut: { afterMinutes: 50, outcome: "Reject" },
  },
};

const PROCESSES = [
  process("Approval", [
    stage("First", [approval("Decide", { ...to("user", "bea"), outcomes: [sendsBack] })], "Second"),
    stage("Second", [background("After", "Count")]),
  ]),
  // Whoever decides here in the other's place has nothing more to decide here.
  process("Pair", [stage("First", [approval("Decide", to("user", "bea")), approval("Other", to("user", "gus"))])], {
    fallbackAssignee: { type: "user", value: "hal" },
  }),
  process("Council", [
    stage("First", [approval("Decide", { ...to("group", "Team"), rule: { type: "unanimous" } })], "Second"),
    stage("Second", [background("After", "Count")]),
  ]),
  process("Recallable", [stage("First", [approval("Decide", to("user", "bea"))])], {
    approval: { recallStage: stage("Undo", [background("Back", "Count")]) },
  }),
  // As `Load`, with a decision where that has a screen.
  process("Load_Decided", [
    stage("First", [background("Work", "Count_And_Mail")], "Second"),
    stage("Second", [approval("Decide", to("user", "bea"))], "Third"),
    stage("Third", [background("After", "Count")]),
  ]),
  process("Ladder", [stage("First", [approval("Decide", { ...to("user", "bea"), ...ladder })])]),
];

/** Fails at its end, behind what it has committed. */
const FAILING = flow("Fail_Late", "autolaunched", {
  variables: [recordId],
  start: "First",
  elements: [
    tally("First", "Tell"),
    mail("Tell", "Set"),
    {
      type: "update_records",
      name: "Set",
      label: "Set",
      object: "Thing",
      record: "recordId",
      values: { Status: { literal: "x".repeat(300) } },
      next: null,
    },
  ],
});

const JUDGE = flow("Judge", "evaluation", {
  variables: [{ name: "isOrchestrationConditionMet", type: "boolean", isOutput: true, default: false }],
  start: "Set",
  elements: [
    {
      type: "assignment",
      name: "Set",
      label: "Set",
      assignments: [{ variable: "isOrchestrationConditionMet", value: { literal: true } }],
      next: null,
    },
  ],
});

const ORCHESTRATIONS = [
  orchestration("Fails_Late", [stage("First", [background("Work", "Fail_Late")])]),
  orchestration("Judged", [
    stage("First", [interactive("Fill", { ...ann, entry: { type: "evaluation_flow", flow: "Judge" } })]),
  ]),
  orchestration("Orphaned", [
    stage("First", [interactive("Fill", { assignee: { type: "user", value: { ref: "$Record.Status" } } })]),
  ]),
];

export const APPROVING: readonly Given[] = [FAILING, JUDGE, ...PROCESSES, ...ORCHESTRATIONS];
