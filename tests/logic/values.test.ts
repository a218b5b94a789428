import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../lib/logic/canonical";
import { addNumbers } from "../../lib/logic/decimal";
import { fillTemplate, valueFrom } from "../../lib/logic/express";
import { instantOf, isDate } from "../../lib/logic/instant";
import { pathsOf } from "../../lib/logic/reads";
import { lookupIn, readPath } from "../../lib/logic/references";
import { textOf } from "../../lib/logic/text-of";
import { MAX_TEXT_CHARACTERS, type Value } from "../../lib/logic/value";

const anyValue = fc.jsonValue() as fc.Arbitrary<Value>;

describe("canonical JSON", () => {
  test("is the same text for the same content in any order of keys", () => {
    expect(canonicalJson({ b: [1, { d: null, c: "x" }], a: true, gone: undefined })).toBe(
      '{"a":true,"b":[1,{"c":"x","d":null}]}',
    );
  });
  test("reads back as the value it was", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("a path", () => {
  test("is read in nested values and in flat ones", () => {
    expect(readPath({ Owner: { Manager: { Email: "m@x.test" } } }, "Owner.Manager.Email")).toBe("m@x.test");
    expect(
      readPath({ $Record: { Owner: "usr_1", "Owner.Manager.Email": "m@x.test" } }, "$Record.Owner.Manager.Email"),
    ).toBe("m@x.test");
    expect(readPath({ $Record: { Owner: "usr_1" } }, "$Record.Owner.Manager")).toBeNull();
  });
});

describe("a template", () => {
  const lookup = lookupIn({
    name: "Ada {!secret}",
    secret: "no",
    list: ["a", "b"],
    theCase: { Id: "rec_1", Name: "Printer" },
    amount: 12.5,
    done: false,
  });
  test("is filled with the texts of its references", () => {
    expect(fillTemplate("{!theCase}: {!amount}, {!list}, {!done}, {!nothing}.", lookup)).toBe(
      "Printer: 12.5, a;b, false, .",
    );
  });
  test("is never filled twice, and runs nothing", () => {
    expect(fillTemplate("{!name}", lookup)).toBe("Ada {!secret}");
    for (const text of [
      "{{constructor.constructor('return 1')()}}",
      ["$", "{process.env}"].join(""),
      "{!constructor.name}{!name.constructor}",
      "{! a b }",
    ]) {
      expect(fillTemplate(text, lookup)).toBe(text.startsWith("{!c") ? "" : text);
    }
  });
  test("is cut at its bound", () => {
    const long = lookupIn({ x: "x".repeat(MAX_TEXT_CHARACTERS) });
    expect(fillTemplate("{!x}".repeat(100), long)).toHaveLength(MAX_TEXT_CHARACTERS);
  });
  test("any value has a text", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(typeof textOf(value)).toBe("string");
      }),
    );
  });
});

test("an expression is written down, read or filled", () => {
  const lookup = lookupIn({ x: 3 });
  expect([
    valueFrom({ literal: ["a"] }, lookup),
    valueFrom({ ref: "x" }, lookup),
    valueFrom({ template: "x={!x}" }, lookup),
  ]).toEqual([["a"], 3, "x=3"]);
});

test("a condition names every path it reads, once", () => {
  const row = (left: string, right: never) => ({ left, operator: "equals" as const, right });
  const requirements = [
    row("$Record.Amount", { ref: "limit" } as never),
    row("A.Status", { template: "{!limit} {!$Record.Owner.Name}" } as never),
  ];
  expect(pathsOf({ logic: "all", requirements })).toEqual([
    "$Record.Amount",
    "limit",
    "A.Status",
    "$Record.Owner.Name",
  ]);
  expect(pathsOf({ literal: 3 })).toEqual([]);
});

describe("an instant", () => {
  test.each([
    ["2026-11-21", Date.UTC(2026, 10, 21)],
    ["2026-11-21T08:00:00.5Z", Date.UTC(2026, 10, 21, 8, 0, 0, 500)],
    ["2026-11-21T08:00-05:30", Date.UTC(2026, 10, 21, 13, 30)],
    ["2024-02-29", Date.UTC(2024, 1, 29)],
    ["2026-02-29", null],
    ["2026-13-01", null],
    ["2026-11-21T24:00:00Z", null],
    ["2026-11-21T08:00:00", null],
    ["21.11.2026", null],
    ["", null],
  ])("%s", (text, at) => expect(instantOf(text)).toBe(at));

  test("is read as the platform reads what it wrote itself", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date("0100-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }), (at) => {
        expect(instantOf(at.toISOString())).toBe(at.getTime());
        expect(isDate(at.toISOString().slice(0, 10))).toBe(true);
      }),
    );
  });
});

describe("a sum", () => {
  test.each([
    [0.1, 0.2, 0.3],
    [-0.1, -0.2, -0.3],
    [1.005, 0, 1.005],
    [99.99, 0.01, 100],
    [-1, 0.5, -0.5],
    [1e300, 1e300, 2e300],
    [1e308, 1e308, null],
  ])("%d + %d = %d", (left, right, sum) => expect(addNumbers(left, right)).toBe(sum));
  test("of money is exact", () => {
    const cents = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        expect(addNumbers(a / 100, b / 100)).toBeCloseTo((a + b) / 100, 10);
      }),
    );
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        expect((addNumbers(a / 100, b / 100) ?? 0) === (a + b) / 100).toBe(true);
      }),
    );
  });
});
