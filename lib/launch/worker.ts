import { closePool } from "../../db/client";
import { closeTransactions } from "../../db/transaction";
import { env } from "../env";
import { runWorker } from "../worker/run-worker";
import { startSmtpSink } from "./smtp-sink";
import { wire } from "./wire";

/** The worker's process: `npm run worker`, and one of the two that `npm start` starts. Ends by SIGTERM or SIGINT, within 20 s. */
wire();
const stopping = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stopping.abort());

const { BATON_DEMO, SMTP_URL } = env();
const sink = BATON_DEMO && !SMTP_URL ? await startSmtpSink() : null;
await runWorker(stopping.signal, sink?.url);
await sink?.close();
await closeTransactions();
await closePool();
process.exit(0);
