import type { DataType } from "../value";
import type { Kind, Wanted } from "./call";
import { KIND_WORDS } from "./kind-words";
import { placed } from "./placed";

/** What a path stands for: the type of its value, or why it may not be read. */
export type KindOf = (path: string) => { readonly type: DataType | "any" } | { readonly problem: string };

/** One look at a formula: what was found so far. */
export type Look = { readonly kindOf: KindOf; readonly problems: string[]; asksForChange: boolean };

/** Notes what is wrong at a character, where then anything may stand. */
export const tell = (look: Look, sentence: string, at: number): "any" => {
  look.problems.push(placed(sentence, at));
  return "any";
};

/** What may stand where something else is wanted: an instant for its day or time, a list of texts or a person for its text. */
const ALSO: Readonly<Partial<Record<Wanted, readonly Kind[]>>> = {
  text: ["list", "record"],
  date: ["datetime"],
  time: ["datetime"],
  printable: ["number", "date", "datetime", "time", "text", "list", "record"],
  moment: ["date", "datetime", "text"],
  timing: ["time", "datetime", "text"],
};
const HINTS: Readonly<Partial<Record<Wanted, string>>> = {
  text: "; write TEXT(…) around it",
  number: "; write VALUE(…) around it",
  date: "; write DATEVALUE(…) around it",
  datetime: "; write DATETIMEVALUE(…) around it",
};

/** Tells when a value of one kind stands where another is wanted. */
export function want(wanted: Wanted, { kind, at, by }: { kind: Kind; at: number; by: string }, look: Look): void {
  if (wanted === "any" || kind === "any" || kind === wanted || ALSO[wanted]?.includes(kind)) return;
  const isOfText = wanted === "text" ? kind !== "boolean" : kind === "text";
  tell(look, `${by} takes ${KIND_WORDS[wanted]}, not ${KIND_WORDS[kind]}${isOfText ? (HINTS[wanted] ?? "") : ""}`, at);
}
