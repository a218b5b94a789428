import { closePool } from "../../db/client";
import { closeTransactions } from "../../db/transaction";
import { env } from "../env";
import { sealsIn } from "../runs/seal-line";
import { runWorker } from "../worker/run-worker";
import { wire } from "./wire";

/** The worker's process. On SIGTERM it takes no new job, ends the ones it has, and goes. */
const stopping = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stopping.abort());

wire();
await runWorker(stopping.signal, sealsIn(env().DATA_DIR));
await closeTransactions();
await closePool();
process.exit(0);
