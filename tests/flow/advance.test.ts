import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advance } from "../../lib/flow/advance";
import { begin } from "../../lib/flow/begin";
import { type Flow, MAX_ELEMENTS_PER_EXECUTION } from "../../lib/flow/definition";
import type { Answer, Step, Values } from "../../lib/flow/interview";
import type { Value } from "../../lib/logic/value";
import { AT, flowOf, screenOf, when } from "./build";

const go = (flow: Flow, step: Step, ...answers: Answer[]): Step =>
  answers.reduce((at, answer) => advance(flow, at.state, answer), step);
const next = (values: Values): Answer => ({ type: "next", values });
const back = (values: Values): Answer => ({ type: "back", values });

const set = (name: string, variable: string, value: unknown, more: object = {}) => ({
  type: "assignment",
  name,
  assignments: [{ variable, value, ...more }],
});
const text = (name: string, more: object = {}) => ({ name, type: "text", ...more });

describe("a screen flow", () => {
  const flow = flowOf(
    "screen",
    [
      screenOf([{ name: "Amount", type: "number", required: true }], { name: "One", next: "Note" }),
      { ...set("Note", "note", { template: "asked for {!Amount}" }), next: "Big" },
      {
        type: "decision",
        name: "Big",
        outcomes: [{ name: "Yes", label: "Yes", when: when("Amount", "greater_than", 100), next: "Two" }],
        defaultNext: null,
      },
      screenOf([{ name: "Why", required: true }], { name: "Two", next: "Three" }),
      screenOf([{ name: "Sure", type: "checkbox" }], { name: "Three", next: null }),
    ],
    [text("note", { isOutput: true }), text("Why", { isOutput: true }), text("Comments", { isOutput: true })],
  );

  test("shows its screens in turn and ends with its outputs", () => {
    const first = begin(flow, {}, AT);
    expect(first.request).toEqual({ type: "screen", screen: "One", problems: [] });
    const second = go(flow, first, next({ Amount: 500 }));
    expect(second.request).toMatchObject({ screen: "Two" });
    const end = go(flow, second, next({ Why: "a new desk" }), next({ Sure: true }));
    expect(end.request).toEqual({ type: "end", outputs: { note: "asked for 500", Why: "a new desk", Comments: null } });
  });

  test("takes the way that the answer says", () => {
    expect(go(flow, begin(flow, {}, AT), next({ Amount: 5 })).request.type).toBe("end");
  });

  test("stays on the screen while something is wrong, and takes nothing", () => {
    const first = begin(flow, {}, AT);
    const refused = go(flow, first, next({ Amount: "much", Other: 1 }));
    expect(refused.request).toEqual({
      type: "screen",
      screen: "One",
      problems: [
        { path: "Other", message: "Other is no field of this screen." },
        { path: "Amount", message: "Amount must be a number." },
      ],
    });
    expect(refused.state.values).toEqual(first.state.values);
  });

  test("keeps the answers of both screens when Back is pressed, and undoes what came between", () => {
    const two = go(flow, begin(flow, {}, AT), next({ Amount: 500 }));
    const one = go(flow, two, back({ Why: "half a rea" }));
    expect(one.request).toMatchObject({ screen: "One" });
    expect(one.state.values.note).toBeNull();
    expect(one.state.answers).toEqual({ One: { Amount: 500 }, Two: { Why: "half a rea" } });
    const again = go(flow, one, next({ Amount: 501 }));
    expect(again.state.values.note).toBe("asked for 501");
    expect(again.state.answers.Two).toEqual({ Why: "half a rea" });
  });

  test("forgets nothing of a screen that a changed answer leaves aside, and gives none of it out", () => {
    const three = go(flow, begin(flow, {}, AT), next({ Amount: 500 }), next({ Why: "x" }));
    const end = go(flow, three, back({}), back({}), next({ Amount: 5 }));
    expect(end.request).toMatchObject({ type: "end", outputs: { Why: null } });
  });

  test("goes back from no first screen, nor where the author forbids it", () => {
    const first = begin(flow, {}, AT);
    expect(go(flow, first, back({})).request).toMatchObject({ type: "screen", screen: "One" });
    const strict = flowOf("screen", [
      screenOf([], { name: "One", next: "Two" }),
      screenOf([], { name: "Two", allowBack: false }),
    ]);
    expect(go(strict, begin(strict, {}, AT), next({}), back({})).request).toMatchObject({ screen: "Two" });
  });

  test("keeps what was typed when there is no way back", () => {
    const first = go(flow, begin(flow, {}, AT), back({ Amount: 5, Other: 1 }));
    expect(first.state.answers).toEqual({ One: { Amount: 5 } });
  });

  test("does not go back over a change, which would be made twice", () => {
    const changing = flowOf("screen", [
      screenOf([], { name: "One", next: "Make" }),
      { type: "create_records", name: "Make", object: "Case", values: {}, next: "Two" },
      screenOf([], { name: "Two" }),
    ]);
    const two = go(changing, begin(changing, {}, AT), next({}), { type: "created", id: "rec_1" });
    expect(go(changing, two, back({})).request).toMatchObject({ screen: "Two" });
  });
});

