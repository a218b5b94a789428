import { actionNamed, registerAction } from "../../../interviews/action-registry";
import { runWorker } from "../../../worker/run-worker";
import { wire } from "../../wire";

/** A worker for which some jobs are poison: a flow's mail called `Throw` throws, one called `Abort` takes the whole process with it (F5, F6). */
wire();
const send = actionNamed("send_email");
registerAction("send_email", async (tx, call) => {
  if (call.inputs.subject === "Throw") throw new Error("this job is poison");
  if (call.inputs.subject === "Abort") process.abort();
  if (!send) throw new Error("there is nothing to send mails by");
  return send(tx, call);
});
const stopping = new AbortController();
process.on("SIGTERM", () => stopping.abort());
await runWorker(stopping.signal);
process.exit(0);
