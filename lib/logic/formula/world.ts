import type { Lookup } from "../references";
import { isList, MAX_TEXT_CHARACTERS, type Value } from "../value";
import { type Cell, failure } from "./cell";
import type { Node } from "./parse";

/** What one reckoning sees, and what it has left to spend. */
export type World = {
  readonly lookup: Lookup;
  /** The same paths before the change; null: nothing is known of a past. */
  readonly prior: Lookup | null;
  readonly zone: string;
  readonly left: { steps: number; characters: number; unread: number };
  readonly reckon: (node: Node, world: World) => Cell;
};

/** Of one reckoning: values, operators and calls that it passes, and characters of all texts that it makes and reads on the way. */
export const MAX_STEPS = 10_000;
export const MAX_CHARACTERS_MADE = 2_000_000;
export const MAX_CHARACTERS_READ = 20_000_000;

/** Of all formulas and conditions of one execution of a flow together (reliability F7), and of one look at a screen. */
export const MAX_STEPS_PER_EXECUTION = 300_000;
/** Characters that are read or made at the cost of one step. */
const CHARACTERS_A_STEP = 100;

/** What reckonings of one execution may take together, in steps; each takes from it, and once it is below nothing none goes on. */
export type Allowance = { steps: number };

/** What one reckoning may take, alone and of what is allowed to several. */
export function leftOf(allowance: Allowance | undefined): World["left"] {
  const steps = Math.max(0, allowance?.steps ?? Number.MAX_SAFE_INTEGER);
  const characters = steps * CHARACTERS_A_STEP;
  return {
    steps: Math.min(MAX_STEPS, steps),
    characters: Math.min(MAX_CHARACTERS_MADE, characters),
    unread: Math.min(MAX_CHARACTERS_READ, characters),
  };
}

/** Takes from an allowance what a reckoning took. */
export function take(allowance: Allowance, before: World["left"], after: World["left"]): void {
  const characters = before.characters - after.characters + before.unread - after.unread;
  allowance.steps -= before.steps - after.steps + Math.floor(characters / CHARACTERS_A_STEP);
}

/** The same for a value that is read or made without a formula. */
export function takeFor(allowance: Allowance | undefined, value: Value): void {
  if (!allowance) return;
  const characters = typeof value === "string" ? value.length : isList(value) ? value.length * 10 : 0;
  allowance.steps -= Math.floor(characters / CHARACTERS_A_STEP);
}

const TOO_MUCH_MADE = `A formula may make at most ${MAX_CHARACTERS_MADE} characters of text.`;

/** A text that a function makes, when there is room for it; `make` is asked only then. */
export function made(length: number, make: () => string, world: World): Cell {
  world.left.characters -= length;
  if (length > MAX_TEXT_CHARACTERS) return failure(`A text would be longer than ${MAX_TEXT_CHARACTERS} characters.`);
  return world.left.characters < 0 ? failure(TOO_MUCH_MADE) : make();
}

/** The same for a text that is no longer than what it is made of. */
export const kept = (text: string, world: World): Cell => made(text.length, () => text, world);
