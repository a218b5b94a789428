import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../lib/logic/evaluate";
import { valueFrom } from "../../lib/logic/express";
import { checkFormula } from "../../lib/logic/formula/check-formula";
import { FUNCTIONS } from "../../lib/logic/formula/functions";
import { reckon } from "../../lib/logic/formula/reckon";
import { MAX_CHARACTERS_MADE, MAX_CHARACTERS_READ } from "../../lib/logic/formula/world";
import { lookupIn } from "../../lib/logic/references";
import { condition, expression, MAX_FORMULA_CHARACTERS } from "../../lib/logic/schema";
import { MAX_TEXT_CHARACTERS, type Value } from "../../lib/logic/value";

const clock = { now: "2026-11-21T22:30:00.000Z", timeZone: "Europe/Berlin" };
/** Milliseconds, with room for a busy machine: what grows out of bounds takes seconds or for ever. */
const BOUND_MS = 2_000;
function timed<T>(run: () => T): T {
  const from = performance.now();
  const result = run();
  expect(performance.now() - from).toBeLessThan(BOUND_MS);
  return result;
}

describe("S47: patterns", () => {
  test("are not offered: REGEX is refused before it runs and when it would", () => {
    const formula = 'REGEX(text, "(a+)+$")';
    const kindOf = () => ({ type: "text" as const });
    expect(checkFormula(formula, kindOf).problems).toEqual([
      expect.stringMatching(/^REGEX\(\) cannot be used: patterns are not offered/),
    ]);
    const text = `${"a".repeat(50_000)}!`;
    expect(timed(() => reckon(formula, lookupIn({ text }), {}))).toMatchObject({ value: null });
  });
  test("no function of texts takes long for a text of 50 KB", () => {
    const text = `${"a".repeat(50_000)}!`;
    for (const [name, { takes, least }] of FUNCTIONS) {
      const args = takes.slice(0, Math.max(least, 1)).map((kind) => (kind === "number" ? "40000" : "text"));
      timed(() => reckon(`${name}(${least === 0 ? "" : args.join(", ")})`, lookupIn({ text }), { clock }));
    }
    for (const formula of [
      'SUBSTITUTE(text, "a", "bb")',
      'FIND("aaaaaaaaaaaaab", text)',
      "TRIM(text)",
      "VALUE(text)",
      "INITCAP(text)",
      "DATEVALUE(text)",
    ])
      timed(() => reckon(formula, lookupIn({ text }), {}));
  });
});

/** As published against other engines: a way to the constructor of functions, to the process, or to a prototype. */
const ESCAPES = [
  "constructor.constructor('return process')()",
  "{{constructor.constructor('return this')()}}",
  "={{ $jmespath({}, 'x') }}",
  "={{ (function(){ return this.process.mainModule.require('child_process').execSync('id') })() }}",
  "{{ [].constructor.constructor('return process.env')() }}",
  "{!$Record.constructor.constructor}",
  "{!__proto__.polluted}",
  "x.__proto__.y",
  "toString()",
  "valueOf",
  "__defineGetter__('a', 1)",
  "import('fs')",
  "process.exit(1)",
  "globalThis",
  ["`$", "{process.env}`"].join(""),
  "a => a",
  "this",
  "new Date()",
  'eval("1")',
  'Function("return 1")()',
  "require('fs')",
  "\\u0063onstructor",
  "IF(TRUE, constructor, 1)",
  ["$", "{7*7}"].join(""),
  "#{7*7}",
  "<%= 7*7 %>",
];

