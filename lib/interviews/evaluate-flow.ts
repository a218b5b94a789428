import type { Tx } from "../../db/transaction";
import { activeVersion } from "../definitions/queries";
import { begin } from "../flow/begin";
import type { Values } from "../flow/interview";
import { carryOn, outermost, workOf } from "./carry-on";

export type Evaluation = { readonly ok: true; readonly met: boolean } | { readonly ok: false; readonly error: string };

/**
 * Asks an evaluation flow its question (semantics B 4.3): the active version, now. It reads as the system without sharing, changes nothing
 * and leaves no trace: `advance` refuses every element that could.
 */
export async function evaluateFlow(
  tx: Tx,
  { flow: name, inputs }: { readonly flow: string; readonly inputs: Values },
): Promise<Evaluation> {
  const found = await activeVersion(tx.db, name);
  if (found?.body.kind !== "flow") return { ok: false, error: `No version of the evaluation flow ${name} is active.` };
  const flow = found.body;
  if (flow.type !== "evaluation") return { ok: false, error: `${flow.label} is no evaluation flow.` };
  const work = await workOf(tx, { runId: "", stepRunId: "", person: null });
  const { request } = await carryOn(tx, work, outermost(flow, work, begin(flow, inputs, { clock: work.clock })));
  if (request.type === "end") return { ok: true, met: request.outputs.isOrchestrationConditionMet === true };
  return {
    ok: false,
    error: request.type === "failure" ? request.message : `${flow.label} asked for more than an answer.`,
  };
}
