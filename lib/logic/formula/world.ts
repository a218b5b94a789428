import type { Lookup } from "../references";
import { MAX_TEXT_CHARACTERS } from "../value";
import { type Cell, failure } from "./cell";
import type { Node } from "./parse";

/** What one reckoning sees, and what it has left to spend. */
export type World = {
  readonly lookup: Lookup;
  /** The same paths before the change; null: nothing is known of a past. */
  readonly prior: Lookup | null;
  readonly zone: string;
  readonly left: { steps: number; characters: number };
  readonly reckon: (node: Node, world: World) => Cell;
};

/** Of one reckoning: values, operators and calls that it passes, and characters of all texts that it makes on the way. */
export const MAX_STEPS = 10_000;
export const MAX_CHARACTERS_MADE = 2_000_000;

/** A text that a function makes, when there is room for it; `make` is asked only then. */
export function made(length: number, make: () => string, world: World): Cell {
  world.left.characters -= length;
  if (length > MAX_TEXT_CHARACTERS) return failure(`A text would be longer than ${MAX_TEXT_CHARACTERS} characters.`);
  return world.left.characters < 0 ? failure("The formula makes too many and too long texts.") : make();
}

/** The same for a text that is no longer than what it is made of. */
export const kept = (text: string, world: World): Cell => made(text.length, () => text, world);
