import { type Tx, transaction } from "../../db/transaction";
import { newId } from "../ids";

/** What was found out, on its way out of a transaction that leaves nothing behind. */
class Undone<T> extends Error {
  readonly value: T;
  constructor(value: T) {
    super("undone");
    this.value = value;
  }
}

/** Does `work` in a transaction that is rolled back whatever comes of it, and gives its answer. What it locks it holds until then: keep it short. */
export async function tryOut<T>(actorId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await transaction({ commandId: newId("command"), actorId }, async (tx): Promise<never> => {
      throw new Undone(await work(tx));
    });
  } catch (error) {
    if (error instanceof Undone) return error.value as T;
    throw error;
  }
}
