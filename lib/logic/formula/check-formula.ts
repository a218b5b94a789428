import type { DataType } from "../value";
import type { Kind } from "./call";
import { FUNCTIONS, noFunction, wrongCount } from "./functions";
import { kindOfChain } from "./kind-of-chain";
import { KIND_WORDS } from "./kind-words";
import { type KindOf, type Look, tell, want } from "./look";
import { type Node, parseFormula } from "./parse";
import { placed } from "./placed";

export type Checked = {
  /** Sentences, each with the character at which it applies. */
  readonly problems: readonly string[];
  /** What the formula gives, as far as it can be told. */
  readonly gives: Kind;
  readonly paths: readonly string[];
  /** Fields of which it asks whether, or from what, they changed. */
  readonly asksForChange: boolean;
};

const CHANGE: ReadonlySet<string> = new Set(["ISCHANGED", "PRIORVALUE", "ISNEW"]);

/** What is wrong with a formula where paths mean what `kindOf` says; what it gives and reads. Total. */
export function checkFormula(formula: string, kindOf: KindOf): Checked {
  const parsed = parseFormula(formula);
  if ("error" in parsed)
    return { problems: [placed(parsed.error, parsed.at)], gives: "any", paths: [], asksForChange: false };
  const look: Look = { kindOf, problems: [], asksForChange: false };
  const gives = kindOfNode(parsed.tree, look);
  return { problems: look.problems, gives, paths: parsed.paths, asksForChange: look.asksForChange };
}

const OF_DATA: Readonly<Record<DataType | "any", Kind>> = {
  text: "text",
  number: "number",
  currency: "number",
  boolean: "boolean",
  date: "date",
  datetime: "datetime",
  record: "record",
  user: "record",
  text_list: "list",
  record_list: "list",
  any: "any",
};

function kindOfNode(node: Node, look: Look): Kind {
  switch (node.is) {
    case "literal":
      return kindOfLiteral(node);
    case "path": {
      const found = look.kindOf(node.path);
      return "problem" in found ? tell(look, `${node.path}: ${found.problem}`, node.at) : OF_DATA[found.type];
    }
    case "not":
      want("boolean", { kind: kindOfNode(node.of, look), at: node.at, by: "“!”" }, look);
      return "boolean";
    case "minus":
      want("number", { kind: kindOfNode(node.of, look), at: node.at, by: "“-”" }, look);
      return "number";
    case "chain":
      return kindOfChain(
        kindOfNode(node.first, look),
        node.rest.map(({ operator, node: next, at }) => ({ operator, kind: kindOfNode(next, look), at })),
        look,
      );
    case "call":
      return kindOfCall(node, look);
  }
}

function kindOfLiteral({ cell }: Extract<Node, { is: "literal" }>): Kind {
  if (typeof cell === "string") return "text";
  if (typeof cell === "boolean") return "boolean";
  return cell !== null && cell.is === "number" ? "number" : "any";
}

function kindOfCall({ name, args, at }: Extract<Node, { is: "call" }>, look: Look): Kind {
  const fn = FUNCTIONS.get(name);
  const kinds = args.map((arg) => kindOfNode(arg, look));
  if (!fn) return tell(look, noFunction(name), at);
  const wrong = wrongCount(name, fn, args.length);
  if (wrong !== null) return tell(look, wrong, at);
  if (CHANGE.has(name)) {
    look.asksForChange = true;
    if (args.length > 0 && args[0]?.is !== "path") return tell(look, `${name}() takes the name of a field.`, at);
  }
  for (const [index, kind] of kinds.entries())
    want(fn.takes[Math.min(index, fn.takes.length - 1)] ?? "any", { kind, at, by: `${name}()` }, look);
  if (name === "CASE") checkCases(kinds, { at }, look);
  if (name === "PRIORVALUE") return kinds[0] ?? "any";
  if (name === "ADDMONTHS") return kinds[0] === "datetime" ? "datetime" : "date";
  return fn.gives === "same" ? kindOfCases(name, kinds, { at, look }) : fn.gives;
}

function checkCases([value = "any", ...rest]: readonly Kind[], { at }: { at: number }, look: Look): void {
  const wanted = rest.slice(0, -1).filter((_, index) => index % 2 === 0);
  for (const kind of wanted) want(value, { kind, at, by: "CASE()" }, look);
}

/** The kind that all results of IF, CASE, BLANKVALUE or NULLVALUE have. */
function kindOfCases(name: string, kinds: readonly Kind[], { at, look }: { at: number; look: Look }): Kind {
  const results =
    name === "IF"
      ? kinds.slice(1)
      : name === "CASE"
        ? kinds.filter((_, index) => index > 0 && (index % 2 === 0 || index === kinds.length - 1))
        : kinds;
  const known = [...new Set(results.filter((kind) => kind !== "any"))];
  const [first = "any", second] = known;
  if (second === undefined) return results.includes("any") && known.length === 0 ? "any" : first;
  return tell(look, `${name}() gives ${KIND_WORDS[first]} in one case and ${KIND_WORDS[second]} in another`, at);
}
