/**
 * Chance that can be repeated and made smaller: a case is the list of numbers that its generators drew. Zero is always the plainest choice,
 * so a shorter list of smaller numbers is a plainer case.
 */
export type Choices = {
  /** A whole number from 0 to below `count`. */
  readonly below: (count: number) => number;
  /** What was drawn so far. */
  readonly drawn: number[];
};

/** By a seed (mulberry32). */
export function bySeed(seed: number): Choices {
  let state = seed >>> 0;
  const drawn: number[] = [];
  const below = (count: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const value = ((mixed ^ (mixed >>> 14)) >>> 0) % count;
    drawn.push(value);
    return value;
  };
  return { below, drawn };
}

/** By a list that was drawn before; when it is used up the rest is zero. */
export function byList(list: readonly number[]): Choices {
  const drawn: number[] = [];
  const below = (count: number) => {
    const value = (list[drawn.length] ?? 0) % count;
    drawn.push(value);
    return value;
  };
  return { below, drawn };
}

export const oneOf = <T>(choices: Choices, values: readonly T[]): T => {
  const value = values[choices.below(values.length)];
  if (value === undefined) throw new Error("nothing to choose from");
  return value;
};

/** True about so many times in a hundred. */
export const chance = (choices: Choices, percent: number): boolean => choices.below(100) >= 100 - percent;

/** One of the values by weight; a weight of 0 is never chosen. */
export function weighted<T>(choices: Choices, values: readonly (readonly [number, T])[]): T {
  let left = choices.below(values.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, value] of values) {
    if (left < weight) return value;
    left -= weight;
  }
  throw new Error("no weights");
}

type Fails = (list: readonly number[]) => boolean | Promise<boolean>;

/** The plainest list found for which the case still fails: parts are left out, then numbers lowered. */
export async function shrink(list: readonly number[], fails: Fails, tries = 3_000): Promise<number[]> {
  let best = [...list];
  let left = tries;
  const isBetter = async (candidate: number[]): Promise<boolean> => {
    if (left-- <= 0 || !(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let before = -1; before !== weightOf(best) && left > 0; ) {
    before = weightOf(best);
    for (let size = best.length >> 1; size >= 1; size >>= 1)
      for (let from = best.length - size; from >= 0 && left > 0; from -= size)
        await isBetter([...best.slice(0, from), ...best.slice(from + size)]);
    for (let at = 0; at < best.length && left > 0; at++)
      for (const lower of [0, (best[at] ?? 0) >> 1, (best[at] ?? 0) - 1])
        if (lower >= 0 && lower < (best[at] ?? 0) && (await isBetter(best.with(at, lower)))) break;
  }
  return best;
}

const weightOf = (list: readonly number[]): number => list.reduce((sum, value) => sum + value + 1, 0);
