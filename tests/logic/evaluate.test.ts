import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../lib/logic/evaluate";
import { meets } from "../../lib/logic/meets";
import { lookupIn } from "../../lib/logic/references";
import { type Condition, OPERATORS, type Operator } from "../../lib/logic/schema";
import type { Value } from "../../lib/logic/value";

const YES = true;
const NO = false;

const TABLE: [what: string, left: Value, operator: Operator, right: Value, met: boolean][] = [
  ["equal texts", "Approve", "equals", "Approve", YES],
  ["texts that differ in case", "approve", "equals", "Approve", NO],
  ["texts that differ", "Reject", "not_equals", "Approve", YES],
  ["numbers by size", 50_000.5, "greater_than", 50_000, YES],
  ["a sum of decimals as written", 0.3, "equals", 0.3, YES],
  ["equal numbers, or equal", 5, "greater_than_or_equal", 5, YES],
  ["equal numbers, or less", 5, "less_than_or_equal", 5, YES],
  ["a smaller number", 4, "less_than", 5, YES],
  ["a negative zero", -0, "equals", 0, YES],
  ["a number and a text of the same look", 5, "equals", "5", NO],
  ["a number and a text, not equal: unknown is false", 5, "not_equals", "5", NO],
  ["booleans", true, "equals", true, YES],
  ["booleans have no order", true, "greater_than", false, NO],
  ["a boolean and its text", true, "equals", "true", NO],
  ["texts have no order", "b", "greater_than", "a", NO],
  ["equal texts have no order either", "a", "greater_than_or_equal", "a", NO],
  ["days in order", "2026-11-21", "greater_than", "2026-11-20", YES],
  ["one instant in two zones", "2026-11-21T09:00:00+01:00", "equals", "2026-11-21T08:00:00.000Z", YES],
  ["a day and its midnight", "2026-11-21", "equals", "2026-11-21T00:00:00Z", YES],
  ["an instant before a day", "2026-11-20T23:59:59.999Z", "less_than", "2026-11-21", YES],
  ["a day that does not exist is a text", "2026-02-31", "greater_than", "2026-01-01", NO],
  ["null equals nothing, not even null", null, "equals", null, NO],
  ["null against a text", null, "equals", "x", NO],
  ["null differs from nothing", null, "not_equals", "x", NO],
  ["a text against null", "x", "not_equals", null, NO],
  ["null has no order", null, "less_than", 5, NO],
  ["null contains nothing", null, "contains", "x", NO],
  ["a text that contains", "Reject: too dear", "contains", "Reject", YES],
  ["contains is case-sensitive", "reject", "contains", "Reject", NO],
  ["a list that contains", ["a", "b"], "contains", "b", YES],
  ["a list that does not", ["ab"], "contains", "b", NO],
  ["starts with", "Baton", "starts_with", "Bat", YES],
  ["ends with", "Baton", "ends_with", "on", YES],
  ["a number starts with nothing", 12, "starts_with", "1", NO],
  ["null is null", null, "is_null", true, YES],
  ["an empty text is not null", "", "is_null", true, NO],
  ["a value is not null", "x", "is_null", false, YES],
  ["is null of no boolean", null, "is_null", "true", NO],
  ["white space is blank", " \n\t", "is_blank", true, YES],
  ["null is blank", null, "is_blank", true, YES],
  ["an empty list is blank", [], "is_blank", true, YES],
  ["zero is not blank", 0, "is_blank", false, YES],
  ["lists in the same order", ["a", "b"], "equals", ["a", "b"], YES],
  ["lists in another order", ["a", "b"], "equals", ["b", "a"], NO],
  ["records of one id", { Id: "rec_1", Name: "old" }, "equals", { Id: "rec_1", Name: "new" }, YES],
  ["records of two ids", { Id: "rec_1" }, "not_equals", { Id: "rec_2" }, YES],
  ["a record and its id", { Id: "rec_1" }, "equals", "rec_1", YES],
  ["a record and another text", { Id: "rec_1" }, "not_equals", "x", YES],
  ["is changed without a past", "x", "is_changed", true, NO],
];

describe("a requirement", () => {
  test.each(TABLE)("%s: %j %s %j", (_, left, operator, right, met) => {
    expect(meets(left, operator, right)).toBe(met);
  });
});

const requirement = (left: string, operator: Operator, right: Value) => ({
  left,
  operator,
  right: { literal: right as string },
});
const of = (logic: "all" | "any", ...requirements: Condition["requirements"]): Condition => ({ logic, requirements });

