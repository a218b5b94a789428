import { parseDecimal } from "../decimal";
import { CURRENT_DATE, CURRENT_DATE_TIME } from "../globals";
import { remember } from "../remember";
import { FORBIDDEN_NAMES } from "../value";
import { type Cell, number } from "./cell";
import { type Token, tokensOf } from "./tokens";

/**
 * A formula as a tree. A `chain` is a row of operators of one rank, reckoned from left to right, so that only brackets and calls go
 * deeper. Functions are in capitals.
 */
export type Node =
  | { readonly is: "literal"; readonly cell: Cell }
  | { readonly is: "path"; readonly path: string; readonly at: number }
  | { readonly is: "call"; readonly name: string; readonly args: readonly Node[]; readonly at: number }
  | { readonly is: "not" | "minus"; readonly of: Node; readonly at: number }
  | { readonly is: "chain"; readonly first: Node; readonly rest: readonly Link[] };
export type Link = { readonly operator: string; readonly node: Node; readonly at: number };

export type Parsed =
  | { readonly tree: Node; readonly paths: readonly string[] }
  | { readonly error: string; readonly at: number };

/** Characters of a formula, and brackets, calls and signs within one another. */
const MAX_CHARACTERS = 4_000;
const MAX_DEPTH = 100;

/** From the loosest to the closest. */
const RANKS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["=", "==", "<>", "!="],
  ["<", "<=", ">", ">="],
  ["&"],
  ["+", "-"],
  ["*", "/"],
  ["^"],
];

type Reading = {
  readonly tokens: readonly Token[];
  next: number;
  depth: number;
  fault: { readonly error: string; readonly at: number } | null;
  readonly paths: Set<string>;
};

/** Reads a formula in one pass, in time that grows with its length alone (S47, S75): no grammar that tries again, no `eval`. Total. */
export const parseFormula = remember((formula: string): Parsed => {
  if (formula.length > MAX_CHARACTERS)
    return { error: `A formula may have at most ${MAX_CHARACTERS} characters.`, at: MAX_CHARACTERS };
  const tokens = tokensOf(formula);
  if ("error" in tokens) return tokens;
  const reading: Reading = { tokens, next: 0, depth: 0, fault: null, paths: new Set() };
  const tree = ranked(reading, 0);
  const last = peek(reading);
  if (last.is !== "end") fail(reading, `An operator is missing before “${shown(last)}”.`, last.at);
  return reading.fault ?? { tree, paths: [...reading.paths] };
});

const NOTHING: Node = { is: "literal", cell: null };
const END: Token = { is: "end", text: "", at: 0 };
const peek = (reading: Reading): Token => reading.tokens[reading.next] ?? END;
const shown = ({ text }: Token): string => text.slice(0, 20);

/** The first fault counts; what is read after it is thrown away. */
function fail(reading: Reading, error: string, at: number): Node {
  reading.fault ??= { error, at };
  reading.next = reading.tokens.length - 1;
  return NOTHING;
}

function takeSign(reading: Reading, sign: string): boolean {
  const token = peek(reading);
  if (token.is !== "sign" || token.text !== sign) return false;
  reading.next++;
  return true;
}

function ranked(reading: Reading, rank: number): Node {
  const signs = RANKS[rank];
  if (!signs) return single(reading);
  const first = ranked(reading, rank + 1);
  const rest: Link[] = [];
  for (let token = peek(reading); token.is === "sign" && signs.includes(token.text); token = peek(reading)) {
    reading.next++;
    rest.push({ operator: token.text, node: ranked(reading, rank + 1), at: token.at });
  }
  return rest.length === 0 ? first : { is: "chain", first, rest };
}

/** A sign and what it stands before, a value, a call, or something in brackets. */
function single(reading: Reading): Node {
  const token = peek(reading);
  if (reading.depth >= MAX_DEPTH)
    return fail(reading, `Brackets and functions may stand at most ${MAX_DEPTH} deep in one another.`, token.at);
  reading.depth++;
  const node = token.is === "sign" ? signed(reading, token) : plain(reading, token);
  reading.depth--;
  return node;
}

function signed(reading: Reading, token: Token): Node {
  const { text, at } = token;
  if (takeSign(reading, "-")) return { is: "minus", of: single(reading), at };
  if (takeSign(reading, "+")) return single(reading);
  if (takeSign(reading, "!")) return { is: "not", of: single(reading), at };
  if (!takeSign(reading, "(")) return fail(reading, `A value is wanted where “${text}” stands.`, at);
  const inner = ranked(reading, 0);
  return takeSign(reading, ")") ? inner : unclosed(reading, at);
}

const unclosed = (reading: Reading, at: number): Node => {
  const { is, text, at: here } = peek(reading);
  return is === "end" || reading.fault
    ? fail(reading, "A bracket is not closed.", at)
    : fail(reading, `“,” or “)” is wanted before “${text.slice(0, 20)}”.`, here);
};

const WORDS: ReadonlyMap<string, Cell> = new Map<string, Cell>([
  ["TRUE", true],
  ["FALSE", false],
  ["NULL", null],
]);

function plain(reading: Reading, token: Token): Node {
  const { is, text, at } = token;
  if (is === "end") return fail(reading, "It ends where a value is wanted.", at);
  reading.next++;
  if (is === "text") return { is: "literal", cell: text };
  if (is === "number") return { is: "literal", cell: number(parseDecimal(text)) };
  if (is === "name" && takeSign(reading, "(")) return call(reading, token);
  const word = is === "name" ? WORDS.get(text.toUpperCase()) : undefined;
  if (word !== undefined) return { is: "literal", cell: word };
  if (text.split(".").some((name) => FORBIDDEN_NAMES.has(name)))
    return fail(reading, `“${text.slice(0, 80)}” names a reserved word.`, at);
  reading.paths.add(text);
  return { is: "path", path: text, at };
}

/** The clock is read like any value, so that whoever looks up paths need not know of these functions. */
const READ_BY: ReadonlyMap<string, string> = new Map([
  ["TODAY", CURRENT_DATE],
  ["NOW", CURRENT_DATE_TIME],
  ["TIMENOW", CURRENT_DATE_TIME],
]);

function call(reading: Reading, { text, at }: Token): Node {
  const name = text.toUpperCase();
  const read = READ_BY.get(name);
  if (read !== undefined) reading.paths.add(read);
  if (takeSign(reading, ")")) return { is: "call", name, args: [], at };
  const args: Node[] = [];
  do args.push(ranked(reading, 0));
  while (takeSign(reading, ","));
  return takeSign(reading, ")") ? { is: "call", name, args, at } : unclosed(reading, at);
}
