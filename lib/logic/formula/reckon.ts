import { negate } from "../decimal";
import { type Clock, withGlobals } from "../globals";
import type { Lookup } from "../references";
import type { Value } from "../value";
import { type Cell, cellOf, failure, isFailure, number, typeOf, valueOfCell } from "./cell";
import { FUNCTIONS, noFunction, wrongCount } from "./functions";
import { truth, until } from "./functions-of-logic";
import { KIND_WORDS } from "./kind-words";
import { operate } from "./operators";
import { type Node, parseFormula } from "./parse";
import { placed } from "./placed";
import { type Allowance, leftOf, MAX_CHARACTERS_READ, MAX_STEPS, take, type World } from "./world";

/** What a formula gives, or a sentence about why it gives nothing. */
export type Reckoned = { readonly value: Value; readonly error: string | null };

type Seen = {
  readonly prior?: Lookup | null | undefined;
  readonly clock?: Clock | undefined;
  /** What this and other reckonings may take together. */
  readonly allowance?: Allowance | undefined;
};

/**
 * The value of a formula for the values that `lookup` answers. Total: whatever is written and read, it answers, within MAX_STEPS. Our own
 * interpreter walks the tree; only names of `FUNCTIONS` are called, and paths are only handed to `lookup` (S75).
 */
export function reckon(formula: string, lookup: Lookup, seen: Seen): Reckoned {
  const parsed = parseFormula(formula);
  if ("error" in parsed) return { value: null, error: placed(parsed.error, parsed.at) };
  const cell = reckonTree(parsed.tree, lookup, seen);
  return { value: valueOfCell(cell), error: isFailure(cell) ? cell.error : null };
}

/** The same of a tree. */
export function reckonTree(tree: Node, lookup: Lookup, { prior, clock, allowance }: Seen): Cell {
  const left = leftOf(allowance);
  const before = { ...left };
  const cell = reckonNode(tree, {
    lookup: withGlobals(lookup, clock),
    prior: prior ?? null,
    zone: clock?.timeZone ?? "UTC",
    left,
    reckon: reckonNode,
  });
  if (allowance) take(allowance, before, left);
  return cell;
}

function reckonNode(node: Node, world: World): Cell {
  if (--world.left.steps < 0) return failure(`A formula may take at most ${MAX_STEPS} steps.`);
  switch (node.is) {
    case "literal":
      return node.cell;
    case "path":
      return read(world.lookup(node.path), world);
    case "not": {
      const found = truth(reckonNode(node.of, world));
      return typeof found === "boolean" ? !found : found;
    }
    case "minus":
      return opposite(reckonNode(node.of, world));
    case "call": {
      const fn = FUNCTIONS.get(node.name);
      const wrong = fn ? wrongCount(node.name, fn, node.args.length) : noFunction(node.name);
      return fn && wrong === null ? fn.call(node.args, world) : failure(wrong ?? "");
    }
    case "chain":
      return reckonChain(node, world);
  }
}

/** A text that is read costs as one that is made: whatever is done with it walks through it. */
function read(value: Value, world: World): Cell {
  if (typeof value === "string") world.left.unread -= value.length;
  return world.left.unread < 0
    ? failure(`A formula may read at most ${MAX_CHARACTERS_READ} characters of text.`)
    : cellOf(value);
}

function opposite(cell: Cell): Cell {
  if (cell === null || isFailure(cell)) return cell;
  return typeof cell === "object" && cell.is === "number"
    ? number(negate(cell.value))
    : failure(`“-” stands before ${KIND_WORDS[typeOf(cell)]}.`);
}

function reckonChain({ first, rest }: Extract<Node, { is: "chain" }>, world: World): Cell {
  const operator = rest[0]?.operator;
  if (operator === "&&" || operator === "||")
    return until(operator === "||", [first, ...rest.map(({ node }) => node)], world);
  let left = reckonNode(first, world);
  for (const link of rest) {
    if (isFailure(left)) return left;
    left = operate(link.operator, [left, reckonNode(link.node, world)], world);
  }
  return left;
}

/** The paths that a formula reads, each once, those of the clock too; none when it cannot be read. */
export function pathsIn(formula: string): readonly string[] {
  const parsed = parseFormula(formula);
  return "error" in parsed ? [] : parsed.paths;
}
