import { describe, expect, test } from "vitest";
import { advance } from "../../lib/flow/advance";
import { begin } from "../../lib/flow/begin";
import { type Flow, flowSchema, isAsynchronous, MAX_VALUE_BYTES } from "../../lib/flow/definition";
import type { Answer, Step } from "../../lib/flow/interview";
import { AT, flowOf, when } from "./build";

const go = (flow: Flow, step: Step, ...answers: Answer[]): Step =>
  answers.reduce((at, answer) => advance(flow, at.state, answer), step);
const failing: Answer = { type: "failed", message: "Make it: the shop is closed." };

const create = { type: "create_records", name: "Make", object: "Case", values: {} };
const said = { name: "said", type: "text", isOutput: true };
const say = (name: string, template: string, next: string | null = null) => ({
  type: "assignment",
  name,
  assignments: [{ variable: "said", value: { template } }],
  next,
});

describe("a fault connector", () => {
  test.each([
    ["create_records", { object: "Case", values: {} }],
    ["update_records", { object: "Case", values: {}, record: "id" }],
    ["delete_records", { object: "Case", record: "id" }],
    ["get_records", { object: "Case", into: "found" }],
    ["action", { action: "send_email" }],
    ["subflow", { flow: "Other" }],
    [
      "wait",
      { events: [{ type: "amount_of_time", name: "A", label: "A", amount: { literal: 1 }, unit: "days", next: null }] },
    ],
  ])("of a %s element leads on with the reason", (type, more) => {
    const flow = flowOf(
      "autolaunched",
      [{ type, name: "It", faultNext: "Tell", ...more }, say("Tell", "Sorry: {!$Flow.FaultMessage}")],
      [said, { name: "id", type: "text", default: "rec_1" }, { name: "found", type: "record", object: "Case" }],
    );
    expect(go(flow, begin(flow, {}, AT), failing).request).toEqual({
      type: "end",
      outputs: { said: "Sorry: Make it: the shop is closed." },
    });
  });

  test("that is null ends the flow; without one the interview fails", () => {
    const ending = flowOf("autolaunched", [{ ...create, faultNext: null }], [said]);
    expect(go(ending, begin(ending, {}, AT), failing).request.type).toBe("end");
    const plain = flowOf("autolaunched", [create], [said]);
    expect(go(plain, begin(plain, {}, AT), failing).request).toEqual({
      type: "failure",
      element: "Make",
      message: "Make it: the shop is closed.",
    });
  });

  test("catches what the element itself lacks", () => {
    const flow = flowOf(
      "autolaunched",
      [
        { type: "update_records", name: "Change", object: "Case", record: "id", values: {}, faultNext: "Tell" },
        say("Tell", "{!$Flow.FaultMessage}"),
      ],
      [said, { name: "id", type: "text" }],
    );
    expect(begin(flow, {}, AT).request).toEqual({
      type: "end",
      outputs: { said: "Change has no record to change: id is empty." },
    });
  });

  test("catches no bound: a circle through faults is stopped with the number", () => {
    const flow = flowOf(
      "autolaunched",
      [{ type: "update_records", name: "Change", object: "Case", record: "id", values: {}, faultNext: "Change" }],
      [{ name: "id", type: "text" }],
    );
    expect(begin(flow, {}, AT).request).toMatchObject({
      type: "failure",
      isFinal: true,
      message: expect.stringContaining("2000 elements"),
    });
    const limited = flowOf("autolaunched", [{ ...create, faultNext: null }]);
    const stopped = go(limited, begin(limited, {}, AT), { type: "failed", message: "too slow", isFinal: true });
    expect(stopped.request).toMatchObject({ type: "failure", message: "too slow" });
  });
});

describe("deleting", () => {
  const variables = [
    { name: "one", type: "record", object: "Case", isInput: true },
    { name: "many", type: "record_list", object: "Case", isInput: true },
  ];
  const ask = (record: string | undefined, inputs: object = {}) => {
    const element = {
      type: "delete_records",
      name: "Delete",
      object: "Case",
      ...(record ? { record } : { where: [{ field: "Status", operator: "equals", value: { literal: "Old" } }] }),
    };
    const flow = flowOf("autolaunched", [element], variables);
    return begin(flow, inputs as never, AT).request;
  };
  test("asks for one record, for each of a list, or for what filters find", () => {
    expect(ask("one", { one: { Id: "rec_1" } })).toMatchObject({ ids: ["rec_1"] });
    expect(ask("many", { many: [{ Id: "rec_1" }, "rec_2"] })).toMatchObject({ ids: ["rec_1", "rec_2"] });
    expect(ask(undefined)).toMatchObject({ ids: null, where: [{ field: "Status", operator: "equals", value: "Old" }] });
  });
  test("of nothing fails", () => {
    expect(ask("one")).toMatchObject({ type: "failure", message: "Delete has no record to delete: one is empty." });
  });
});

