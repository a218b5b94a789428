import type { Tx } from "../../db/transaction";
import { flowVersion } from "../definitions/queries";
import { begin } from "../flow/begin";
import type { Values } from "../flow/interview";
import { carryThrough } from "./carry-on";
import { runAccess } from "./run-access";
import { storeBackground } from "./store-interview";
import { undoneIfFailed } from "./undo";

export type BackgroundEnd =
  | { readonly ok: true; readonly outputs: Values }
  | { readonly ok: false; readonly error: string; readonly element: string | null };

/**
 * Runs the whole flow of a synchronous background step inside the caller's transaction. A flow that fails leaves nothing of what it wrote
 * but the row that says where and why; the caller makes a failed step of it.
 */
export async function runBackgroundFlow(
  tx: Tx,
  call: {
    readonly flow: { readonly name: string; readonly version: number };
    readonly runId: string;
    readonly stepRunId: string;
    readonly inputs: Values;
  },
): Promise<BackgroundEnd> {
  const { flow, runId, stepRunId, inputs } = call;
  const found = await flowVersion(tx.db, flow.name, flow.version);
  if (!found)
    return { ok: false, error: `There is no version ${flow.version} of the flow ${flow.name}.`, element: null };
  const work = { flow: found.body, access: runAccess(found.body, null), runId, stepRunId };
  const first = begin(found.body, inputs);
  const paused = await undoneIfFailed(tx, () => carryThrough(tx, work, first), first.state);
  await storeBackground(tx, { runId, stepRunId, flow, paused });
  const { request } = paused;
  if (request.type === "end") return { ok: true, outputs: request.outputs };
  return request.type === "failure"
    ? { ok: false, error: request.message, element: request.element }
    : { ok: false, error: "The flow waits for a person, and nobody is there.", element: paused.state.at };
}
