import { isOpen, TransactionLost } from "./slots";
import { ABORTED, codeOf, firstFailure, later, sendAll, sendParts, type Tx } from "./transaction";

let savepoints = 0;

/**
 * Runs `work` behind a savepoint: what it wrote is undone when it throws, the transaction goes on. The database hears of the savepoint, and
 * of the rows that were to be written before it, only when something is sent behind it.
 */
export async function savepoint<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const { slot } = tx;
  if (!isOpen(slot, tx.turn)) throw new TransactionLost("the transaction has ended");
  const outer = tx.parts.splice(0);
  const name = `baton_${++savepoints}`;
  const { length: sentBefore } = tx.sent;
  const lists = [tx.recordChanges, tx.hints, tx.runIds, tx.onCommit];
  const lengths = lists.map(({ length }) => length);
  slot.unsaid.push({ name, before: () => outer.length > 0 && sendAll(tx, outer) });
  /** Whether nothing was sent behind it; then there is nothing to release or undo. */
  const isUnsaid = () => {
    const at = slot.unsaid.findIndex((one) => one.name === name);
    if (at >= 0) slot.unsaid.length = at;
    return at >= 0;
  };
  try {
    const value = await work();
    // What it wrote is sent now, so that what is wrong with it is told here.
    sendParts(tx);
    if (isUnsaid()) {
      tx.parts.push(...outer);
      return value;
    }
    await Promise.all(tx.sent.slice(sentBefore));
    later(tx, tx.sql.unsafe(`release savepoint ${name}`));
    return value;
  } catch (error) {
    tx.parts.length = 0;
    const reason = codeOf(error) === ABORTED ? await firstFailure(tx, error) : error;
    await Promise.allSettled(tx.sent.splice(sentBefore));
    if (isUnsaid()) tx.parts.push(...outer);
    else await tx.sql.unsafe(`rollback to savepoint ${name}`);
    tx.held.clear();
    for (const [at, list] of lists.entries()) list.length = lengths[at] ?? 0;
    throw reason;
  }
}
