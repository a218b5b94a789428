import { describe, expect, test } from "vitest";
import { checkFlow } from "../../lib/check/check-flow";
import { type Flow, flowSchema } from "../../lib/flow/definition";
import { aWorld } from "../builders/definitions";
import { aBackgroundFlow, anEvaluationFlow, aScreenFlow } from "../builders/flows";

const text = (name: string, more: object = {}) => ({ name, type: "text", ...more });
const problems = (flow: Flow, others: readonly Flow[] = [aBackgroundFlow(), aScreenFlow(), anEvaluationFlow()]) =>
  checkFlow(flow, aWorld(others)).problems.map(({ path, message }) => `${path}: ${message}`);
const act = (element: object, more: object = {}): Flow =>
  flowSchema.parse({
    kind: "flow",
    type: "autolaunched",
    name: "Act",
    label: "Act",
    variables: [text("recordId", { isInput: true }), { name: "n", type: "number" }],
    start: "Element",
    elements: [{ name: "Element", label: "Element", ...element }],
    ...more,
  });

describe("a subflow", () => {
  const call = (more: object = {}) => act({ type: "subflow", flow: "Do", next: null, ...more });
  test.each<[string, Flow, string[]]>([
    ["fits", call({ inputs: { recordId: { ref: "recordId" } }, outputs: { result: "recordId" } }), []],
    ["of no flow", call({ flow: "Gone" }), ["elements[0].flow: there is no flow called Gone"]],
    ["of an inactive flow", call({ flow: "Asleep" }), ["elements[0].flow: no version of Asleep is active"]],
    [
      "of a screen flow",
      call({ flow: "Ask" }),
      ["elements[0].flow: Ask is a screen flow; only autolaunched flows can be called"],
    ],
    [
      "with an input that is none",
      call({ inputs: { result: { literal: "x" } } }),
      ["elements[0].inputs.result: Do has no input called result"],
    ],
    [
      "with an output for the wrong variable",
      call({ outputs: { result: "n" } }),
      ["elements[0].outputs.result: result is a text, but n is a number"],
    ],
    [
      "leading nowhere on a fault",
      call({ faultNext: "Gone" }),
      ["elements[0].faultNext: leads to Gone, which is no element here"],
    ],
  ])("%s", (_, flow, expected) => expect(problems(flow)).toEqual(expected));

  test("of itself is refused", () => {
    expect(problems(act({ type: "subflow", flow: "Act", next: null }))).toEqual([
      "elements[0].flow: a flow cannot call itself",
    ]);
  });

  test("of a flow that waits is refused in a screen flow, however deep", () => {
    const later = { type: "amount_of_time", name: "A", label: "A", amount: { literal: 1 }, unit: "days", next: null };
    const waits = { ...act({ type: "wait", events: [later] }), name: "Waits" };
    const between = { ...act({ type: "subflow", flow: "Waits", next: null }), name: "Between" };
    const screen = { type: "screen", name: "Screen", label: "Screen", fields: [], next: "Element" };
    const flow = act(
      {},
      {
        type: "screen",
        start: "Screen",
        elements: [screen, { type: "subflow", name: "Element", label: "Element", flow: "Between", next: null }],
      },
    );
    expect(problems(flow, [waits, between])).toEqual([
      "elements[1].flow: Between waits, and whoever is at the screen cannot wait with it",
    ]);
  });
});

