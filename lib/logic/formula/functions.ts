import type { Fn } from "./call";
import { LOGIC_FUNCTIONS } from "./functions-of-logic";
import { NUMBER_FUNCTIONS } from "./functions-of-numbers";
import { TEXT_FUNCTIONS } from "./functions-of-text";
import { TIME_FUNCTIONS } from "./functions-of-time";

/** Every function, by its name in capitals. A map, because names come from authors. */
export const FUNCTIONS: ReadonlyMap<string, Fn> = new Map([
  ...LOGIC_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...TIME_FUNCTIONS,
]);

/** Salesforce's functions that are not offered, with what to do instead. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  [
    "REGEX",
    "patterns are not offered, because some take for ever; write it with BEGINS, CONTAINS, FIND, LEN, LEFT, MID and RIGHT",
  ],
  ["HYPERLINK", "markup would be shown as it is written; put the address itself into the text"],
  ["IMAGE", "markup would be shown as it is written"],
  ["GETSESSIONID", "nobody's session is ever given out"],
  ["URLFOR", "there are no pages of Salesforce here"],
  ["LINKTO", "there are no pages of Salesforce here"],
  ["VLOOKUP", "a formula reads no other records; get them in a flow"],
  ["DISTANCE", "places are not known here"],
  ["GEOLOCATION", "places are not known here"],
  ["CURRENCYRATE", "amounts have no currency here"],
  ["ISCLONE", "records are not cloned here"],
  ["PARENTGROUPVAL", "it belongs to reports"],
  ["PREVGROUPVAL", "it belongs to reports"],
  ["GETRECORDIDS", "it belongs to buttons"],
  ["INCLUDE", "it belongs to buttons"],
  ["REQUIRESCRIPT", "it belongs to buttons"],
  ["PREDICT", "nothing predicts values here"],
]);

/** Why there is no such function, as a sentence. */
export function noFunction(name: string): string {
  const why = REFUSED.get(name);
  return why === undefined ? `There is no function ${name.slice(0, 60)}().` : `${name}() cannot be used: ${why}.`;
}

/** Why a function cannot be called with that many arguments; null: it can. */
export function wrongCount(name: string, { least, most }: Fn, count: number): string | null {
  if (name === "CASE" && count % 2 !== 0)
    return "CASE() takes a value, pairs of a value and a result, and a last result.";
  if (count >= least && count <= most) return null;
  const wanted = least === most ? String(least) : `${least} to ${most}`;
  return `${name}() takes ${wanted} ${most === 1 ? "value" : "values"}, not ${count}.`;
}
