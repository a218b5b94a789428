import { parseDecimal } from "../decimal";
import { meets } from "../meets";
import { textOf } from "../text-of";
import { countAt, type Fn, fn, fnOf } from "./call";
import { type Cell, cellText, failure, number, typeOf, valueOfCell, whole } from "./cell";
import { encode } from "./encode";
import { KIND_WORDS } from "./kind-words";
import { isEqual } from "./operators";
import { kept, made, type World } from "./world";

/** Texts of the arguments; nothing is the empty text, as in Salesforce's own functions of text. */
const textAt = (args: readonly Cell[], at: number): string => cellText(args[at] ?? null);

/** A function of one text that gives another. */
const changed = (change: (text: string) => string): Fn =>
  fn(["text"], "text", (args, world) => kept(change(textAt(args, 0)), world));

const cut = (takes: Fn["takes"], part: (text: string, args: readonly Cell[]) => string): Fn =>
  fn(takes, "text", (args, world) => kept(part(textAt(args, 0), args), world));

const asks = (test: (text: string, other: string) => boolean): Fn =>
  fn(["text", "text"], "boolean", (args) => test(textAt(args, 0), textAt(args, 1)));

const padded = (pad: (text: string, length: number, by: string) => string): Fn =>
  fnOf({ takes: ["text", "number", "text"], gives: "text", least: 2 }, (args, world) => {
    const length = Math.max(0, countAt(args, 1));
    const by = args.length < 3 ? " " : textAt(args, 2);
    return made(length, () => pad(textAt(args, 0).slice(0, length), length, by), world);
  });

/** Where a text begins in another, from 1; 0: it is not there. */
function find(args: readonly Cell[]): Cell {
  const from = args.length < 3 ? 1 : countAt(args, 2);
  const wanted = textAt(args, 0);
  return whole(wanted === "" || from < 1 ? 0 : textAt(args, 1).indexOf(wanted, from - 1) + 1);
}

function substitute(args: readonly Cell[], world: World): Cell {
  const [text, old, by] = [textAt(args, 0), textAt(args, 1), textAt(args, 2)];
  if (old === "") return kept(text, world);
  const parts = text.split(old);
  return made(text.length + (parts.length - 1) * (by.length - old.length), () => parts.join(by), world);
}

function valueOfText(args: readonly Cell[]): Cell {
  const [cell = null] = args;
  if (cell === null || typeOf(cell) === "number") return cell;
  const text = textAt(args, 0).trim();
  const read = text === "" ? null : PLAIN.test(text) ? parseDecimal(text) : undefined;
  if (read === null) return null;
  return read ? number(read) : failure(`VALUE() finds no number in “${text.slice(0, 60)}”.`);
}
const PLAIN = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

function toText(args: readonly Cell[], world: World): Cell {
  const [cell = null] = args;
  return typeof cell === "boolean"
    ? failure(`TEXT() takes a number, a date or a value of a list of choices, not ${KIND_WORDS.boolean}.`)
    : kept(textAt(args, 0), world);
}

/** The 18 characters of a 15-character Salesforce id; any other text as it is. */
function caseSafe(text: string): string {
  if (!/^[A-Za-z0-9]{15}$/.test(text)) return text;
  const suffix = [0, 5, 10].map((from) => {
    const bits = [...text.slice(from, from + 5)].reduce(
      (sum, letter, at) => sum + (/[A-Z]/.test(letter) ? 2 ** at : 0),
      0,
    );
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits] ?? "";
  });
  return text + suffix.join("");
}

const initials = (text: string): string =>
  text
    .toLowerCase()
    .replace(/(^|[^\p{L}\p{N}'])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

export const TEXT_FUNCTIONS: readonly (readonly [string, Fn])[] = [
  ["TEXT", fn(["printable"], "text", toText)],
  ["VALUE", fn(["text"], "number", valueOfText)],
  [
    "ISNUMBER",
    fn(["any"], "boolean", (args) => typeOf(args[0] ?? null) === "number" || PLAIN.test(textAt(args, 0).trim())),
  ],
  ["LEN", fn(["text"], "number", (args) => whole(textAt(args, 0).length))],
  ["LEFT", cut(["text", "number"], (text, args) => text.slice(0, Math.max(0, countAt(args, 1))))],
  [
    "RIGHT",
    cut(["text", "number"], (text, args) => text.slice(Math.max(0, text.length - Math.max(0, countAt(args, 1))))),
  ],
  [
    "MID",
    cut(["text", "number", "number"], (text, args) => {
      const from = Math.max(1, countAt(args, 1)) - 1;
      return text.slice(from, from + Math.max(0, countAt(args, 2)));
    }),
  ],
  ["UPPER", changed((text) => text.toUpperCase())],
  ["LOWER", changed((text) => text.toLowerCase())],
  ["INITCAP", changed(initials)],
  ["TRIM", changed((text) => text.trim())],
  ["REVERSE", changed((text) => [...text].reverse().join(""))],
  ["CONTAINS", asks((text, part) => text.includes(part))],
  ["BEGINS", asks((text, part) => text.startsWith(part))],
  ["FIND", fnOf({ takes: ["text", "text", "number"], gives: "number", least: 2 }, find)],
  ["SUBSTITUTE", fn(["text", "text", "text"], "text", substitute)],
  ["LPAD", padded((text, length, by) => text.padStart(length, by))],
  ["RPAD", padded((text, length, by) => text.padEnd(length, by))],
  [
    "INCLUDES",
    fn(["text", "text"], "boolean", (args) => meets(valueOfCell(args[0] ?? null), "includes", textAt(args, 1))),
  ],
  ["ISPICKVAL", fn(["text", "text"], "boolean", (args) => isEqual(cellText(args[0] ?? null), textAt(args, 1)))],
  [
    "PICKLISTCOUNT",
    fn(["text"], "number", (args) =>
      whole(
        textOf(valueOfCell(args[0] ?? null))
          .split(";")
          .filter((part) => part !== "").length,
      ),
    ),
  ],
  ["BR", fn([], "text", () => "\n")],
  ["HTMLENCODE", changed(encode.html)],
  ["URLENCODE", changed(encode.url)],
  ["JSENCODE", changed(encode.script)],
  ["JSINHTMLENCODE", changed((text) => encode.html(encode.script(text)))],
  ["CASESAFEID", changed(caseSafe)],
];