describe("variables", () => {
  const TABLE: [what: string, type: string, before: unknown, operator: string, value: unknown, after: unknown][] = [
    ["set a text", "text", null, "set", "x", "x"],
    ["set a text to a number", "text", null, "set", 5, "5"],
    ["set a number to a text", "number", null, "set", "5", "fails"],
    ["set anything to nothing", "number", 3, "set", null, null],
    ["add numbers as people do", "currency", 0.1, "add", 0.2, 0.3],
    ["add to nothing", "number", null, "add", 2, 2],
    ["add nothing", "number", 2, "add", null, 2],
    ["join texts", "text", "a", "add", "b", "ab"],
    ["add days to a date", "date", "2026-02-27", "add", 2, "2026-03-01"],
    ["add days to an instant", "datetime", "2026-11-21T08:00:00Z", "add", 1, "2026-11-22T08:00:00.000Z"],
    ["add a text to a number", "number", 1, "add", "x", "fails"],
    ["a date that does not exist", "date", null, "set", "2026-02-30", "fails"],
    ["add more days than there are", "date", "2026-02-27", "add", 1e300, "fails"],
    ["add to a list", "text_list", ["a"], "add", "b", ["a", "b"]],
    ["add a list to a list", "text_list", ["a"], "add", ["b", "c"], ["a", "b", "c"]],
    ["a number in a list of texts", "text_list", [], "add", 5, "fails"],
  ];
  test.each(TABLE)("%s", (_, type, before, operator, value, after) => {
    const flow = flowOf(
      "autolaunched",
      [set("Set", "x", { literal: value }, { operator })],
      [{ name: "x", type, isInput: true, isOutput: true }],
    );
    const { request } = begin(flow, { x: before as Value }, AT);
    if (after === "fails") expect(request).toMatchObject({ type: "failure", element: "Set" });
    else expect(request).toEqual({ type: "end", outputs: { x: after } });
  });

  test("begin with their inputs, else their defaults; what is no input is left aside", () => {
    const variables = [
      text("a", { isInput: true, isOutput: true, default: "d" }),
      text("b", { isInput: true, isOutput: true, default: "d" }),
      text("c", { isOutput: true, default: "d" }),
    ];
    const flow = flowOf("autolaunched", [set("Set", "a", { template: "{!a}!" })], variables);
    expect(begin(flow, { a: "given", c: "given", other: 1 }, AT).request).toEqual({
      type: "end",
      outputs: { a: "given!", b: "d", c: "d" },
    });
  });

  test("refuse an input of the wrong type before anything runs", () => {
    const flow = flowOf(
      "autolaunched",
      [set("Set", "n", { literal: 1 })],
      [{ name: "n", type: "number", isInput: true }],
    );
    expect(begin(flow, { n: "many" }, AT).request).toEqual({
      type: "failure",
      element: null,
      message: "The flow cannot start: n takes a number.",
    });
  });

  test("do not grow past their bound", () => {
    const flow = flowOf(
      "autolaunched",
      [{ ...set("Grow", "x", { ref: "x" }, { operator: "add" }), next: "Grow" }],
      [text("x", { default: "xx" })],
    );
    expect(begin(flow, {}, AT).request).toMatchObject({
      type: "failure",
      element: "Grow",
      message: expect.stringContaining("100000"),
    });
  });
});

