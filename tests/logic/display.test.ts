import { expect, test } from "vitest";
import { shownIn, wordsFrom } from "../../lib/logic/display";
import { fillTemplate } from "../../lib/logic/express";
import { lookupIn } from "../../lib/logic/references";
import type { Value } from "../../lib/logic/value";

test.each<[what: string, value: Value, shown: string]>([
  ["an amount in thousands", 12500, "12,500"],
  ["a fraction as exactly as it is stored", -1234567.125, "-1,234,567.125"],
  ["a year as a year", 2026, "2026"],
  ["a day by its month's name", "2026-09-01", "1 Sep 2026"],
  ["an instant in the reader's zone", "2026-11-21T08:00:00.000Z", "21 Nov 2026, 09:00"],
  ["a day that does not exist as it is", "2026-02-31", "2026-02-31"],
  ["a text as it is", "12500", "12500"],
  ["yes and no", [true, false], "Yes, No"],
  ["a record by its name", { Id: "rec_1", Name: "Ada" }, "Ada"],
  ["nothing as nothing", null, ""],
])("people read %s", (_what, value, shown) => {
  expect(shownIn("Europe/Berlin")(value)).toBe(shown);
});

test("what an author writes for people shows values as they are read; the same template as data does not", () => {
  const lookup = lookupIn({ amount: 12500, at: "2026-11-21T08:00:00.000Z" });
  const template = "{!amount} EUR by {!at}";
  expect(wordsFrom({ template }, lookup)).toBe("12,500 EUR by 21 Nov 2026, 08:00 UTC");
  expect(fillTemplate(template, lookup)).toBe("12500 EUR by 2026-11-21T08:00:00.000Z");
});

test("an author's words may name the day and be reckoned", () => {
  const clock = { now: "2026-11-21T22:30:00Z", timeZone: "Europe/Berlin" };
  expect(wordsFrom({ template: "Due {!$Flow.CurrentDate}" }, () => null, { clock })).toBe("Due 21 Nov 2026");
  expect(wordsFrom({ formula: "'Due ' & TEXT(TODAY() + 3)" }, () => null, { clock })).toBe("Due 2026-11-24");
  expect(wordsFrom({ formula: "TODAY() + 3" }, () => null, { clock })).toBe("24 Nov 2026");
});
