import { closePool } from "../../db/client";
import { closeTransactions } from "../../db/transaction";
import { sleep } from "../clock";
import { env, replyAddress } from "../env";
import { log } from "../log";
import { sealsIn } from "../runs/seal-line";
import { runWorker } from "../worker/run-worker";
import { openReplyDoor, type ReplyDoor } from "./reply-door";
import { wire } from "./wire";

/** The worker's process. On SIGTERM it takes no new job and no new mail, ends the ones it has, and goes. */
const stopping = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stopping.abort());
const OPEN_AGAIN_MS = 5_000;

/** The door for answers by mail, as soon as its port is free; null where none is wanted. */
async function openDoor(): Promise<ReplyDoor | null> {
  const { REPLY_SMTP_PORT: port, REPLY_SMTP_HOST: host } = env();
  const address = replyAddress(env());
  while (address !== null && port !== undefined && !stopping.signal.aborted) {
    try {
      return await openReplyDoor({ host, port, address });
    } catch (error) {
      log().error({ err: error, host, port }, "REPLY_SMTP_PORT cannot be listened on; answers by mail are not taken");
      await sleep(OPEN_AGAIN_MS, stopping.signal);
    }
  }
  return null;
}

wire();
const door = openDoor();
await runWorker(stopping.signal, sealsIn(env().DATA_DIR));
await (await door)?.close();
await closeTransactions();
await closePool();
process.exit(0);