describe("a wait", () => {
  const wait = (event: object, more: object = {}) =>
    act({ type: "wait", events: [{ name: "Event", label: "Event", next: null, ...event }] }, more);
  const condition = (left: string, operator = "equals", literal: unknown = "Done") => ({
    type: "condition",
    object: "Thing",
    record: "recordId",
    condition: { logic: "all", requirements: [{ left, operator, right: { literal } }] },
  });
  test.each<[string, Flow, string[]]>([
    ["for an amount", wait({ type: "amount_of_time", amount: { ref: "n" }, unit: "hours" }), []],
    ["by the default calendar", wait({ type: "amount_of_time", amount: { literal: 2 }, unit: "working_days" }), []],
    [
      "by a calendar that is not there",
      wait({ type: "amount_of_time", amount: { literal: 2 }, unit: "working_days", calendar: "Gone" }),
      ["elements[0].events[0].calendar: there is no calendar called Gone"],
    ],
    [
      "for less than nothing",
      wait({ type: "amount_of_time", amount: { literal: -1 }, unit: "hours" }),
      ["elements[0].events[0].amount.literal: must not be less than 0"],
    ],
    [
      "until what is no date",
      wait({ type: "until_date", at: { ref: "n" } }),
      ["elements[0].events[0].at.ref: n is a number, but a date and time is wanted"],
    ],
    [
      "working days before a date",
      wait({ type: "until_date", at: { literal: "2026-12-01" }, offset: { amount: -2, unit: "working_days" } }),
      ["elements[0].events[0].offset.amount: working time is counted forwards only: it must not be less than 0"],
    ],
    ["for a condition", wait(condition("$Record.Status")), []],
    ["for a condition over what lies behind it", wait(condition("$Record.Parent.Code")), []],
    [
      "for a field that is not there",
      wait(condition("$Record.Gone")),
      ["elements[0].events[0].condition.requirements[0].left: $Record.Gone: Thing has no field Gone"],
    ],
    [
      "for a condition over what was before a change that nobody makes",
      wait(condition("$Record__Prior.Status")),
      [
        "elements[0].events[0].condition.requirements[0].left: $Record__Prior.Status is what a change left behind; this waits for no change",
      ],
    ],
    [
      "for a record that is a number",
      wait({ ...condition("$Record.Status"), record: "n" }),
      ["elements[0].events[0].record: n is a number, but a record of Thing is wanted"],
    ],
    [
      "for a change that is asked of the condition",
      wait({ ...condition("$Record.Status", "is_changed", true), type: "record_change", record: undefined }),
      [],
    ],
    [
      "for a change into a number",
      wait({ type: "record_change", object: "Thing", into: "n" }),
      ["elements[0].events[0].into: n must be a record of Thing, or a text for its id"],
    ],
    [
      "leading nowhere",
      wait({ type: "record_change", object: "Thing", next: "Gone" }),
      ["elements[0].events[0].next: leads to Gone, which is no element here"],
    ],
  ])("%s", (_, flow, expected) => expect(problems(flow)).toEqual(expected));

  test.each(["screen", "evaluation"] as const)("has no place in a flow of type %s", (type) => {
    const flow = wait({ type: "amount_of_time", amount: { literal: 1 }, unit: "days" }, { type });
    expect(problems(flow)).toContainEqual(expect.stringMatching(/^elements\[0\].type: .*so it has no wait$/));
  });
});

describe("deleting and publishing", () => {
  test.each<[string, object, string[]]>([
    ["one record", { type: "delete_records", object: "Thing", record: "recordId", next: null }, []],
    [
      "nothing in particular",
      { type: "delete_records", object: "Thing", next: null },
      ["elements[0]: needs either a record or filters in where, and not both"],
    ],
    [
      "an event for a run",
      {
        type: "create_records",
        object: "FlowOrchestrationEvent",
        values: { OrchestrationInstanceId: { ref: "recordId" } },
        next: null,
      },
      [],
    ],
    [
      "an event for nobody",
      {
        type: "create_records",
        object: "FlowOrchestrationEvent",
        values: { StepStatus: { literal: "x" } },
        next: null,
      },
      [
        "elements[0].values.StepStatus: FlowOrchestrationEvent has no field StepStatus that can be set",
        "elements[0].values: FlowOrchestrationEvent needs a value for OrchestrationInstanceId",
      ],
    ],
  ])("%s", (_, element, expected) => expect(problems(act(element))).toEqual(expected));
});