describe("a subflow", () => {
  const flow = flowOf(
    "autolaunched",
    [
      {
        type: "subflow",
        name: "Call",
        flow: "Other",
        inputs: { amount: { ref: "n" } },
        outputs: { sum: "n", word: "said" },
      },
    ],
    [said, { name: "n", type: "number", default: 5, isOutput: true }],
  );
  test("is asked for with its inputs, and its outputs are taken", () => {
    const asked = begin(flow, {}, AT);
    expect(asked.request).toEqual({ type: "subflow", element: "Call", flow: "Other", inputs: { amount: 5 } });
    const ended = go(flow, asked, { type: "subflow_ended", outputs: { sum: 7, word: "seven", more: 1 } });
    expect(ended.request).toEqual({ type: "end", outputs: { said: "seven", n: 7 } });
  });
  test("that gives what a variable cannot hold fails at the element", () => {
    expect(go(flow, begin(flow, {}, AT), { type: "subflow_ended", outputs: { sum: "many" } }).request).toEqual({
      type: "failure",
      element: "Call",
      message: "Call: n takes a number.",
    });
  });
  test("makes the flow asynchronous, as an action or a wait does", () => {
    expect(isAsynchronous(flow)).toBe(true);
    expect(isAsynchronous(flowOf("autolaunched", [create]))).toBe(false);
  });
});

describe("a wait", () => {
  const waiting = (events: readonly object[], variables: unknown[] = [], more: readonly unknown[] = []) =>
    flowSchema.parse({
      kind: "flow",
      type: "autolaunched",
      name: "Test",
      label: "Test",
      variables: [said, ...variables],
      start: "Wait",
      elements: [{ type: "wait", name: "Wait", label: "Wait", events }, ...more],
    });
  const soon = {
    type: "amount_of_time",
    name: "Soon",
    label: "Soon",
    amount: { literal: 2 },
    unit: "hours",
    next: "A",
  };
  const done = {
    type: "condition",
    name: "Done",
    label: "Done",
    object: "Case",
    record: "id",
    condition: { logic: "all", ...when("$Record.Status", "equals", "Closed") },
    next: "B",
  };
  const changed = { type: "record_change", name: "New", label: "New", object: "Case", into: "theCase", next: null };
  const after = [say("A", "soon"), say("B", "done")].map((element) => ({ label: element.name, ...element }));
  const variables = [
    { name: "id", type: "text", isInput: true },
    { name: "theCase", type: "record", object: "Case", isOutput: true },
  ];
  const flow = waiting([soon, done, changed], variables, after);

  test("asks for all of its events at once, and goes where the first leads", () => {
    const asked = begin(flow, { id: "rec_1" }, AT);
    expect(asked.request).toMatchObject({
      type: "wait",
      element: "Wait",
      events: [
        { type: "amount_of_time", name: "Soon", amount: 2, unit: "hours" },
        { type: "condition", name: "Done", record: "rec_1" },
        { type: "record_change", name: "New", record: null, on: "create_or_update" },
      ],
    });
    const happened = (event: string, record: { Id: string } | null = null) =>
      go(flow, asked, { type: "event", event, record }).request;
    expect(happened("Soon")).toMatchObject({ outputs: { said: "soon" } });
    expect(happened("Done")).toMatchObject({ outputs: { said: "done" } });
    expect(happened("New", { Id: "rec_9" })).toMatchObject({ outputs: { theCase: { Id: "rec_9" } } });
    expect(happened("Other")).toMatchObject({ type: "failure", message: "Wait does not wait for Other." });
  });

  test("tells what its condition reads of the flow, because that stays as it is", () => {
    const own = {
      ...done,
      condition: { logic: "all", requirements: [{ left: "$Record.Amount", operator: "equals", right: { ref: "id" } }] },
    };
    const asked = begin(waiting([own], variables, after), { id: "rec_1" }, AT);
    expect(asked.request).toMatchObject({ events: [{ known: { id: "rec_1" } }] });
  });

  test.each([
    ["no record", { id: null }, "Wait: Done has no record to look at: id is empty."],
    ["no amount", { id: "rec_1" }, "Wait: Soon has no amount of time to wait."],
  ])("for %s fails", (_, inputs, message) => {
    const none = waiting([inputs.id ? { ...soon, amount: { ref: "id" } } : done], variables, after);
    expect(begin(none, inputs as never, AT).request).toEqual({ type: "failure", element: "Wait", message });
  });

  test("begins a new execution: what was passed before counts no more", () => {
    const circle = waiting([{ ...soon, next: "A" }], [], [{ label: "A", ...say("A", "x", "Wait") }]);
    let step = begin(circle, {}, AT);
    for (let i = 0; i < 3_000; i++) step = go(circle, step, { type: "event", event: "Soon", record: null });
    expect(step.request.type).toBe("wait");
  });

  test("in a screen flow or an evaluation flow is refused", () => {
    for (const type of ["screen", "evaluation"] as const) {
      const wrong = { ...waiting([soon], [], after), type };
      expect(begin(wrong, {}, AT).request).toMatchObject({
        message: "Wait waits, which only an autolaunched flow may.",
      });
    }
  });
});

describe("the clock", () => {
  test("is what the execution was given, in its zone", () => {
    const flow = flowOf("autolaunched", [say("Say", "{!$Flow.CurrentDate} {!$Flow.CurrentDateTime}")], [said]);
    const clock = { now: "2026-11-21T23:30:00.000Z", timeZone: "Asia/Tokyo" };
    expect(begin(flow, {}, { clock }).request).toMatchObject({
      outputs: { said: "2026-11-22 2026-11-21T23:30:00.000Z" },
    });
  });
});

test("a value larger than the bound is refused with the number", () => {
  const flow = flowOf("autolaunched", [create], [{ name: "theCase", type: "record", object: "Case", isInput: true }]);
  const large = { Id: "rec_1", Text: "ä".repeat(MAX_VALUE_BYTES / 2) };
  expect(begin(flow, { theCase: large }, AT).request).toEqual({
    type: "failure",
    element: null,
    message: `The flow cannot start: theCase takes values of at most ${MAX_VALUE_BYTES} bytes each.`,
  });
});