describe("data and actions", () => {
  const flow = flowOf(
    "autolaunched",
    [
      {
        type: "get_records",
        name: "Find",
        object: "Case",
        where: [{ field: "Status", operator: "equals", value: { ref: "status" } }],
        into: "found",
        next: "Change",
      },
      {
        type: "update_records",
        name: "Change",
        object: "Case",
        record: "found",
        values: { Subject: { template: "{!found.Subject}!" } },
        next: "Make",
      },
      {
        type: "create_records",
        name: "Make",
        object: "Task",
        values: { Case: { ref: "found.Id" } },
        into: "made",
        next: "Mail",
      },
      { type: "action", name: "Mail", action: "send_email", inputs: { to: { ref: "found.Owner.Email" } } },
    ],
    [
      { name: "found", type: "record", object: "Case" },
      text("made", { isOutput: true }),
      text("status", { isInput: true }),
    ],
  );
  const inputs = { status: "New" };

  test("are asked for one after another, with what is known by then", () => {
    const asked = begin(flow, inputs, AT);
    expect(asked.request).toEqual({
      type: "get_records",
      element: "Find",
      object: "Case",
      where: [{ field: "Status", operator: "equals", value: "New" }],
      sort: null,
      limit: 1,
    });
    const change = go(flow, asked, { type: "records", records: [{ Id: "rec_1", Subject: "Printer", Owner: "usr_1" }] });
    expect(change.request).toEqual({
      type: "update_records",
      element: "Change",
      object: "Case",
      id: "rec_1",
      values: { Subject: "Printer!" },
    });
    const make = go(flow, change, { type: "done" });
    expect(make.request).toEqual({
      type: "create_records",
      element: "Make",
      object: "Task",
      values: { Case: "rec_1" },
    });
    const behind = go(flow, make, { type: "created", id: "rec_2" });
    expect(behind.request).toEqual({ type: "look_behind", wants: [{ id: "usr_1", path: "Email" }] });
    const mail = go(flow, behind, { type: "found_behind", found: [{ id: "usr_1", path: "Email", value: "o@x.test" }] });
    expect(mail.request).toEqual({ type: "action", element: "Mail", action: "send_email", inputs: { to: "o@x.test" } });
    expect(go(flow, mail, { type: "done" }).request).toEqual({ type: "end", outputs: { made: "rec_2" } });
  });

  test("are asked for again after a crash, in the same words", () => {
    const asked = begin(flow, inputs, AT);
    expect(advance(flow, asked.state, { type: "continue" }).request).toEqual(asked.request);
  });

  test("fail at their element when there is nothing to change", () => {
    const missing = go(flow, begin(flow, inputs, AT), { type: "records", records: [] });
    expect(missing.request).toEqual({
      type: "failure",
      element: "Change",
      message: "Change has no record to change: found is empty.",
    });
  });

  test("take no answer that was not asked for", () => {
    expect(go(flow, begin(flow, inputs, AT), { type: "created", id: "rec_9" }).request.type).toBe("failure");
  });
});

describe("what lies behind an id", () => {
  const flow = flowOf(
    "autolaunched",
    [set("Say", "said", { template: "{!who.Manager.Name} and {!who.Name}" })],
    [{ name: "who", type: "user", isInput: true }, text("said", { isOutput: true })],
  );

  test("is asked for once, when it is read, and may be nothing", () => {
    const asked = begin(flow, { who: "usr_1" }, AT);
    expect(asked.request).toEqual({
      type: "look_behind",
      wants: [
        { id: "usr_1", path: "Manager.Name" },
        { id: "usr_1", path: "Name" },
      ],
    });
    const found = [
      { id: "usr_1", path: "Manager.Name", value: null },
      { id: "usr_1", path: "Name", value: "Ada" },
    ];
    expect(go(flow, asked, { type: "found_behind", found }).request).toEqual({
      type: "end",
      outputs: { said: " and Ada" },
    });
  });

  test("is not asked for behind nothing", () => {
    expect(begin(flow, {}, AT).request).toEqual({ type: "end", outputs: { said: " and " } });
  });

  test("is read again after a person answered", () => {
    const asking = flowOf(
      "screen",
      [
        screenOf([{ name: "Hello", type: "display_text", label: "{!who.Name}" }], { name: "One", next: "Two" }),
        screenOf([{ name: "Again", type: "display_text", label: "{!who.Name}" }], { name: "Two" }),
      ],
      [{ name: "who", type: "user", isInput: true }],
    );
    const found: Answer = { type: "found_behind", found: [{ id: "usr_1", path: "Name", value: "Ada" }] };
    const shown = go(asking, begin(asking, { who: "usr_1" }, AT), found);
    expect(shown.request.type).toBe("screen");
    expect(go(asking, shown, next({})).request.type).toBe("look_behind");
  });
});

