import type { Tx } from "./transaction";

/**
 * A question that commands which travel together put at the same moment, as one statement: `ask` gets what all of them ask for, in the turn
 * after the one in which the first did.
 */
export function askedTogether<Key, Answer>(
  ask: (tx: Tx, keys: readonly Key[]) => Promise<Answer>,
): (tx: Tx, key: Key) => Promise<Answer> {
  const rounds = new WeakMap<object, { readonly keys: Key[]; readonly answer: Promise<Answer> }>();
  return (tx, key) => {
    const { slot } = tx;
    const round = rounds.get(slot);
    if (round) {
      round.keys.push(key);
      return round.answer;
    }
    const keys = [key];
    const answer = Promise.resolve().then(() => {
      rounds.delete(slot);
      return ask(tx, keys);
    });
    rounds.set(slot, { keys, answer });
    return answer;
  };
}
