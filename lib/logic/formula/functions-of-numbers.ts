import {
  compareDecimals,
  type Decimal,
  decimalOf,
  negate,
  numberOf,
  parseDecimal,
  remainder,
  roundTo,
  ZERO,
} from "../decimal";
import { countAt, type Fn, fn, fnOf, numberAt } from "./call";
import { type Cell, failure, number } from "./cell";
import { raise } from "./operators";

/** A function of numbers; null when one of them is null. */
function of(reckon: (first: Decimal, second: Decimal) => Cell): (args: readonly Cell[]) => Cell {
  return (args) => {
    const numbers: Decimal[] = [];
    for (const at of args.keys()) {
      const found = numberAt(args, at);
      if (found === null || "is" in found) return found;
      numbers.push(found);
    }
    const [first = ZERO, second = ZERO] = numbers;
    return reckon(first, second);
  };
}

const one = (reckon: (value: Decimal) => Cell): Fn => fn(["number"], "number", of(reckon));

/** A function that the machine reckons; `why` is said where it has no answer. */
const machine = (reckon: (value: number) => number, why: string): Fn =>
  one((value) => {
    const result = reckon(numberOf(value) ?? Number.NaN);
    if (Number.isNaN(result) || result === Number.NEGATIVE_INFINITY) return failure(why);
    return number(decimalOf(result));
  });

const rounded = (rounding: "half" | "towards_zero"): Fn =>
  fnOf({ takes: ["number", "number"], gives: "number", least: rounding === "half" ? 2 : 1 }, (args) =>
    of((value) => number(roundTo(value, countAt(args, 1), rounding)))(args),
  );

const extreme = (sign: 1 | -1): Fn =>
  fnOf({ takes: ["number"], gives: "number", least: 1, most: 100 }, (args) => {
    let best: Decimal | null = null;
    for (const at of args.keys()) {
      const found = numberAt(args, at);
      if (found === null || "is" in found) return found;
      if (best === null || compareDecimals(found, best) === sign) best = found;
    }
    return number(best);
  });

/** FLOOR and CEILING go towards and away from zero, MFLOOR and MCEILING down and up, as in Salesforce. */
export const NUMBER_FUNCTIONS: readonly (readonly [string, Fn])[] = [
  ["ABS", one((value) => number(value.digits < 0n ? negate(value) : value))],
  ["ROUND", rounded("half")],
  ["TRUNC", rounded("towards_zero")],
  ["FLOOR", one((value) => number(roundTo(value, 0, "towards_zero")))],
  ["CEILING", one((value) => number(roundTo(value, 0, "from_zero")))],
  ["MFLOOR", one((value) => number(roundTo(value, 0, "down")))],
  ["MCEILING", one((value) => number(roundTo(value, 0, "up")))],
  [
    "MOD",
    fn(
      ["number", "number"],
      "number",
      of((left, right) => (right.digits === 0n ? failure("MOD() divides by zero.") : number(remainder(left, right)))),
    ),
  ],
  ["MAX", extreme(1)],
  ["MIN", extreme(-1)],
  ["SQRT", machine(Math.sqrt, "A negative number has no square root.")],
  ["EXP", machine(Math.exp, "EXP() has no answer.")],
  ["LN", machine(Math.log, "Only a number above zero has a logarithm.")],
  ["LOG", machine(Math.log10, "Only a number above zero has a logarithm.")],
  ["POWER", fn(["number", "number"], "number", of(raise))],
  ["PI", fn([], "number", () => number(parseDecimal("3.14159265358979324")))],
];
