import { describe, expect, test } from "vitest";
import { checkFlow } from "../../lib/check/check-flow";
import type { Flow } from "../../lib/flow/definition";
import { aWorld } from "../builders/definitions";
import { aBackgroundFlow, anEvaluationFlow, aScreenFlow } from "../builders/flows";

const problems = (flow: Flow) => checkFlow(flow, aWorld([])).problems;
const text = (name: string, more: object = {}) => ({ name, type: "text", ...more });
const screen = (fields: object[], more: object = {}) => ({
  type: "screen",
  name: "Screen",
  label: "Screen",
  fields,
  next: null,
  ...more,
});
const ask = (fields: object[], variables: object[] = []) =>
  aScreenFlow("Ask", { variables, elements: [screen(fields)] });
const act = (element: object, variables: object[] = [text("recordId", { isInput: true })], more: object = {}) =>
  aBackgroundFlow("Act", {
    variables,
    start: "Element",
    elements: [{ name: "Element", label: "Element", next: null, ...element }],
    ...more,
  });

test("a record is locked by flows of background steps alone", () => {
  const lock = { type: "action", name: "Lock", label: "Lock", action: "lock_record", next: null };
  const given = { start: "Lock", elements: [lock] };
  expect(problems(aBackgroundFlow("Locks", given))).toEqual([]);
  for (const made of [aScreenFlow, anEvaluationFlow])
    expect(problems(made("Locks", given))).toContainEqual({
      path: "elements[0].action",
      message: "lock_record is for flows of background steps",
    });
});

test("plain flows of each type have no problem", () => {
  expect([aScreenFlow(), aBackgroundFlow(), anEvaluationFlow()].flatMap(problems)).toEqual([]);
});

describe("ways through", () => {
  const set = (name: string, next: string | null) => ({
    type: "assignment",
    name,
    label: name,
    assignments: [{ variable: "result", value: { literal: "x" } }],
    next,
  });
  test.each<[string, object[], string, string[]]>([
    [
      "a flow without an end names every element that cannot reach one",
      [set("A", "B"), set("B", "A")],
      "A",
      ["elements[0]", "elements[1]"],
    ],
    ["every element is reached", [set("A", null), set("B", null)], "A", ["elements[1]"]],
    ["the start exists", [set("A", null)], "Z", ["start"]],
    ["connectors lead somewhere", [set("A", "Z")], "A", ["elements[0].next"]],
  ])("%s", (_, elements, start, paths) => {
    expect(problems(aBackgroundFlow("F", { elements, start })).map(({ path }) => path)).toEqual(paths);
  });
});

describe("what a flow's type allows", () => {
  test("nobody sees a screen of an autolaunched flow", () => {
    expect(problems(aScreenFlow("F", { type: "autolaunched" }))).toEqual([
      {
        path: "elements[0].type",
        message: "nobody is there to see a screen of an autolaunched flow, so it has no screen",
      },
    ]);
  });
  test("an evaluation flow has its answer and changes nothing", () => {
    const flow = act(
      { type: "update_records", object: "Thing", record: "recordId", values: { Amount: { literal: 1 } } },
      undefined,
      { type: "evaluation" },
    );
    expect(problems(flow).map(({ path }) => path)).toEqual(["elements[0].type", "variables"]);
    const yes = anEvaluationFlow("F", {
      variables: [
        text("answer"),
        { name: "isOrchestrationConditionMet", type: "boolean", isOutput: true, default: true },
      ],
      start: "Set",
    });
    expect(problems(yes).map(({ path }) => path)).toContain("variables[1].default");
  });
  test("a screen flow has a screen", () => {
    expect(problems(aBackgroundFlow("F", { type: "screen" })).map(({ path }) => path)).toEqual(["elements"]);
  });
});

describe("screens", () => {
  test.each<[string, object[], string, RegExp]>([
    [
      "field names are unique",
      [text("a", { label: "A" }), text("a", { label: "B" })],
      "elements[0].fields[1].name",
      /a is the name of elements\[0\]\.fields\[0\] already/,
    ],
    [
      "choices have options",
      [{ name: "a", type: "radio", label: "A" }],
      "elements[0].fields[0].options",
      /at least one option/,
    ],
    [
      "an option is there once",
      [
        {
          name: "a",
          type: "radio",
          label: "A",
          options: [
            { value: "x", label: "X" },
            { value: "x", label: "Y" },
          ],
        },
      ],
      "elements[0].fields[0].options[1].value",
      /already/,
    ],
    [
      "a lookup says where it looks",
      [{ name: "a", type: "lookup", label: "A" }],
      "elements[0].fields[0].lookup",
      /is missing/,
    ],
    [
      "a lookup's object exists",
      [{ name: "a", type: "lookup", label: "A", lookup: "Ghost" }],
      "elements[0].fields[0].lookup",
      /no object called Ghost/,
    ],
    [
      "a default fits",
      [{ name: "a", type: "number", label: "A", default: { literal: "one" } }],
      "elements[0].fields[0].default.literal",
      /must be a number/,
    ],
    [
      "shown texts read what exists",
      [{ name: "a", type: "display_text", label: "Dear {!who}" }],
      "elements[0].fields[0].label",
      /no variable, screen field or element called who/,
    ],
    [
      "braces elsewhere would be shown",
      [text("a", { label: "Dear {!a}" })],
      "elements[0].fields[0].label",
      /put it into a display_text/,
    ],
    [
      "conditions read what exists",
      [
        text("a", {
          label: "A",
          visibleWhen: { requirements: [{ left: "b", operator: "equals", right: { literal: "x" } }] },
        }),
      ],
      "elements[0].fields[0].visibleWhen.requirements[0].left",
      /called b/,
    ],
  ])("%s", (_, fields, path, message) => {
    expect(problems(ask(fields))).toEqual([{ path, message: expect.stringMatching(message) }]);
  });
  test("a field may fill the variable of its name if their kinds fit", () => {
    expect(problems(ask([text("a", { label: "A" })], [text("a", { isOutput: true })]))).toEqual([]);
    expect(
      problems(ask([{ name: "a", type: "checkbox", label: "A" }], [text("a", { isOutput: true })])).map(
        ({ path }) => path,
      ),
    ).toEqual(["elements[0].fields[0].name"]);
  });
});