describe("an evaluation flow", () => {
  test("is false unless it says true", () => {
    const silent = flowOf("evaluation", [set("Set", "x", { literal: "1" })], [text("x")]);
    expect(begin(silent, {}, AT).request).toEqual({ type: "end", outputs: { isOrchestrationConditionMet: false } });
    const variables = [{ name: "isOrchestrationConditionMet", type: "boolean", isOutput: true }];
    const speaking = flowOf("evaluation", [set("Set", "isOrchestrationConditionMet", { literal: true })], variables);
    expect(begin(speaking, {}, AT).request).toEqual({ type: "end", outputs: { isOrchestrationConditionMet: true } });
  });

  test.each([
    { type: "create_records", name: "Make", object: "Task", values: {} },
    { type: "update_records", name: "Make", object: "Task", record: "x", values: {} },
    { type: "action", name: "Make", action: "send_email" },
    screenOf([], { name: "Make" }),
  ])("changes nothing and asks nobody: $type", (element) => {
    const flow = flowOf("evaluation", [element], [text("x", { default: "rec_1" })]);
    expect(begin(flow, {}, AT).request).toMatchObject({ type: "failure", element: "Make" });
  });
});

describe("bounds and broken definitions", () => {
  test("a circle is stopped, with the number", () => {
    const flow = flowOf(
      "autolaunched",
      [{ ...set("Turn", "n", { literal: 1 }, { operator: "add" }), next: "Turn" }],
      [{ name: "n", type: "number" }],
    );
    const { request, state } = begin(flow, {}, AT);
    expect(request).toMatchObject({
      type: "failure",
      isFinal: true,
      element: "Turn",
      message: expect.stringContaining(String(MAX_ELEMENTS_PER_EXECUTION)),
    });
    expect(state.values.n).toBe(MAX_ELEMENTS_PER_EXECUTION);
  });

  test("a circle of heavy elements is stopped before it takes seconds", () => {
    const variables = Array.from({ length: 100 }, (_, at) => text(`v${at}`, { default: "x".repeat(100_000) }));
    const assignments = variables.map(({ name }) => ({ variable: name, value: { template: "{!v1}{!v2}" } }));
    const flow = flowOf("autolaunched", [{ type: "assignment", name: "Turn", assignments, next: "Turn" }], variables);
    expect(begin(flow, {}, AT).request).toMatchObject({
      type: "failure",
      isFinal: true,
      element: "Turn",
      message: expect.stringContaining("300000 steps"),
    });
  }, 30_000);

  test("a circle of many assignments is stopped by their number", () => {
    const assignments = Array.from({ length: 100 }, () => ({ variable: "n", value: { literal: 1 } }));
    const turn = { type: "assignment", name: "Turn", assignments, next: "Turn" };
    expect(begin(flowOf("autolaunched", [turn], [{ name: "n", type: "number" }]), {}, AT).request).toEqual({
      type: "failure",
      isFinal: true,
      element: "Turn",
      message: "The flow was stopped after 10000 assignments and conditions; one execution may have 10000.",
    });
  });

  test("formulas over long texts are stopped together before they take seconds, in decisions and in called flows too", () => {
    const costly = { formula: Array.from({ length: 20 }, () => 'LEN(SUBSTITUTE(t, "a", "b"))').join(" + ") };
    const variables = [text("t", { default: "a".repeat(90_000) }), { name: "n", type: "number" }];
    const assignments = Array.from({ length: 100 }, () => ({ variable: "n", value: costly }));
    const flow = flowOf("autolaunched", [{ type: "assignment", name: "Turn", assignments, next: null }], variables);
    const stopped = {
      type: "failure",
      isFinal: true,
      element: "Turn",
      message:
        "The flow was stopped: its formulas and texts took more than 300000 steps, and one execution may take no more.",
    };
    const { request, state } = begin(flow, {}, AT);
    expect(request).toEqual(stopped);
    expect(state.values.n).toBeNull();
    // What a caller has spent is spent for the flow that it calls.
    const [one] = assignments;
    const once = flowOf(
      "autolaunched",
      [{ type: "assignment", name: "Turn", assignments: [one], next: null }],
      variables,
    );
    expect(begin(once, {}, AT).request.type).toBe("end");
    expect(begin(once, {}, { ...AT, reckoned: 290_000 }).request).toEqual(stopped);
    const when = { requirements: Array.from({ length: 10 }, () => ({ left: "n", operator: "equals", right: costly })) };
    const outcomes = Array.from({ length: 10 }, (_, at) => ({ name: `O${at}`, label: "O", when, next: null }));
    const choice = { type: "decision", name: "Turn", label: "Turn", outcomes, defaultNext: null };
    expect(begin(flowOf("autolaunched", [choice], variables), {}, AT).request).toEqual(stopped);
  });

  test("a circle through the database is stopped too", () => {
    const flow = flowOf(
      "autolaunched",
      [{ type: "get_records", name: "Get", object: "Case", into: "x", next: "Get" }],
      [{ name: "x", type: "record_list" }],
    );
    let step = begin(flow, {}, AT);
    for (let turn = 0; turn < MAX_ELEMENTS_PER_EXECUTION; turn++)
      step = go(flow, step, { type: "records", records: [] });
    expect(step.request.type).toBe("failure");
  });

  test("a connector that leads nowhere fails there", () => {
    const flow = flowOf("autolaunched", [{ ...set("Set", "x", { literal: "1" }), next: "Gone" }], [text("x")]);
    expect(begin(flow, {}, AT).request).toMatchObject({ type: "failure", element: "Gone" });
  });

  test("any answers at any time are met without a throw, and the same answers lead to the same place", () => {
    const flow = flowOf(
      "screen",
      [
        screenOf(
          [
            { name: "a", type: "number" },
            { name: "b", visibleWhen: when("a", "greater_than", 1) },
          ],
          { name: "One", next: "Get" },
        ),
        { type: "get_records", name: "Get", object: "Case", into: "found", next: "Add" },
        { ...set("Add", "sum", { ref: "a" }, { operator: "add" }), next: "Two" },
        screenOf([{ name: "c", type: "checkbox", required: true }], { name: "Two", next: "One" }),
      ],
      [
        { name: "found", type: "record" },
        { name: "sum", type: "number", isOutput: true },
      ],
    );
    const values = fc.dictionary(
      fc.constantFrom("a", "b", "c", "x"),
      fc.oneof(fc.jsonValue(), fc.constantFrom(1, 5, true, "x")) as fc.Arbitrary<Value>,
    );
    const answer: fc.Arbitrary<Answer> = fc.oneof(
      values.map((given): Answer => ({ type: "next", values: given })),
      values.map((given): Answer => ({ type: "back", values: given })),
      fc.constantFrom<Answer>(
        { type: "continue" },
        { type: "done" },
        { type: "created", id: "rec_1" },
        { type: "records", records: [{ Id: "rec_1" }] },
        { type: "next", values: { a: 5 } },
        { type: "next", values: { c: true } },
      ),
    );
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 30 }), (answers) => {
        const once = go(flow, begin(flow, {}, AT), ...answers);
        expect(go(flow, begin(flow, {}, AT), ...answers)).toEqual(once);
        const names = new Set(["found", "sum", "a", "b", "c"]);
        expect(Object.keys(once.state.values).filter((name) => !names.has(name))).toEqual([]);
      }),
    );
  });
});
