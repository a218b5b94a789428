import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../lib/logic/evaluate";
import { instantOf } from "../../lib/logic/instant";
import { nextChange } from "../../lib/logic/next-change";
import { lookupIn } from "../../lib/logic/references";
import type { Condition, Expression, Requirement } from "../../lib/logic/schema";

const DATE = "$Flow.CurrentDate";
const TIME = "$Flow.CurrentDateTime";
const row = (left: string, operator: Requirement["operator"], right: Expression): Requirement => ({
  left,
  operator,
  right,
});
const all = (...requirements: Requirement[]): Condition => ({ logic: "all", requirements });
const formula = (text: string): Condition => ({ logic: "formula", formula: text, requirements: [] });
const lookup = lookupIn({ due: "2026-11-25", at: "2026-11-21T10:00:00.000Z", word: "x", nothing: null });
const at = (now: string, timeZone = "UTC") => ({ now, timeZone });

describe("the next instant at which the clock may change an answer", () => {
  test.each<[string, Condition, ReturnType<typeof at>, string | null]>([
    ["nothing reads the clock", all(row("due", "equals", { literal: "x" })), at("2026-11-21T09:00:00Z"), null],
    [
      "an instant to come",
      all(row(TIME, "greater_than_or_equal", { ref: "at" })),
      at("2026-11-21T09:00:00Z"),
      "2026-11-21T10:00:00.000Z",
    ],
    [
      "that instant itself: the millisecond after",
      all(row("at", "less_than", { ref: TIME })),
      at("2026-11-21T10:00:00Z"),
      "2026-11-21T10:00:00.001Z",
    ],
    ["an instant that is past", all(row(TIME, "greater_than", { ref: "at" })), at("2026-11-21T10:00:00.001Z"), null],
    [
      "a day to come",
      all(row("due", "less_than_or_equal", { ref: DATE })),
      at("2026-11-21T09:00:00Z"),
      "2026-11-25T00:00:00.000Z",
    ],
    [
      "a day to come, by the clocks of Berlin",
      all(row(DATE, "greater_than_or_equal", { ref: "due" })),
      at("2026-11-21T09:00:00Z", "Europe/Berlin"),
      "2026-11-24T23:00:00.000Z",
    ],
    [
      "that day itself: the next midnight",
      all(row(DATE, "equals", { ref: "due" })),
      at("2026-11-25T09:00:00Z"),
      "2026-11-26T00:00:00.000Z",
    ],
    ["nothing to compare with", all(row(DATE, "equals", { ref: "nothing" })), at("2026-11-25T09:00:00Z"), null],
    ["a text that is no date", all(row(TIME, "not_equals", { ref: "word" })), at("2026-11-25T09:00:00Z"), null],
    [
      "a question that the clock always answers alike",
      all(row(TIME, "is_null", { literal: false })),
      at("2026-11-25T09:00:00Z"),
      null,
    ],
    [
      "a formula with TODAY()",
      formula("TODAY() >= due"),
      at("2026-11-21T23:30:00Z", "Europe/Berlin"),
      "2026-11-22T23:00:00.000Z",
    ],
    [
      "a formula that compares NOW()",
      formula("AND(word = 'x', NOW() > at)"),
      at("2026-11-21T09:00:00Z"),
      "2026-11-21T10:00:00.001Z",
    ],
    [
      "a formula that counts days since an instant",
      formula("IF(NOW() - at >= 2, TRUE, FALSE)"),
      at("2026-11-21T11:00:00Z"),
      "2026-11-23T10:00:00.000Z",
    ],
    [
      "a formula about an instant that is past for good",
      formula("at + 0.5 < $Flow.CurrentDateTime"),
      at("2026-11-23T11:00:00Z"),
      null,
    ],
    [
      "a formula about the day of NOW()",
      formula("DATEVALUE(NOW()) > due"),
      at("2026-11-21T11:00:00Z", "Europe/Berlin"),
      "2026-11-21T23:00:00.000Z",
    ],
    [
      "a formula about the hour, far from its change: an hour",
      formula("HOUR(NOW()) >= 12"),
      at("2026-11-21T09:00:00Z"),
      "2026-11-21T10:00:00.000Z",
    ],
    [
      "a formula about the hour that is true for a quarter of it",
      formula("AND(MINUTE(TIMENOW()) >= 20, MINUTE(TIMENOW()) < 35)"),
      at("2026-11-21T09:00:00Z"),
      "2026-11-21T09:20:00.000Z",
    ],
    [
      "a formula about the hour, near its change",
      formula("HOUR(NOW()) >= 12"),
      at("2026-11-21T11:59:30Z"),
      "2026-11-21T12:00:00.000Z",
    ],
    [
      "a formula with NOW() beside a requirement",
      all(row("at", "less_than", { formula: "NOW() - 1" })),
      at("2026-11-21T09:00:00Z"),
      "2026-11-22T10:00:00.001Z",
    ],
    ["a formula that reads no clock", formula('word = "x"'), at("2026-11-21T09:00:00Z"), null],
    [
      "a formula beside a requirement",
      all(row("due", "less_than", { formula: "TODAY() + 1" })),
      at("2026-11-21T09:00:00Z"),
      "2026-11-22T00:00:00.000Z",
    ],
    [
      "a day of 25 hours",
      formula("TODAY() > due"),
      at("2026-10-24T22:30:00Z", "Europe/Berlin"),
      "2026-10-25T23:00:00.000Z",
    ],
    [
      "a day that begins at one, because clocks go forward at midnight",
      formula("TODAY() > due"),
      at("2026-09-05T12:00:00Z", "America/Santiago"),
      "2026-09-06T04:00:00.000Z",
    ],
    ["no time that can be read", formula("TODAY() > due"), at("soon"), null],
    ["the end of days with four digits", formula("TODAY() > due"), at("9999-12-31T00:00:00Z"), null],
    [
      "a zone that does not exist counts as UTC",
      formula("TODAY() > due"),
      at("2026-11-21T09:00:00Z", "Moon/Base"),
      "2026-11-22T00:00:00.000Z",
    ],
  ])("%s", (_, condition, clock, expected) => {
    expect(nextChange(condition, lookup, clock)).toBe(expected);
  });
});

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Pacific/Apia",
  "America/Santiago",
  "Australia/Lord_Howe",
];
const anyInstant = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2028, 0, 1) });
const iso = (instant: number) => new Date(instant).toISOString();
const anyTarget = fc.oneof(
  anyInstant.map(iso),
  anyInstant.map((instant) => iso(instant).slice(0, 10)),
  fc.constantFrom("soon", null, 5),
);
const comparisons = fc.constantFrom(
  "equals",
  "not_equals",
  "greater_than",
  "greater_than_or_equal",
  "less_than",
  "less_than_or_equal",
) as fc.Arbitrary<Requirement["operator"]>;
const anyRow = fc.oneof(
  fc.record({
    left: fc.constantFrom(DATE, TIME),
    operator: comparisons,
    right: fc.constantFrom<Expression[]>({ ref: "a" }, { ref: "b" }, { ref: DATE }, { ref: TIME }),
  }),
  fc.record({
    left: fc.constantFrom("a", "b"),
    operator: comparisons,
    right: fc.constantFrom<Expression[]>(
      { ref: DATE },
      { ref: TIME },
      { formula: "TODAY() + 3" },
      { formula: "NOW() - 1.25" },
      { formula: "DATEVALUE(a)" },
    ),
  }),
  fc.record({
    left: fc.constant(DATE),
    operator: fc.constantFrom("starts_with" as const, "in" as const),
    right: fc.constantFrom<Expression[]>({ literal: "2026-1" }, { literal: ["2026-03-29"] }),
  }),
);
const anyCondition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    logic: fc.constantFrom("all" as const, "any" as const),
    requirements: fc.array(anyRow, { minLength: 1, maxLength: 4 }),
  }),
  fc
    .record({
      logic: fc.constant("custom" as const),
      custom: fc.constantFrom("1 AND NOT 2", "NOT 1 OR 2"),
      requirements: fc.tuple(anyRow, anyRow),
    })
    .map((one) => ({ ...one, requirements: [...one.requirements] })),
  fc
    .constantFrom(
      "TODAY() >= DATEVALUE(a)",
      "WEEKDAY(TODAY()) = 1",
      "TODAY() - DATEVALUE(b) > 3",
      "NOW() > a",
      "NOW() - a > 3.5",
      "a + 1 = NOW() - 2",
      "NOT(NOW() + 1 <= a) && DAY(NOW()) > 3",
      "IF(NOW() < a, TODAY() > DATEVALUE(b), MONTH(NOW()) = 2)",
      "OR(NOW() < a, TODAY() > DATEVALUE(b))",
    )
    .map(formula),
);