describe("S75: formulas are read and walked by our own interpreter", () => {
  test.each(ESCAPES)("a published escape as a formula gives nothing: %s", (published) => {
    const { value } = reckon(published, lookupIn({ a: 1 }), { clock });
    expect(value).toBeNull();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
  test.each(ESCAPES)("and as a value it is a plain text: %s", (published) => {
    const lookup = lookupIn({ text: published });
    expect(reckon('text & ""', lookup, {}).value).toBe(published);
    expect(valueFrom({ template: "{!text}" }, lookup)).toBe(published);
    expect(valueFrom({ literal: published }, lookup)).toBe(published);
    expect(
      evaluate(
        { logic: "all", requirements: [{ left: "text", operator: "equals", right: { literal: published } }] },
        lookup,
      ).met,
    ).toBe(true);
  });
  test("only own members of values are read, whatever a path is called", () => {
    const lookup = lookupIn({ a: { b: 1 }, list: ["x"], word: "x" });
    for (const path of [
      "toString",
      "a.hasOwnProperty",
      "a.b.toFixed",
      "list.length",
      "list.map",
      "word.length",
      "a.valueOf",
    ])
      expect(reckon(path, lookup, {})).toEqual({ value: null, error: null });
    for (const path of ["constructor", "a.constructor", "a.prototype.x"])
      expect(reckon(path, lookup, {}).error).toMatch(/reserved word/);
  });
  test("names of functions are those of the table, never a member of an object", () => {
    for (const name of ["constructor", "toString", "hasOwnProperty", "__proto__", "eval", "get", "call"])
      expect(reckon(`${name}(1)`, () => null, {}).value).toBeNull();
  });
});

describe("S75: bounds", () => {
  test("a formula has at most 4,000 characters, in its form and when it runs", () => {
    const long = `"${"x".repeat(MAX_FORMULA_CHARACTERS)}"`;
    expect(expression.safeParse({ formula: long }).success).toBe(false);
    expect(condition.safeParse({ logic: "formula", formula: long }).success).toBe(false);
    expect(reckon(long, () => null, {}).error).toMatch(/at most 4000 characters/);
    expect(expression.safeParse({ formula: " " }).success).toBe(false);
  });
  test("a hundred brackets or calls within one another are read, more are refused, fast", () => {
    const nested = (depth: number) => `${"IF(TRUE, ".repeat(depth)}1${", 0)".repeat(depth)}`;
    expect(timed(() => reckon(nested(90), () => null, {})).value).toBe(1);
    expect(timed(() => reckon(nested(120), () => null, {})).error).toMatch(/at most 100 deep/);
    for (const part of ["(", "-", "!", "NOT(", "1+(", "IF(", "((1)", "CASE(1,"])
      expect(timed(() => reckon(part.repeat(Math.floor(4_000 / part.length)), () => null, {})).error).not.toBeNull();
    expect(timed(() => reckon(`1${"+1".repeat(1_999)}`, () => null, {})).value).toBe(2_000);
  });
  test("texts that grow on the way are bounded", () => {
    const text = "a".repeat(90_000);
    const lookup = lookupIn({ text });
    for (const formula of [
      "text & text",
      'SUBSTITUTE(text, "a", text)',
      'RPAD("x", 1000000000, "y")',
      "HTMLENCODE(SUBSTITUTE(text, 'a', '<'))",
    ])
      expect(timed(() => reckon(formula, lookup, {})).error).toBe(
        `A text would be longer than ${MAX_TEXT_CHARACTERS} characters.`,
      );
    const parts = Array(60)
      .fill("LEFT(text, 80000)")
      .map((part) => `LEN(${part})`)
      .join(" + ");
    expect(timed(() => reckon(parts, lookup, {})).error).toBe(
      `A formula may make at most ${MAX_CHARACTERS_MADE} characters of text.`,
    );
    const read = Array(250).fill("LEN(text)").join(" + ");
    expect(timed(() => reckon(read, lookup, {})).error).toBe(
      `A formula may read at most ${MAX_CHARACTERS_READ} characters of text.`,
    );
  });
  test("numbers that grow on the way are bounded", () => {
    for (const formula of [
      "9 ^ 400 * 9 ^ 400",
      "POWER(POWER(10, 300), 300)",
      "EXP(1000)",
      "10 ^ 1000000000",
      `${"9".repeat(3_999)}`,
    ])
      expect(timed(() => reckon(formula, () => null, {})).error).toBe("A number is too large.");
    timed(() =>
      reckon(
        Array(200)
          .fill("(1.123456789 ^ 400)")
          .join(" * ")
          .slice(0, 3_990)
          .replace(/[^)]*$/, ""),
        () => null,
        {},
      ),
    );
  });
});

const anyValue = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Value>;
const names = [...FUNCTIONS.keys(), "REGEX", "NOPE"];
const piece = fc.oneof(
  fc.constantFrom(
    "a",
    "b.c",
    "$Record.x",
    "{!a}",
    "1",
    "2.5",
    '"text"',
    "'2026-11-21'",
    "TRUE",
    "NULL",
    "$Flow.CurrentDate",
  ),
  fc.constantFrom(
    "(",
    ")",
    ",",
    "+",
    "-",
    "*",
    "/",
    "^",
    "&",
    "=",
    "<>",
    "<",
    ">=",
    "&&",
    "||",
    "!",
    '"',
    "\\",
    "/*",
    "{!",
    " ",
    "\u0000",
    "\uD800",
    "é",
  ),
  fc.constantFrom(...names.map((name) => `${name}(`)),
);
const anyText = fc.oneof(
  fc.array(piece, { maxLength: 40 }).map((parts) => parts.join("")),
  fc.string({ maxLength: 200, unit: "binary" }),
);
/** Calls of real functions with any arguments, which get further than any text. */
const anyCall = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom(
      "a",
      "b",
      "$Record.x",
      "1",
      "-2.5",
      "1000000000",
      '"text"',
      "'2026-11-21'",
      "TRUE",
      "NULL",
      "TODAY()",
      "NOW()",
    ),
    fc
      .tuple(fc.constantFrom(...names), fc.array(tie("node"), { maxLength: 4 }))
      .map(([name, args]) => `${name}(${args.join(",")})`),
    fc
      .tuple(tie("node"), fc.constantFrom("+", "-", "*", "/", "^", "&", "=", "<>", "<", ">=", "&&", "||"), tie("node"))
      .map((parts) => `(${parts.join(" ")})`),
  ),
})).node;

