import type { Value } from "../../../lib/logic/value";

/** The few forms of formulas that `random-formula.ts` writes, reckoned by rewriting their text to T or F, innermost first. */
export function formulaHolds(formula: string, read: (path: string) => Value): boolean {
  let text = formula
    .replace(/IF\(ISBLANK\((\S+)\), FALSE, \S+ (\S+) (\S+?)\)/g, (_, path: string, operator: string, other: string) =>
      letter(!isBlank(read(path)) && compares(read(path), operator, JSON.parse(other))),
    )
    .replace(/ISBLANK\((\S+?)\)/g, (_, path: string) => letter(isBlank(read(path))));
  for (let before = ""; before !== text; ) {
    before = text;
    text = text
      .replace(/NOT\(([TF])\)/, (_, one: string) => letter(one === "F"))
      .replace(/AND\(([TF]), ([TF])\)/, (_, one: string, two: string) => letter(one === "T" && two === "T"))
      .replace(/OR\(([TF]), ([TF])\)/, (_, one: string, two: string) => letter(one === "T" || two === "T"));
  }
  if (text !== "T" && text !== "F") throw new Error(`the model cannot reckon ${formula}`);
  return text === "T";
}

/** The paths of the record that it reads, whichever way it turns out. */
export const recordPathsOf = (formula: string): readonly string[] => formula.match(/\$Record\.[\w.]+/g) ?? [];

const letter = (holds: boolean) => (holds ? "T" : "F");
const isBlank = (value: Value): boolean => value === null || (typeof value === "string" && value.trim() === "");

function compares(value: Value, operator: string, other: string | number): boolean {
  if (operator === "=") return value === other;
  if (operator === "<>") return value !== other;
  if (typeof value !== "number" || typeof other !== "number") throw new Error("only numbers have an order here");
  if (operator === ">") return value > other;
  if (operator === "<") return value < other;
  return operator === ">=" ? value >= other : value <= other;
}
