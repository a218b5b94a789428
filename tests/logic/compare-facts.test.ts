import { describe, expect, test } from "vitest";
import type { RowFact } from "../../lib/work/schema";
import { compareFacts } from "../../lib/work/schema/compare-facts";

/** What is shown side by side when many approvals are decided at once. */
const text = (label: string, shown: string): RowFact => ({ label, shown, number: null });
const amount = (number: number): RowFact => ({ label: "Amount", shown: `${number} €`, number });
const amounts = (...numbers: number[]) => compareFacts(numbers.map((number) => [amount(number)]));
const FAR = "More than three times the median";
const ONLY = "The only one with this";

test("what is the same in all of them is not compared, nor is nothing", () => {
  expect(compareFacts([])).toEqual([]);
  expect(compareFacts([[amount(5)]])).toEqual([]);
  expect(
    compareFacts([
      [amount(5), text("Kind", "Trip")],
      [amount(7), text("Kind", "Trip")],
    ]),
  ).toEqual([{ label: "Amount", values: ["5 €", "7 €"], marks: [null, null] }]);
});

test("labels keep the order of the first request that has them, and what one lacks is empty", () => {
  const compared = compareFacts([[text("Kind", "Trip")], [text("Place", "Bonn"), text("Kind", "Fare")]]);
  expect(compared.map(({ label, values }) => [label, values])).toEqual([
    ["Kind", ["Trip", "Fare"]],
    ["Place", ["", "Bonn"]],
  ]);
});

describe("an amount stands out", () => {
  test("beyond three times the median, not at it", () => {
    expect(amounts(10, 10, 30)[0]?.marks).toEqual([null, null, null]);
    expect(amounts(10, 10, 31)[0]?.marks).toEqual([null, null, FAR]);
  });

  test("the median of an even number lies between the two in the middle", () => {
    expect(amounts(1, 10, 20, 45)[0]?.marks).toEqual([null, null, null, null]);
    expect(amounts(1, 10, 20, 46)[0]?.marks).toEqual([null, null, null, FAR]);
  });

  test("never of two, never where the median is nothing or less", () => {
    expect(amounts(1, 1_000)[0]?.marks).toEqual([null, null]);
    expect(amounts(0, 0, 1_000)[0]?.marks).toEqual([null, null, null]);
    expect(amounts(-5, -5, 1_000)[0]?.marks).toEqual([null, null, null]);
  });

  test("not where one of them says no number: then it is looked at as words", () => {
    const compared = compareFacts([[amount(1)], [amount(1)], [text("Amount", "unknown")]]);
    expect(compared[0]?.marks).toEqual([null, null, ONLY]);
  });
});

describe("words stand out", () => {
  const kinds = (...shown: string[]) => compareFacts(shown.map((one) => [text("Kind", one)]))[0]?.marks;

  test("where all others say the same", () => {
    expect(kinds("Trip", "Trip", "Fare")).toEqual([null, null, ONLY]);
  });

  test("also by saying nothing", () => {
    expect(kinds("Trip", "", "Trip")).toEqual([null, ONLY, null]);
  });

  test("not where the others differ too, not where two say it, not of two", () => {
    expect(kinds("Trip", "Fare", "Room")).toEqual([null, null, null]);
    expect(kinds("Trip", "Trip", "Fare", "Fare")).toEqual([null, null, null, null]);
    expect(kinds("Trip", "Fare")).toEqual([null, null]);
  });
});