test("just before it the answer is what it was, whatever the condition, values and zone", () => {
  let foreseen = 0;
  fc.assert(
    fc.property(
      anyCondition,
      fc.record({ a: anyTarget, b: anyTarget }),
      anyInstant,
      fc.constantFrom(...ZONES),
      (condition, values, now, timeZone) => {
        const seen = lookupIn(values);
        const next = nextChange(condition, seen, { now: iso(now), timeZone });
        const verdict = (instant: number) => evaluate(condition, seen, { clock: { now: iso(instant), timeZone } }).met;
        if (next === null) {
          for (const later of [1, 60_000, 86_400_000, 400 * 86_400_000])
            expect(verdict(now + later)).toBe(verdict(now));
          return;
        }
        const change = instantOf(next) ?? 0;
        expect(change).toBeGreaterThan(now);
        foreseen++;
        for (const share of [0, 0.25, 0.5, 0.75])
          expect(verdict(Math.floor(now + (change - 1 - now) * share))).toBe(verdict(now));
        expect(verdict(change - 1)).toBe(verdict(now));
      },
    ),
    { numRuns: 600 },
  );
  expect(foreseen).toBeGreaterThan(200);
});

test("following it from look to look meets every change of a condition on days", () => {
  const condition = formula("AND(TODAY() >= DATE(2026,3,28), TODAY() <= DATE(2026,3,30))");
  const clock = { now: "2026-03-26T12:00:00.000Z", timeZone: "Europe/Berlin" };
  const met: string[] = [];
  for (let now: string | null = clock.now; now !== null && met.length < 8; ) {
    met.push(`${now.slice(0, 16)} ${evaluate(condition, lookup, { clock: { ...clock, now } }).met}`);
    now = nextChange(condition, lookup, { ...clock, now });
  }
  expect(met.slice(1, 6)).toEqual([
    "2026-03-26T23:00 false",
    "2026-03-27T23:00 true",
    "2026-03-28T23:00 true",
    "2026-03-29T22:00 true",
    "2026-03-30T22:00 false",
  ]);
});
