import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { begin } from "../../lib/flow/begin";
import type { Values } from "../../lib/flow/interview";
import {
  acceptedValues,
  filledScreen,
  initialValues,
  isLastScreen,
  knownValues,
  validateScreen,
  visibleFields,
} from "../../lib/flow/screen";
import { lookupIn } from "../../lib/logic/references";
import { MAX_TEXT_CHARACTERS, type Value } from "../../lib/logic/value";
import { AT, flowOf, screenOf, shownBy, when } from "./build";

const nothing = lookupIn({});
function screen(...fields: unknown[]) {
  const flow = flowOf("screen", [screenOf(fields)]);
  return shownBy(flow, begin(flow, {}, AT));
}
const OPTIONS = [
  { value: "low", label: "Low" },
  { value: "high", label: "High" },
];

describe("an answer", () => {
  const TABLE: [what: string, field: object, value: Value, message: string | null][] = [
    ["a text", { type: "text" }, "x", null],
    ["no text where none is needed", { type: "text" }, "", null],
    ["no text where one is required", { required: true }, "  ", "Subject is required."],
    ["a number for a text", { type: "long_text" }, 5, "Subject must be a text."],
    ["a text at the bound", { type: "long_text" }, "x".repeat(MAX_TEXT_CHARACTERS), null],
    [
      "a text over the bound",
      { type: "long_text" },
      "x".repeat(MAX_TEXT_CHARACTERS + 1),
      "Subject must be at most 100000 characters long; it has 100001.",
    ],
    ["a NUL", {}, "a\0b", "Subject holds a character that cannot be stored."],
    ["half of a surrogate pair", {}, "a\ud800b", "Subject holds a character that cannot be stored."],
    ["an emoji, right-to-left text and a combining mark", {}, "👩‍🚒 שלום e\u0301", null],
    ["a number", { type: "number" }, 12.5, null],
    ["zero where a number is required", { type: "currency", required: true }, 0, null],
    ["a text for a number", { type: "number" }, "12", "Subject must be a number."],
    ["a tick", { type: "checkbox" }, true, null],
    ["no tick where one is required", { type: "checkbox", required: true }, null, "Subject must be ticked."],
    ["a text for a tick", { type: "checkbox" }, "true", "Subject must be ticked or not."],
    ["a day", { type: "date" }, "2026-02-28", null],
    [
      "a day that does not exist",
      { type: "date" },
      "2026-02-30",
      "Subject must be a date that exists, such as 2026-11-21.",
    ],
    ["a choice", { type: "radio", options: OPTIONS }, "low", null],
    [
      "a choice that was not offered",
      { type: "picklist", options: OPTIONS },
      "Low",
      "Subject must be one of the choices.",
    ],
    ["some choices", { type: "multi_select", options: OPTIONS }, ["high", "low"], null],
    [
      "no choice where one is required",
      { type: "multi_select", options: OPTIONS, required: true },
      [],
      "Subject is required.",
    ],
    [
      "a choice made twice",
      { type: "multi_select", options: OPTIONS },
      ["low", "low"],
      "Subject must be some of the choices, each once.",
    ],
    ["a person", { type: "lookup", lookup: "user" }, "usr_1", null],
    ["a record for a person", { type: "lookup", lookup: "user" }, { Id: "usr_1" }, "Subject must be a text."],
    [
      "a value that the author's rule takes",
      {
        type: "number",
        validWhen: { condition: when("Subject", "greater_than", 0), message: "More than nothing, please." },
      },
      1,
      null,
    ],
    [
      "a value that it refuses",
      {
        type: "number",
        validWhen: { condition: when("Subject", "greater_than", 0), message: "More than nothing, please." },
      },
      0,
      "More than nothing, please.",
    ],
    [
      "no value for a rule",
      {
        type: "number",
        validWhen: { condition: when("Subject", "greater_than", 0), message: "More than nothing, please." },
      },
      null,
      null,
    ],
  ];
  test.each(TABLE)("%s", (_, field, value, message) => {
    const problems = validateScreen(screen({ name: "Subject", ...field }), { Subject: value }, nothing);
    expect(problems).toEqual(message ? [{ path: "Subject", message }] : []);
  });

  test("to a field that the screen does not have is refused, with its name", () => {
    const problems = validateScreen(
      screen({ name: "Subject" }, { name: "Note", type: "display_text" }),
      JSON.parse('{"Other":1,"Note":"x","__proto__":{"a":1}}') as Values,
      nothing,
    );
    expect(problems.map(({ path }) => path)).toEqual(["Other", "Note", "__proto__"]);
  });
});