describe("S75: any text, over any values", () => {
  const values = fc.dictionary(fc.constantFrom("a", "b", "$Record"), anyValue);
  test("is answered for, twice the same, as JSON, and the check before is as total", () => {
    fc.assert(
      fc.property(fc.oneof(anyText, anyCall), values, (formula, given) => {
        const lookup = lookupIn(given);
        const first = reckon(formula, lookup, { clock, prior: lookup });
        expect(JSON.parse(JSON.stringify(first))).toEqual(first);
        expect(reckon(formula, lookup, { clock, prior: lookup })).toEqual(first);
        expect(first.error === null || first.value === null).toBe(true);
        const proof = evaluate({ logic: "formula", formula, requirements: [] }, lookup, { clock, prior: lookup });
        expect(proof.met).toBe(first.value === true && first.error === null);
        const checked = checkFormula(formula, () => ({ type: "any" }));
        expect(Array.isArray(checked.problems)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
  test("a formula that the check lets pass with known kinds has no error of kind", () => {
    const known = { n: { type: "number" }, t: { type: "text" }, d: { type: "date" }, b: { type: "boolean" } } as const;
    const given = lookupIn({ n: 3, t: "word", d: "2026-11-21", b: true });
    const node = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3, depthSize: "small" },
        fc.constantFrom("n", "t", "d", "b", "1", '"x"', "TRUE", "NULL", "TODAY()"),
        fc
          .tuple(fc.constantFrom(...FUNCTIONS.keys()), fc.array(tie("node"), { maxLength: 3 }))
          .map(([name, args]) => `${name}(${args.join(",")})`),
        fc
          .tuple(tie("node"), fc.constantFrom("+", "-", "*", "&", "=", "<", "&&"), tie("node"))
          .map((parts) => `(${parts.join(" ")})`),
      ),
    })).node;
    let passed = 0;
    fc.assert(
      fc.property(node, (formula) => {
        const kindOf = (path: string) => known[path as keyof typeof known] ?? { type: "date" };
        if (checkFormula(formula, kindOf).problems.length > 0) return;
        passed++;
        const { error } = reckon(formula, given, { clock });
        expect(error ?? "").not.toMatch(/cannot be put between|is wanted, not|takes a |stands before|takes \d/);
      }),
      { numRuns: 4_000 },
    );
    expect(passed).toBeGreaterThan(200);
  });
});
