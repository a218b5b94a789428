import { type Decimal, numberOf } from "../decimal";
import { type Cell, type CellType, failure, isFailure, typeOf } from "./cell";
import { KIND_WORDS } from "./kind-words";
import type { Node } from "./parse";
import type { World } from "./world";

/** What a function takes or gives, as far as it can be told before. */
export type Kind = Exclude<CellType, "null" | "error"> | "any";
/** Several kinds that a function takes alike: what has a text of its own, what names a day, what names a time of day. */
export type Wanted = Kind | "printable" | "moment" | "timing";

/** How a function is called, for whoever checks a formula: the last of `takes` stands for all further ones. `same`: what its cases give. */
export type Signature = {
  readonly takes: readonly Wanted[];
  readonly least: number;
  readonly most: number;
  readonly gives: Kind | "same";
};
export type Fn = Signature & { readonly call: (args: readonly Node[], world: World) => Cell };

type Eager = (args: readonly Cell[], world: World) => Cell;

/** A function whose arguments are all reckoned first; one that cannot be is its answer. */
export const fn = (takes: readonly Wanted[], gives: Kind, eager: Eager): Fn => fnOf({ takes, gives }, eager);

export function fnOf(
  {
    takes,
    gives,
    least = takes.length,
    most = takes.length,
  }: { takes: readonly Wanted[]; gives: Kind; least?: number; most?: number },
  eager: Eager,
): Fn {
  const call = (args: readonly Node[], world: World): Cell => {
    const cells: Cell[] = [];
    for (const arg of args) {
      const cell = world.reckon(arg, world);
      if (isFailure(cell)) return cell;
      cells.push(cell);
    }
    return eager(cells, world);
  };
  return { takes, gives, least, most, call };
}

/** The argument as a number: null for null, a failure for anything else. */
export function numberAt(
  args: readonly Cell[],
  at: number,
): Decimal | null | { readonly is: "error"; readonly error: string } {
  const cell = args[at] ?? null;
  if (cell === null) return null;
  return typeof cell === "object" && cell.is === "number"
    ? cell.value
    : failure(`A number is wanted, not ${KIND_WORDS[typeOf(cell)]}.`);
}

/** The argument as a whole number for counting and places; nothing and what is no number count as none. */
export function countAt(args: readonly Cell[], at: number): number {
  const found = numberAt(args, at);
  const count = found === null || "is" in found ? 0 : Math.trunc(numberOf(found) ?? 0);
  return Math.max(-1_000_000_000, Math.min(count, 1_000_000_000));
}
