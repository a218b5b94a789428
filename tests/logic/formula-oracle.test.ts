import fc from "fast-check";
import { extract, parse } from "formulon";
import { describe, expect, test } from "vitest";
import { reckon } from "../../lib/logic/formula/reckon";
import { pathsOf } from "../../lib/logic/reads";
import { lookupIn } from "../../lib/logic/references";
import type { Value } from "../../lib/logic/value";

/**
 * A second opinion: another implementation of Salesforce's formulas, asked about random formulas of the part of the language in which it
 * is right. Left out, because it reckons in binary fractions, throws, or differs from Salesforce's own manual: divisions that do not come
 * out even, null inside functions of text, LPAD and RPAD of texts that are too long, SUBSTITUTE of the empty text, RIGHT of more
 * characters than there are.
 */
const VALUES = { n: 12, m: -3.5, t: "one two", u: "Two", b: true, c: false, $Record: { Amount: 250.25, Name: "Ada" } };
const given = {
  n: { type: "literal", dataType: "number", value: 12, options: { length: 2, scale: 0 } },
  m: { type: "literal", dataType: "number", value: -3.5, options: { length: 2, scale: 1 } },
  t: { type: "literal", dataType: "text", value: "one two", options: { length: 7 } },
  u: { type: "literal", dataType: "text", value: "Two", options: { length: 3 } },
  b: { type: "literal", dataType: "checkbox", value: true, options: {} },
  c: { type: "literal", dataType: "checkbox", value: false, options: {} },
  "$Record.Amount": { type: "literal", dataType: "number", value: 250.25, options: { length: 5, scale: 2 } },
  "$Record.Name": { type: "literal", dataType: "text", value: "Ada", options: { length: 3 } },
} as const;

type Kinds = { number: string; text: string; truth: string; date: string };
const call = (name: string, ...args: readonly fc.Arbitrary<string>[]) =>
  fc.tuple(...args).map((given) => `${name}(${given.join(", ")})`);
const between = (operators: readonly string[], of: fc.Arbitrary<string>) =>
  fc.tuple(of, fc.constantFrom(...operators), of).map(([left, operator, right]) => `(${left} ${operator} ${right})`);

const formulas = fc.letrec<Kinds>((tie) => {
  const [number, text, truth, date] = [tie("number"), tie("text"), tie("truth"), tie("date")];
  const places = fc.constantFrom("0", "1", "2");
  const count = fc.constantFrom("1", "2", "3", "5");
  const shape = { maxDepth: 4, withCrossShrink: true, depthSize: "small" } as const;
  return {
    number: fc.oneof(
      shape,
      fc.constantFrom("0", "1", "2.5", "7", "100", "n", "m", "$Record.Amount"),
      between(["+", "-", "*"], number),
      call("ABS", number),
      call("ROUND", number, places),
      call("FLOOR", number),
      call("CEILING", number),
      call("MFLOOR", number),
      call("MCEILING", number),
      call("MAX", number, number),
      call("MIN", number, number, number),
      call("LEN", text),
      call("FIND", fc.constantFrom('"o"', '"Tw"', "u"), text),
      call("IF", truth, number, number),
      call("CASE", text, text, number, number),
      call("YEAR", date),
      call("WEEKDAY", date),
      fc.tuple(date, date).map(([left, right]) => `(${left} - ${right})`),
    ),
    text: fc.oneof(
      shape,
      fc.constantFrom('"x"', "'it is'", '""', "t", "u", "$Record.Name"),
      between(["&", "+"], text),
      call("UPPER", text),
      call("LOWER", text),
      call("TRIM", text),
      call("LEFT", text, count),
      call("RIGHT", fc.constant("t"), count),
      call("MID", text, count, count),
      call("SUBSTITUTE", text, fc.constantFrom('"o"', '"wo"'), text),
      call("IF", truth, text, text),
      call("TEXT", fc.constantFrom("n", "m", "$Record.Amount", "7", "2.50")),
    ),
    truth: fc.oneof(
      shape,
      fc.constantFrom("TRUE", "FALSE", "b", "c"),
      between(["<", "<=", ">", ">=", "=", "<>"], number),
      between(["<", ">", "="], date),
      between(["=", "==", "<>", "!="], text),
      between(["&&", "||"], truth),
      call("AND", truth, truth),
      call("OR", truth, truth),
      call("NOT", truth),
      call("CONTAINS", text, text),
      call("BEGINS", text, fc.constantFrom('"o"', "u")),
      call("ISBLANK", fc.constantFrom("t", "u", '""')),
    ),
    date: fc.oneof(
      shape,
      fc.constantFrom("DATE(2024, 2, 29)", "DATE(2026, 11, 21)", 'DATEVALUE("2025-12-31")'),
      fc.tuple(date, count).map(([left, days]) => `(${left} + ${days})`),
      call("ADDMONTHS", date, count),
    ),
  };
});

/** What the other one says, as our values are; undefined: it refuses, or has said itself that it is imprecise. */
function second(formula: string): Value | undefined {
  const answer = parse(formula, given);
  if (answer.type === "error") return undefined;
  if ("dataType" in answer && answer.dataType === "date")
    return new Date(String(answer.value)).toISOString().slice(0, 10);
  return "value" in answer ? (answer.value as Value) : undefined;
}

describe("a second opinion", () => {
  test.each(["number", "text", "truth", "date"] as const)("random formulas that give a %s give the same", (kind) => {
    let compared = 0;
    fc.assert(
      fc.property(formulas[kind], (formula) => {
        // The other parser takes time that doubles with each call inside another.
        if (formula.length > 160 || deepest(formula) > 5) return;
        const expected = second(formula);
        if (expected === undefined) return;
        compared++;
        const ours = reckon(formula, lookupIn(VALUES), {});
        expect(ours.error).toBeNull();
        if (typeof expected === "number") expect(ours.value).toBeCloseTo(expected, 6);
        else expect(ours.value).toBe(expected);
        expect([...pathsOf({ formula })].sort()).toEqual([...new Set(extract(formula))].sort());
      }),
      { numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(150);
  });
});

function deepest(formula: string): number {
  let [depth, most] = [0, 0];
  for (const character of formula) {
    if (character === "(") most = Math.max(most, ++depth);
    if (character === ")") depth--;
  }
  return most;
}