describe("records and actions", () => {
  const things = { name: "things", type: "record_list", object: "Thing" };
  test.each<[string, Flow, string, RegExp]>([
    [
      "the object exists",
      act({ type: "update_records", object: "Ghost", record: "recordId", values: {} }),
      "elements[0].object",
      /no object called Ghost/,
    ],
    [
      "its fields exist",
      act({ type: "update_records", object: "Thing", record: "recordId", values: { Colour: { literal: "red" } } }),
      "elements[0].values.Colour",
      /Thing has no field Colour/,
    ],
    [
      "values fit",
      act({ type: "update_records", object: "Thing", record: "recordId", values: { Amount: { literal: "much" } } }),
      "elements[0].values.Amount.literal",
      /must be an amount/,
    ],
    [
      "Baton's own fields are not set",
      act({ type: "update_records", object: "Thing", record: "recordId", values: { CreatedAt: { literal: null } } }),
      "elements[0].values.CreatedAt",
      /set by Baton/,
    ],
    [
      "a new record has what is required",
      act({ type: "create_records", object: "Thing", values: { Name: { literal: "x" } } }),
      "elements[0].values",
      /needs a value for Code/,
    ],
    [
      "records go into a variable that takes them",
      act({ type: "get_records", object: "Thing", into: "recordId" }),
      "elements[0].into",
      /must be a record or record_list of Thing/,
    ],
    [
      "filters name fields",
      act(
        {
          type: "get_records",
          object: "Thing",
          where: [{ field: "Colour", operator: "equals", value: { literal: "x" } }],
          into: "things",
        },
        [things],
      ),
      "elements[0].where[0].field",
      /no field Colour/,
    ],
    [
      "what lies behind a lookup exists",
      act({ type: "assignment", assignments: [{ variable: "x", value: { ref: "thing.Owner.Shoe" } }] }, [
        text("x"),
        { name: "thing", type: "record", object: "Thing" },
      ]),
      "elements[0].assignments[0].value.ref",
      /a person has no Shoe/,
    ],
    [
      "actions exist",
      act({ type: "action", action: "launch_rocket" }),
      "elements[0].action",
      /no action called launch_rocket; there are: send_email/,
    ],
    [
      "actions get what they need",
      act({
        type: "action",
        action: "send_email",
        inputs: { to: { literal: "a@b.example" }, subject: { literal: "Hi" } },
      }),
      "elements[0].inputs",
      /send_email needs body/,
    ],
    [
      "assignments name variables",
      act({ type: "assignment", assignments: [{ variable: "gone", value: { literal: 1 } }] }),
      "elements[0].assignments[0].variable",
      /no variable gone/,
    ],
    [
      "only numbers, dates, texts and lists can be added to",
      act({ type: "assignment", assignments: [{ variable: "flag", operator: "add", value: { literal: true } }] }, [
        { name: "flag", type: "boolean" },
      ]),
      "elements[0].assignments[0].operator",
      /nothing can be added/,
    ],
    [
      "a record variable says of what",
      act({ type: "assignment", assignments: [{ variable: "x", value: { literal: "" } }] }, [
        text("x"),
        { name: "r", type: "record" },
      ]),
      "variables[1].object",
      /is missing/,
    ],
  ])("%s", (_, flow, path, message) => {
    expect(problems(flow)).toEqual([{ path, message: expect.stringMatching(message) }]);
  });
});

describe("asking what elements were visited (B 4.1)", () => {
  const asking = (left: string, operator: string, variables: object[] = []) =>
    problems(
      aBackgroundFlow("F", {
        variables: [text("result", { isOutput: true }), ...variables],
        start: "Fork",
        elements: [
          {
            ...{ type: "decision", name: "Fork", label: "Fork", defaultNext: null },
            outcomes: [
              {
                ...{ name: "One", label: "One", next: "Set" },
                when: { requirements: [{ left, operator, right: { literal: true } }] },
              },
            ],
          },
          {
            ...{ type: "assignment", name: "Set", label: "Set", next: null },
            assignments: [{ variable: "result", value: { literal: "x" } }],
          },
        ],
      }),
    ).map(({ message }) => message);

  test.each([
    ["Set", "was_visited"],
    ["Set", "has_error"],
    ["Fork", "was_visited"],
    ["Fork.One", "was_visited"],
  ])("of %s %s", (left, operator) => {
    expect(asking(left, operator)).toEqual([]);
  });

  test("names an element or outcome that is there, and one that no variable is called like", () => {
    const nothing = "name an element, or for was_visited an outcome as in Decision.Outcome";
    expect(asking("Nowhere", "was_visited")).toEqual([
      "Nowhere: there is no variable, screen field or element called Nowhere",
    ]);
    expect(asking("Fork.Two", "was_visited")).toEqual([`Fork.Two: ${nothing}`]);
    expect(asking("Fork.One", "has_error")).toEqual([`Fork.One: ${nothing}`]);
    expect(asking("Set", "was_visited", [text("Set")])).toEqual([
      "Set: an element and a variable or screen field have this name; give the element a name of its own to ask about it",
    ]);
  });
});
