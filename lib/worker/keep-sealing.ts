import { sleep } from "../clock";
import { log } from "../log";
import { HEADS_AT_ONCE, sealHeads } from "../runs/seal-heads";

const EVERY_MS = 30_000;
/** Every so many rounds, 10 minutes, whatever moved is sealed; in the others what ended (S80). */
const ROUNDS = 20;

/** Seals the ends of the hash chains into that file until the signal aborts, and at once again as long as there is much to seal. */
export async function keepSealing(file: string, signal: AbortSignal): Promise<void> {
  for (let round = 0; !signal.aborted; round++) {
    const look = round % ROUNDS === 0 ? "moved" : "ended";
    try {
      for (let sealed = HEADS_AT_ONCE; sealed >= HEADS_AT_ONCE && !signal.aborted; )
        sealed = await sealHeads(file, look);
    } catch (error) {
      log().warn({ err: error }, "the chains could not be sealed");
    }
    await sleep(EVERY_MS, signal);
  }
}
