import { enqueue, enqueueNew } from "../../db/jobs";
import { databaseNow, type Tx } from "../../db/transaction";

/** No transaction lives longer than 15 s: what began under the version before has been committed by then. */
const UNSEEN_MS = 16_000;

/**
 * Leaves it to the worker to have the runs in progress ask the version of an evaluation flow that is active from now on: nothing that they
 * wait for needs to change for its answer to be another. So, too, when none is active any more. A run that began with the version before and is not committed yet is looked for once more.
 */
export async function askAgain(tx: Tx, { name, type }: { name: string; type: string }): Promise<void> {
  if (type !== "evaluation") return;
  const now = (await databaseNow(tx)).getTime();
  const since = new Date(now - UNSEEN_MS).toISOString();
  await enqueueNew(tx, { kind: "ask_again", payload: { flow: name } });
  await enqueue(tx, { kind: "ask_again", payload: { flow: name, since }, runAt: new Date(now + UNSEEN_MS) });
}
