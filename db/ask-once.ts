import type { Tx } from "./transaction";

/**
 * What one decision needs in several places (the members of the group that work goes to, the name of its record) is asked for once, as early as
 * it is known to be needed, and so along with something else. To be forgotten with the decision: the next one asks anew.
 */
export function askOnce<T>(tx: Tx, key: string, ask: () => Promise<T>): Promise<T> {
  const asked = (tx.answers.get(key) as Promise<T> | undefined) ?? ask();
  tx.answers.set(key, asked);
  return asked;
}

export const forgetAnswers = (tx: Tx): void => tx.answers.clear();
