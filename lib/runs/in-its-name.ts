import type { Tx } from "../../db/transaction";

/**
 * Does what a background flow does, so that what comes of it is asked for by whoever asked for its run: at once or by a job, whoever's command carries
 * it along. A flow that others led to in this transaction does it for the one who asked for the first.
 */
export async function inItsName<T>(tx: Tx, askedBy: Tx["beganBy"], work: () => Promise<T>): Promise<T> {
  const outer = tx.beganBy;
  if (outer === undefined) tx.beganBy = askedBy;
  try {
    return await work();
  } finally {
    tx.beganBy = outer;
  }
}
