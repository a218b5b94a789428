import type { Kind as Reckoned } from "../logic/formula/call";
import { checkFormula as check } from "../logic/formula/check-formula";
import type { Problem } from "../result";
import type { Rules } from "./check-condition";
import { ANY, fits, type Kind, kindWords } from "./kind";
import type { Scope } from "./scope";

/** What a formula gives, as a place may want it. A time of day is held as a text; of a list it is not known what it holds. */
const KINDS: Readonly<Record<Reckoned, Kind>> = {
  text: { type: "text" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  date: { type: "date" },
  datetime: { type: "datetime" },
  time: { type: "text" },
  record: ANY,
  list: ANY,
  any: ANY,
};

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, "");

/** Whether a formula can be read, names only what may be read here, and gives what is wanted. */
export function checkFormula(
  formula: string,
  { path, wanted, rules = {} }: { path: string; wanted: Kind; rules?: Rules },
  scope: Scope,
): Problem[] {
  const { problems, gives, paths, asksForChange } = check(formula, scope);
  const told = problems.map((sentence) => withoutStop(sentence));
  for (const read of paths) {
    const refused = rules.refuses?.(read);
    if (refused) told.push(refused);
  }
  if (asksForChange && !rules.mayAskForChange)
    told.push("ISCHANGED(), PRIORVALUE() and ISNEW() can be asked only where a change of a record is at hand");
  if (told.length === 0 && !fits(KINDS[gives], wanted))
    told.push(`the formula gives ${kindWords(KINDS[gives])}, but ${kindWords(wanted)} is wanted`);
  return told.map((message) => ({ path, message }));
}
