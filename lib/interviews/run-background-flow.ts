import type { Tx } from "../../db/transaction";
import { flowVersion } from "../definitions/queries";
import { begin } from "../flow/begin";
import type { Values } from "../flow/interview";
import { beginningOf, carryThrough, outermost, workOf } from "./carry-on";
import { personRunningAs } from "./person-running-as";
import { storeBackground } from "./store-interview";
import { undoneIfFailed } from "./undo";

export type BackgroundEnd =
  | { readonly ok: true; readonly outputs: Values }
  | { readonly ok: false; readonly error: string; readonly element: string | null };

/**
 * Runs the whole flow of a synchronous background step inside the caller's transaction, as that user or (null) as the automated process
 * user. A flow that fails leaves nothing of what it wrote but the row that says where and why; the caller makes a failed step of it.
 */
export async function runBackgroundFlow(
  tx: Tx,
  call: {
    readonly flow: { readonly name: string; readonly version: number };
    readonly runId: string;
    readonly stepRunId: string;
    readonly inputs: Values;
    readonly runAs: string | null;
    /** Of a debug run: the row stays, with what was passed. */
    readonly isTraced?: boolean;
  },
): Promise<BackgroundEnd> {
  const { flow, runId, stepRunId, inputs, runAs, isTraced = false } = call;
  const found = await flowVersion(tx.db, flow.name, flow.version);
  if (!found)
    return { ok: false, error: `There is no version ${flow.version} of the flow ${flow.name}.`, element: null };
  const user = await personRunningAs(tx, runAs);
  if (!user.ok) return { ok: false, error: user.error, element: null };
  const work = await workOf(tx, { runId, stepRunId, person: user.person, isTraced });
  const going = outermost(found.body, work, begin(found.body, inputs, beginningOf(work)));
  const paused = await undoneIfFailed(tx, () => carryThrough(tx, work, going), going);
  storeBackground(tx, { runId, stepRunId, flow, paused, runAs, jobId: null, isNew: true });
  const { request } = paused;
  if (request.type === "end") return { ok: true, outputs: request.outputs };
  return request.type === "failure"
    ? { ok: false, error: request.message, element: request.element }
    : { ok: false, error: "The flow waits for a person, and nobody is there.", element: paused.state.at };
}
