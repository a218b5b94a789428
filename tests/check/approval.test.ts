import { describe, expect, test } from "vitest";
import { checkOrchestration } from "../../lib/check/check-orchestration";
import type { Flow } from "../../lib/flow/definition";
import {
  aBackgroundStep,
  anApprovalProcess,
  anApprovalStep,
  anInteractiveStep,
  anOrchestration,
  aStage,
  aWorld,
} from "../builders/definitions";
import { aBackgroundFlow, aScreenFlow } from "../builders/flows";

const stages = (step: object) => [
  aStage("First", [anApprovalStep("Before")], { next: "Second" }),
  aStage("Second", [anApprovalStep("Step", step as Record<string, unknown>)]),
];
const findings = (step: object, approval?: object) =>
  checkOrchestration(anApprovalProcess(stages(step), approval ? { approval } : {}), aWorld());
const at = (rest: string) => `elements[1].steps[0].${rest}`;
const outcome = (more: object) => ({ outcomes: [{ name: "Back", label: "Back", does: "send_back", ...more }] });
const due = (more: object) => ({ due: { minutes: 60, ...more } });

test("everything that an approval may say can be activated", () => {
  const step = {
    assignee: { type: "group", value: { literal: "Team" } },
    rule: { type: "majority" },
    ...outcome({ to: "First" }),
    onReject: { goTo: "First" },
    autoApprove: { requirements: [{ left: "$Record.Amount", operator: "less_than", right: { literal: 100 } }] },
    skipIfUnchanged: ["$Record.Amount"],
    ...due({ remindAfter: [30], timeOut: { afterMinutes: 90, outcome: "Back" } }),
  };
  const approval = {
    whenNoStepRan: "rejected",
    facts: [{ label: "Amount", value: "$Record.Amount" }],
    amount: "$Record.Amount",
    recallStage: aStage("Undo", [aBackgroundStep("Clear")]),
  };
  expect(findings(step, approval)).toEqual({ problems: [], warnings: [] });
});

test("screens for answers: there, screens, and with something to say", () => {
  const withFlow = (flow: Flow, answers: string) =>
    checkOrchestration(
      anApprovalProcess([aStage("First", [anApprovalStep("Step", { answers: { flow: answers } })])]),
      aWorld([aBackgroundFlow(), flow]),
    ).problems;
  const path = "elements[0].steps[0].answers.flow";
  expect(withFlow(aScreenFlow(), "Ask")).toEqual([]);
  expect(withFlow(aScreenFlow(), "None")).toEqual([{ path, message: "there is no flow called None" }]);
  expect(withFlow(aScreenFlow(), "Do")).toEqual([{ path, message: expect.stringContaining("is wanted") }]);
  const mute = aScreenFlow("Mute", { variables: [] });
  expect(withFlow(mute, "Mute")).toEqual([{ path, message: expect.stringContaining("has no output") }]);
  const { elements } = aScreenFlow();
  const when = { requirements: [{ left: "recordId", operator: "is_null", right: { literal: true } }] };
  const outcomes = [{ name: "None", label: "None", when, next: null }];
  const first = { type: "decision", name: "Whether", label: "Whether", outcomes, defaultNext: elements[0]?.name };
  const unseen = aScreenFlow("Unseen", { start: "Whether", elements: [first, ...elements] });
  expect(withFlow(unseen, "Unseen")).toEqual([{ path, message: expect.stringContaining("can end without a screen") }]);
});

test("screens that decide: none can end before somebody was shown one", () => {
  const variables = [{ name: "approvalDecision", type: "text", isOutput: true }];
  const shown = { type: "screen", name: "Screen", label: "Screen", fields: [], next: null };
  const assigned = {
    ...{ type: "assignment", name: "Approve", label: "Approve", next: null },
    assignments: [{ variable: "approvalDecision", operator: "set", value: { literal: "Approve" } }],
  };
  const when = { requirements: [{ left: "approvalDecision", operator: "is_null", right: { literal: true } }] };
  const small = { name: "Small", label: "Small", when, next: "Approve" };
  const decision = { type: "decision", name: "Amount", label: "Amount", outcomes: [small], defaultNext: "Screen" };
  const withFlow = (start: string, elements: unknown[], kind: "approval" | "interactive" = "approval") => {
    const flow = aScreenFlow("Weigh", { variables, start, elements });
    return kind === "approval"
      ? checkOrchestration(
          anApprovalProcess([aStage("First", [anApprovalStep("Step", { flow: "Weigh" })])]),
          aWorld([flow]),
        ).problems
      : checkOrchestration(
          anOrchestration([aStage("First", [anInteractiveStep("Step", { flow: "Weigh" })])]),
          aWorld([flow]),
        ).problems;
  };
  const around = [decision, assigned, shown];
  expect(withFlow("Amount", around)).toEqual([
    { path: "elements[0].steps[0].flow", message: expect.stringContaining("Weigh can end without a screen") },
  ]);
  expect(withFlow("Amount", [decision, { ...assigned, next: "Screen" }, shown])).toEqual([]);
  expect(withFlow("Screen", [{ ...shown, next: "Amount" }, { ...decision, defaultNext: null }, assigned])).toEqual([]);
  expect(withFlow("Amount", around, "interactive")).toEqual([]);
});

