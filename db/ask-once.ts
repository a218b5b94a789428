import type { Tx } from "./transaction";

/** By what a transaction holds, which commands that travel together share. */
const answers = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * What one decision needs in several places (the members of the group that work goes to, the name of its record) is asked for once, as early as
 * it is known to be needed, and so along with something else. To be forgotten with the decision: the next one asks anew.
 */
export function askOnce<T>(tx: Tx, key: string, ask: () => Promise<T>): Promise<T> {
  const known = answers.get(tx.held) ?? new Map<string, Promise<unknown>>();
  answers.set(tx.held, known);
  const asked = (known.get(key) as Promise<T> | undefined) ?? ask();
  known.set(key, asked);
  return asked;
}

export const forgetAnswers = (tx: Tx): boolean => answers.delete(tx.held);
