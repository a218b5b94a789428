import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCustomLogic } from "../../lib/logic/custom-logic";
import { evaluate } from "../../lib/logic/evaluate";
import { lookupIn } from "../../lib/logic/references";
import { condition } from "../../lib/logic/schema";

const holds = (text: string, ...met: boolean[]) => {
  const logic = readCustomLogic(text);
  return "error" in logic ? logic.error : logic.holds(met);
};

describe("custom logic", () => {
  test.each([
    ["1", [true], true],
    ["1 AND (2 OR NOT 3)", [true, false, false], true],
    ["1 AND (2 OR NOT 3)", [true, false, true], false],
    ["((1 OR 2) AND (3 OR 4)) OR 5", [false, true, false, false, true], true],
    ["1 or 2 and 3", [true, false, false], true],
    ["not 1 or 1", [true], true],
    ["NOT (1 AND 2)", [true, true], false],
    ["NOT NOT 1", [true], true],
    ["  1AND(2)  ".replace("1AND", "1 AND"), [true, true], true],
    ["10", Array<boolean>(10).fill(true), true],
  ])("%s of %j is %j", (text, met, verdict) => {
    expect(holds(text, ...met)).toBe(verdict);
  });

  test.each([
    ["", /ends where a row number is wanted/],
    ["1 AND", /ends where a row number is wanted/],
    ["AND 1", /row number is wanted where “AND”/],
    ["1 2", /AND or OR is missing before “2”/],
    ["(1", /bracket is not closed/],
    ["1)", /missing before “\)”/],
    ["1 XOR 2", /“XOR 2” is no row number/],
    ["1 && 2", /is no row number/],
    ["0 OR 1", /numbered from 1/],
    ["-1", /is no row number/],
    ["1.5", /is no row number/],
    ["constructor", /is no row number/],
  ])("%j is refused in words", (text, message) => {
    expect(holds(text)).toMatch(message);
  });

  test("as long as it may be, however it is nested, it is read or refused and never fails", () => {
    for (const part of ["(", "NOT ", "1 AND ", "((1)", ")", "1 OR NOT (", "999 "]) {
      const text = part.repeat(1_000).slice(0, 1_000);
      expect(["string", "boolean"]).toContain(typeof holds(text, true));
    }
    expect(holds(`${"(".repeat(499)}1${")".repeat(499)}`, true)).toBe(true);
  });
});

/** A tree, its text with as few brackets as it needs or as many as somebody likes, and what it means. */
type Tree = { text: string; rank: number; holds: (met: readonly boolean[]) => boolean };
const wrapped = (tree: Tree, rank: number) => (tree.rank < rank ? `(${tree.text})` : tree.text);
const anyTree = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc
      .integer({ min: 1, max: 10 })
      .map((row): Tree => ({ text: String(row), rank: 3, holds: (met) => met[row - 1] ?? false })),
    tie("tree").map((of): Tree => ({ text: `NOT ${wrapped(of, 2)}`, rank: 2, holds: (met) => !of.holds(met) })),
    fc.tuple(tie("tree"), tie("tree")).map(
      ([a, b]): Tree => ({
        text: `${wrapped(a, 1)} AND ${wrapped(b, 1)}`,
        rank: 1,
        holds: (met) => a.holds(met) && b.holds(met),
      }),
    ),
    fc.tuple(tie("tree"), tie("tree")).map(
      ([a, b]): Tree => ({
        text: `${a.text} or ${b.text}`,
        rank: 0,
        holds: (met) => a.holds(met) || b.holds(met),
      }),
    ),
    tie("tree").map((of): Tree => ({ ...of, text: `( ${of.text})`, rank: 3 })),
  ),
})).tree;

test("what any tree means is what its text means", () => {
  fc.assert(
    fc.property(anyTree, fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }), (tree, met) => {
      expect(holds(tree.text, ...met)).toBe(tree.holds(met));
    }),
    { numRuns: 500 },
  );
});

test("any text is answered for", () => {
  const pieces = fc.array(fc.constantFrom("1", "2", "99", "AND", "OR", "NOT", "(", ")", " ", "x", "{!", "'"), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(pieces, (parts) => {
      expect(["string", "boolean"]).toContain(typeof holds(parts.join(""), true, false));
    }),
    { numRuns: 500 },
  );
});

describe("a condition with custom logic", () => {
  const row = (left: string) => ({ left, operator: "equals" as const, right: { literal: "yes" } });
  const requirements = [row("a"), row("b"), row("c")];
  const lookup = lookupIn({ a: "yes", b: "no", c: "yes" });

  test("is judged by it, and its proof shows every row as it is", () => {
    const proof = evaluate({ logic: "custom", custom: "1 AND (NOT 3 OR NOT 2)", requirements }, lookup);
    expect(proof).toMatchObject({ met: true, logic: "custom", custom: "1 AND (NOT 3 OR NOT 2)" });
    expect(proof.requirements.map(({ met }) => met)).toEqual([true, false, true]);
    expect(proof).not.toHaveProperty("error");
  });
  test("is not met when it cannot be read or names a row that is not there, and says so", () => {
    expect(evaluate({ logic: "custom", custom: "1 OR", requirements }, lookup)).toMatchObject({
      met: false,
      error: "It ends where a row number is wanted.",
    });
    expect(evaluate({ logic: "custom", custom: "1 OR 4", requirements }, lookup)).toMatchObject({
      met: false,
      error: "The logic names row 4, but there are 3.",
    });
  });
  test("has a form with at most 1,000 characters and ten rows", () => {
    const parse = (value: unknown) => condition.safeParse(value).success;
    expect(parse({ logic: "custom", custom: "1 OR 2 OR 3", requirements })).toBe(true);
    expect(parse({ logic: "custom", custom: "1 OR ".repeat(201), requirements })).toBe(false);
    expect(parse({ logic: "custom", requirements })).toBe(false);
    expect(parse({ logic: "custom", custom: "1", requirements: Array(11).fill(row("a")) })).toBe(false);
    expect(parse({ logic: "all", custom: "1", requirements })).toBe(false);
    expect(condition.parse({ requirements })).toEqual({ logic: "all", requirements });
    expect(condition.parse({ logic: "formula", formula: "TRUE" })).toEqual({
      logic: "formula",
      formula: "TRUE",
      requirements: [],
    });
  });
});