describe("a hidden field", () => {
  const chained = () =>
    screen(
      { name: "Hardware", type: "checkbox" },
      { name: "Model", required: true, visibleWhen: when("Hardware", "equals", true) },
      { name: "Reason", required: true, visibleWhen: when("Model", "equals", "Server") },
    );
  const names = (typed: Values) => visibleFields(chained(), typed, nothing).map(({ name }) => name);

  test("appears when its condition holds", () => {
    expect(names({})).toEqual(["Hardware"]);
    expect(names({ Hardware: true })).toEqual(["Hardware", "Model"]);
    expect(names({ Hardware: true, Model: "Server" })).toEqual(["Hardware", "Model", "Reason"]);
  });
  test("counts as empty for the others, whatever was typed in it", () => {
    expect(names({ Hardware: false, Model: "Server", Reason: "x" })).toEqual(["Hardware"]);
  });
  test("is neither required nor taken", () => {
    const typed = { Hardware: false, Model: "Server", Reason: "x" };
    expect(validateScreen(chained(), typed, nothing)).toEqual([]);
    expect(acceptedValues(chained(), typed, nothing)).toEqual({ Hardware: false, Model: null, Reason: null });
  });
  test("in a circle of conditions is settled", () => {
    const circle = screen(
      { name: "A", visibleWhen: when("B", "is_null", true) },
      { name: "B", visibleWhen: when("A", "is_null", false) },
    );
    expect(visibleFields(circle, { A: "x", B: "y" }, nothing).length).toBeLessThanOrEqual(2);
  });
  test("reads what was known before, but not under the name of a field", () => {
    const known = lookupIn({ Amount: 10, $Record: { Status: "New" } });
    const asked = screen(
      { name: "Amount", type: "number" },
      { name: "Why", visibleWhen: when("Amount", "greater_than", 5) },
      { name: "New", visibleWhen: when("$Record.Status", "equals", "New") },
    );
    expect(visibleFields(asked, {}, known).map(({ name }) => name)).toEqual(["Amount", "New"]);
    expect(knownValues(asked, known)).toEqual({ "$Record.Status": "New" });
    expect(visibleFields(asked, { Amount: 6 }, lookupIn(knownValues(asked, known)))).toHaveLength(3);
  });
});

test("fields begin with their defaults where these fit, and texts are filled", () => {
  const lookup = lookupIn({ theCase: { Subject: "Printer" }, start: "2026-11-21" });
  const shown = screen(
    { name: "Intro", type: "display_text", label: "About {!theCase.Subject}" },
    { name: "Title", default: { ref: "theCase.Subject" } },
    { name: "Start", type: "date", default: { ref: "start" } },
    { name: "Count", type: "number", default: { literal: "many" } },
    { name: "Sure", type: "checkbox" },
  );
  expect(initialValues(shown, lookup)).toEqual({ Title: "Printer", Start: "2026-11-21", Count: null, Sure: false });
  expect(filledScreen(shown, lookup).fields[0]?.label).toBe("About Printer");
});

test("the last screen is the one that no other can follow", () => {
  const flow = flowOf("screen", [
    screenOf([], { name: "One", next: "Which" }),
    {
      type: "decision",
      name: "Which",
      outcomes: [{ name: "Yes", label: "Yes", when: when("x", "is_null", true), next: "Loop" }],
      defaultNext: null,
    },
    { type: "assignment", name: "Loop", assignments: [{ variable: "x", value: { literal: "1" } }], next: "Two" },
    screenOf([], { name: "Two", next: null }),
  ]);
  const [one, , , two] = flow.elements;
  if (one?.type !== "screen" || two?.type !== "screen") throw new Error("not the flow of this test");
  expect([isLastScreen(flow, one), isLastScreen(flow, two)]).toEqual([false, true]);
});

test("any JSON as answers is judged without a throw, and what is accepted is valid", () => {
  const asked = screen(
    { name: "a", type: "number", required: true },
    { name: "b", type: "multi_select", options: OPTIONS, visibleWhen: when("a", "greater_than", 3) },
    { name: "c", type: "date", validWhen: { condition: when("c", "greater_than", "2026-01-01"), message: "later" } },
    { name: "d", type: "checkbox", visibleWhen: when("c", "is_null", false) },
    { name: "e", type: "radio", options: OPTIONS },
  );
  const typed = fc.dictionary(
    fc.constantFrom("a", "b", "c", "d", "e", "__proto__"),
    fc.oneof(fc.jsonValue(), fc.constantFrom(5, ["low"], "2026-02-02", true, "low")) as fc.Arbitrary<Value>,
  );
  fc.assert(
    fc.property(typed, (values) => {
      if (validateScreen(asked, values, nothing).length > 0) return;
      const accepted = acceptedValues(asked, values, nothing);
      expect(validateScreen(asked, accepted, nothing)).toEqual([]);
      expect(acceptedValues(asked, accepted, nothing)).toEqual(accepted);
    }),
  );
});