test.each([
  ["Yes", "Approve"],
  ["approve", "Approve"],
  ["Approve – with conditions", "Approve"],
  ["No!", "Reject"],
  ["Reject: final", "Reject"],
])("a label %s, which an answer by mail would be read by as %s, is refused", (label, other) => {
  expect(findings(outcome({ label })).problems).toEqual([
    { path: at("outcomes[0].label"), message: expect.stringContaining(`would be taken for ${other}`) },
  ]);
});

test("two outcomes of one label are refused, and one that another begins with a colon behind", () => {
  const two = (...labels: string[]) =>
    findings({ outcomes: labels.map((label, index) => ({ name: `Own_${index}`, label, does: "approve" })) }).problems;
  expect(two("Same", "same")).toHaveLength(2);
  expect(two("Later", "Later: Monday")).toMatchObject([{ path: at("outcomes[1].label") }]);
  expect(two("Approve with conditions", "Approve with one condition", "Later")).toEqual([]);
});

test.each([
  ["a further outcome that is there already", outcome({ name: "approve" }), at("outcomes[0].name"), "there already"],
  ["an outcome that leads nowhere", outcome({ to: "Nowhere" }), at("outcomes[0].to"), "no stage"],
  [
    "an approval that leads elsewhere",
    outcome({ does: "approve", to: "First" }),
    at("outcomes[0].to"),
    "only what sends back",
  ],
  ["a rejection that leads nowhere", { onReject: { goTo: "Nowhere" } }, at("onReject.goTo"), "no stage"],
  ["a rule for one person", { rule: { type: "unanimous" } }, at("rule"), "only groups and queues"],
  [
    "a value that is none of the record",
    { skipIfUnchanged: ["submitter"] },
    at("skipIfUnchanged[0]"),
    "no value of the record",
  ],
  ["a field that is not there", { skipIfUnchanged: ["$Record.Colour"] }, at("skipIfUnchanged[0]"), "Colour"],
  [
    "a reminder after the end",
    due({ remindAfter: [100], timeOut: { afterMinutes: 90, outcome: "Reject" } }),
    at("due.remindAfter[0]"),
    "after the time-out",
  ],
  [
    "a time-out as what is no outcome",
    due({ timeOut: { afterMinutes: 90, outcome: "Perhaps" } }),
    at("due.timeOut.outcome"),
    "no outcome",
  ],
  [
    "a time-out that goes back to the submitter",
    { ...outcome({ to: null }), ...due({ timeOut: { afterMinutes: 90, outcome: "Back" } }) },
    at("due.timeOut.outcome"),
    "nobody has said anything",
  ],
  [
    "an escalation to nobody",
    due({ escalate: { afterMinutes: 60, to: { type: "user", value: "nobody" } } }),
    at("due.escalate.to.value"),
    "no person",
  ],
  [
    "an escalation of votes",
    {
      assignee: { type: "group", value: { literal: "Team" } },
      rule: { type: "unanimous" },
      ...due({ escalate: { afterMinutes: 60, to: "manager" } }),
    },
    at("due.escalate"),
    "votes of a group",
  ],
  [
    "an automatic approval by what is not there",
    { autoApprove: { requirements: [{ left: "$Record.Colour", operator: "equals", right: { literal: "red" } }] } },
    at("autoApprove.requirements[0].left"),
    "Colour",
  ],
])("%s is told at its place", (_what, step, path, words) => {
  const { problems } = findings(step);
  expect(problems.map((problem) => problem.path)).toContain(path);
  expect(problems.find((problem) => problem.path === path)?.message).toContain(words);
});

describe("an approval process", () => {
  test.each([
    ["a fact that is none", { facts: [{ label: "x", value: "$Record.Colour" }] }, "approval.facts[0].value"],
    ["an amount that is none", { amount: "submitter" }, "approval.amount"],
    ["an amount that is a choice", { amount: "$Record.Status" }, "approval.amount"],
    ["an amount of another record", { amount: "$Record.Parent.Amount" }, "approval.amount"],
    [
      "a recall path with people",
      { recallStage: aStage("Undo", [anApprovalStep("Ask")]) },
      "approval.recallStage.steps[0].kind",
    ],
    [
      "a recall path that goes on",
      { recallStage: aStage("Undo", [aBackgroundStep("Clear")], { next: "First" }) },
      "approval.recallStage.next",
    ],
    [
      "a recall path with a name that is taken",
      { recallStage: aStage("First", [aBackgroundStep("Clear")]) },
      "approval.recallStage.name",
    ],
    [
      "a recall path whose flow is missing",
      { recallStage: aStage("Undo", [aBackgroundStep("Clear", { flow: "None" })]) },
      "approval.recallStage.steps[0].flow",
    ],
  ])("%s is told at its place", (_what, approval, path) => {
    expect(findings({}, approval).problems.map((problem) => problem.path)).toContain(path);
  });

  test("is what has approval's settings: an orchestration has none", () => {
    const orchestration = anOrchestration([aStage("First", [anInteractiveStep()])], { approval: {} });
    expect(checkOrchestration(orchestration, aWorld()).problems).toMatchObject([{ path: "approval" }]);
  });

  test("that may pass without anybody warns how it ends", () => {
    const skipping = anApprovalProcess([aStage("First", [aBackgroundStep()])], {
      approval: { whenNoStepRan: "rejected" },
    });
    expect(checkOrchestration(skipping, aWorld()).warnings[0]?.message).toContain("end Rejected without a decision");
  });
});
