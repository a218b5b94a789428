import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseUnavailable } from "../../db/transaction";

/** Times that a command is given again, and the milliseconds before each: a machine that is busy with other things makes no test fail. */
const TRIES = 20;
const PAUSE_MS = 500;

/**
 * Gives a command again, as a client does, for as long as the answer is that the server is busy and nothing was done. Whoever gives it makes
 * its key outside, so that it is the same each time.
 */
export async function patiently<T>(give: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await give();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || tried === TRIES) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
