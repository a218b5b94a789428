import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dataTypeOf, namedParts, type Shape, shapeProblems, shapeSchema } from "../../lib/logic/shape";
import type { Value } from "../../lib/logic/value";

const order: Shape = {
  type: "object",
  properties: {
    number: { type: "integer", minimum: 1 },
    state: { type: "string", enum: ["open", "closed"] },
    due: { type: ["string", "null"], format: "date" },
    lines: {
      type: "array",
      minItems: 1,
      items: { type: "object", properties: { price: { type: "number" } }, required: ["price"] },
    },
  },
  required: ["number"],
  additionalProperties: false,
};

describe("a value", () => {
  test("that fits has no problem", () => {
    expect(
      shapeProblems(order, { number: 1, state: "open", due: null, lines: [{ price: 1.5, more: "is fine" }] }),
    ).toEqual([]);
  });
  test.each<[Value, string, string]>([
    [{}, "number", "is missing"],
    [{ number: 1.5 }, "number", "must be a whole number, and is a number"],
    [{ number: "1" }, "number", "must be a whole number, and is a text"],
    [{ number: 0 }, "number", "must be at least 1"],
    [{ number: 1, state: "lost" }, "state", "must be one of open, closed"],
    [{ number: 1, due: "21.11.2026" }, "due", "must be a date such as 2026-11-21"],
    [{ number: 1, due: 5 }, "due", "must be a text or null, and is a number"],
    [{ number: 1, lines: [] }, "lines", "must have at least 1 entries"],
    [{ number: 1, lines: [{ price: 1 }, { price: null }] }, "lines[1].price", "must be a number, and is null"],
    [{ number: 1, lines: [[]] }, "lines[0]", "must be an object, and is a list"],
    [{ number: 1, more: 1 }, "more", "is not known here"],
    [null, "", "must be an object, and is null"],
  ])("%j: %s %s", (value, path, message) => {
    expect(shapeProblems(order, value)).toContainEqual({ path, message });
  });
  test("whatever it is, is judged without throwing, and at most 20 problems are told", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(shapeProblems(order, value as Value).length).toBeLessThanOrEqual(20);
      }),
    );
    expect(
      shapeProblems(
        { type: "array", items: { type: "null" } },
        Array.from({ length: 100 }, () => 1),
      ),
    ).toHaveLength(20);
  });
});

describe("a shape", () => {
  test.each<[unknown, string]>([
    [{ type: "string", pattern: "(a+)+$" }, "pattern"],
    [{ $ref: "#/x", type: "object" }, "$ref"],
    [{ type: "text" }, "type"],
    [{}, "type"],
    [{ type: "object", properties: { a: { type: "string", oneOf: [] } } }, "oneOf"],
    [{ type: "object", additionalProperties: { type: "string" } }, "true or false"],
  ])("%j is refused at its place: what is not checked must not look as if it were", (given, told) => {
    expect(JSON.stringify(shapeSchema.safeParse(given).error?.issues)).toContain(told);
  });
  test("is at most 8 levels deep and has at most 500 parts", () => {
    const deep = (levels: number): object =>
      levels === 1 ? { type: "string" } : { type: "array", items: deep(levels - 1) };
    expect([shapeSchema.safeParse(deep(8)).success, shapeSchema.safeParse(deep(9)).success]).toEqual([true, false]);
    const wide = (parts: number) => ({
      type: "object",
      properties: Object.fromEntries(Array.from({ length: parts - 1 }, (_, i) => [`p${i}`, { type: "string" }])),
    });
    expect([shapeSchema.safeParse(wide(500)).success, shapeSchema.safeParse(wide(501)).success]).toEqual([true, false]);
  });
  test("has no reserved names", () => {
    const given = JSON.parse('{"type":"object","properties":{"constructor":{"type":"string"}}}');
    expect(shapeSchema.safeParse(given).success).toBe(false);
  });
  test.each<[Shape, string]>([
    [{ type: "string" }, "text"],
    [{ type: "string", format: "date" }, "date"],
    [{ type: ["null", "string"], format: "date-time" }, "datetime"],
    [{ type: "integer" }, "number"],
    [{ type: ["number", "string"] }, "any"],
    [{ type: "array", items: { type: "string" } }, "text_list"],
    [{ type: "array" }, "any"],
    [{ type: "object" }, "any"],
    [{ type: "null" }, "any"],
  ])("%j is %s elsewhere", (shape, type) => expect(dataTypeOf(shape)).toBe(type));
  test("gives its properties by name, or itself whole as `answer`", () => {
    expect([...namedParts(order).keys()]).toEqual(["number", "state", "due", "lines"]);
    expect([...namedParts({ type: "array" }).keys()]).toEqual(["answer"]);
  });
});
