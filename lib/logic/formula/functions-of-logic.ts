import { isBlank, sameValue } from "../compare";
import type { Fn } from "./call";
import { type Cell, cellOf, failure, isFailure, typeOf, valueOfCell } from "./cell";
import { KIND_WORDS } from "./kind-words";
import { isEqual } from "./operators";
import type { Node } from "./parse";
import type { World } from "./world";

/** Whether something holds: null does not. Failures stay failures. */
export function truth(cell: Cell): boolean | Extract<Cell, { is: "error" }> {
  if (typeof cell === "boolean") return cell;
  if (cell === null) return false;
  return isFailure(cell) ? cell : failure(`True or false is wanted, not ${KIND_WORDS[typeOf(cell)]}.`);
}

const NOTHING: Node = { is: "literal", cell: null };
const argument = (args: readonly Node[], at: number): Node => args[at] ?? NOTHING;

/** AND and OR: reckoned from left to right, and no further than needed. */
export function until(stop: boolean, args: readonly Node[], world: World): Cell {
  for (const arg of args) {
    const found = truth(world.reckon(arg, world));
    if (typeof found !== "boolean") return found;
    if (found === stop) return stop;
  }
  return !stop;
}

function choose(args: readonly Node[], world: World): Cell {
  const found = truth(world.reckon(argument(args, 0), world));
  if (typeof found !== "boolean") return found;
  return world.reckon(argument(args, found ? 1 : 2), world);
}

function inCase(args: readonly Node[], world: World): Cell {
  const value = world.reckon(argument(args, 0), world);
  if (isFailure(value)) return value;
  for (let at = 1; at + 1 < args.length; at += 2) {
    const wanted = world.reckon(argument(args, at), world);
    if (isFailure(wanted)) return wanted;
    if (isEqual(value, wanted)) return world.reckon(argument(args, at + 1), world);
  }
  return world.reckon(argument(args, args.length - 1), world);
}

const ofOne =
  (answer: (cell: Cell) => Cell) =>
  (args: readonly Node[], world: World): Cell => {
    const cell = world.reckon(argument(args, 0), world);
    return isFailure(cell) ? cell : answer(cell);
  };

const orElse =
  (isMissing: (cell: Cell) => boolean) =>
  (args: readonly Node[], world: World): Cell => {
    const cell = world.reckon(argument(args, 0), world);
    return isFailure(cell) || !isMissing(cell) ? cell : world.reckon(argument(args, 1), world);
  };

const isCellBlank = (cell: Cell): boolean => isBlank(valueOfCell(cell));
const isNull = (cell: Cell): boolean => cell === null;

const pathOf = (args: readonly Node[]): string | null => {
  const node = argument(args, 0);
  return node.is === "path" ? node.path : null;
};

function isChanged(args: readonly Node[], { lookup, prior }: World): Cell {
  const path = pathOf(args);
  if (path === null) return failure("ISCHANGED() takes the name of a field.");
  return prior !== null && !sameValue(prior(path), lookup(path));
}

function priorValue(args: readonly Node[], { prior }: World): Cell {
  const path = pathOf(args);
  if (path === null) return failure("PRIORVALUE() takes the name of a field.");
  return prior === null ? null : cellOf(prior(path));
}

const exactly = (count: number) => ({ least: count, most: count });

export const LOGIC_FUNCTIONS: readonly (readonly [string, Fn])[] = [
  [
    "AND",
    { takes: ["boolean"], least: 1, most: 100, gives: "boolean", call: (args, world) => until(false, args, world) },
  ],
  [
    "OR",
    { takes: ["boolean"], least: 1, most: 100, gives: "boolean", call: (args, world) => until(true, args, world) },
  ],
  [
    "NOT",
    {
      takes: ["boolean"],
      ...exactly(1),
      gives: "boolean",
      call: ofOne((cell) => {
        const found = truth(cell);
        return typeof found === "boolean" ? !found : found;
      }),
    },
  ],
  ["IF", { takes: ["boolean", "any", "any"], ...exactly(3), gives: "same", call: choose }],
  ["CASE", { takes: ["any"], least: 4, most: 201, gives: "same", call: inCase }],
  ["ISBLANK", { takes: ["any"], ...exactly(1), gives: "boolean", call: ofOne(isCellBlank) }],
  ["ISNULL", { takes: ["any"], ...exactly(1), gives: "boolean", call: ofOne(isNull) }],
  ["BLANKVALUE", { takes: ["any", "any"], ...exactly(2), gives: "same", call: orElse(isCellBlank) }],
  ["NULLVALUE", { takes: ["any", "any"], ...exactly(2), gives: "same", call: orElse(isNull) }],
  ["ISCHANGED", { takes: ["any"], ...exactly(1), gives: "boolean", call: isChanged }],
  ["PRIORVALUE", { takes: ["any"], ...exactly(1), gives: "any", call: priorValue }],
  [
    "ISNEW",
    {
      takes: [],
      ...exactly(0),
      gives: "boolean",
      call: (_, { prior }) => prior !== null && prior("$Record.Id") === null,
    },
  ],
];