describe("a condition", () => {
  const lookup = lookupIn({ Amount: 7, Level1: { Status: "Completed", Outputs: { approvalDecision: "Approve" } } });

  test("holds when all, or any, of its requirements hold, and shows what it saw", () => {
    const rows = [requirement("Amount", "greater_than", 5), requirement("Level1.Status", "equals", "Error")];
    expect(evaluate(of("any", ...rows), lookup).met).toBe(true);
    expect(evaluate(of("all", ...rows), lookup)).toEqual({
      met: false,
      logic: "all",
      requirements: [
        { left: "Amount", leftValue: 7, operator: "greater_than", rightValue: 5, met: true },
        { left: "Level1.Status", leftValue: "Completed", operator: "equals", rightValue: "Error", met: false },
      ],
    });
  });

  test("compares with another reference and with a filled text", () => {
    expect(
      evaluate(
        of("all", {
          left: "Level1.Outputs.approvalDecision",
          operator: "equals",
          right: { template: "App{!Nothing}rove" },
        }),
        lookup,
      ).met,
    ).toBe(true);
    expect(evaluate(of("all", { left: "Amount", operator: "equals", right: { ref: "Amount" } }), lookup).met).toBe(
      true,
    );
  });

  test("sees a change only against a past", () => {
    const changed = of("all", requirement("Amount", "is_changed", true));
    const unchanged = of("all", requirement("Amount", "is_changed", false));
    expect(evaluate(changed, lookup, { prior: lookupIn({ Amount: 6 }) }).met).toBe(true);
    expect(evaluate(changed, lookup, { prior: lookupIn({ Amount: 7 }) }).met).toBe(false);
    expect(evaluate(changed, lookup, { prior: lookupIn({}) }).met).toBe(true);
    expect(evaluate(changed, lookup).met).toBe(false);
    expect(evaluate(unchanged, lookup).met).toBe(true);
  });

  test("reads no inherited property", () => {
    for (const path of [
      "constructor",
      "constructor.name",
      "__proto__",
      "Level1.constructor",
      "Level1.__proto__.x",
      "toString",
      "Amount.toFixed",
    ]) {
      expect(lookup(path)).toBeNull();
    }
  });
});

const anyValue = fc.jsonValue({ maxDepth: 6 }) as fc.Arbitrary<Value>;
const anyRequirement = fc.record({
  left: fc.constantFrom("a", "a.b", "c", "__proto__.x"),
  operator: fc.constantFrom(...OPERATORS),
  right: fc.oneof(
    anyValue.map((literal) => ({ literal: literal as string })),
    fc.record({ ref: fc.constantFrom("a", "b", "c.length") }),
    fc.record({ template: fc.constantFrom("{!a}", "{!b} and {!c}", "{!", "") }),
  ),
});

describe("for any JSON value", () => {
  const anyCase = fc.record({
    condition: fc.record({
      logic: fc.constantFrom("all" as const, "any" as const),
      requirements: fc.array(anyRequirement, { minLength: 1, maxLength: 10 }),
    }),
    values: fc.dictionary(fc.constantFrom("a", "b", "c"), anyValue),
    prior: fc.option(fc.dictionary(fc.constantFrom("a", "b", "c"), anyValue), { nil: undefined }),
  });

  test("an evaluation answers, its verdict follows from its rows, and the same question has the same answer", () => {
    fc.assert(
      fc.property(anyCase, ({ condition, values, prior }) => {
        const ask = () => evaluate(condition, lookupIn(values), { prior: prior && lookupIn(prior) });
        const proof = ask();
        const rows = proof.requirements.map((row) => row.met);
        expect(proof.met).toBe(condition.logic === "all" ? !rows.includes(false) : rows.includes(true));
        for (const row of proof.requirements)
          if (row.operator !== "is_changed" && row.operator !== "returns_true" && row.operator !== "reads")
            expect(row.met).toBe(meets(row.leftValue, row.operator, row.rightValue));
        expect(ask()).toEqual(proof);
      }),
    );
  });

  test("opposites never both hold, and less, equal and greater exclude one another", () => {
    fc.assert(
      fc.property(anyValue, anyValue, (left, right) => {
        const held = (["less_than", "equals", "greater_than"] as const).filter((operator) =>
          meets(left, operator, right),
        );
        expect(held.length).toBeLessThanOrEqual(1);
        expect(meets(left, "equals", right) && meets(left, "not_equals", right)).toBe(false);
        expect(meets(left, "is_null", true)).not.toBe(meets(left, "is_null", false));
        expect(meets(left, "is_blank", true)).not.toBe(meets(left, "is_blank", false));
      }),
    );
  });

  test("equality is symmetric", () => {
    fc.assert(
      fc.property(anyValue, anyValue, (left, right) => {
        expect(meets(left, "equals", right)).toBe(meets(right, "equals", left));
      }),
    );
  });

  test("a value nested a hundred thousand deep is answered for", () => {
    const nested = () => JSON.parse(`${"[".repeat(100_000)}1${"]".repeat(100_000)}`) as Value;
    const deep = nested();
    for (const operator of OPERATORS) expect(typeof meets(deep, operator, deep)).toBe("boolean");
    expect(evaluate(of("all", requirement("a", "is_changed", true)), () => deep, { prior: nested }).met).toBe(true);
  });
});
