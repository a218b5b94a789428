import { and, eq } from "drizzle-orm";
import { run, stepRun } from "../../db/schema/runs";
import type { Tx } from "../../db/transaction";
import { flowVersion } from "../definitions/queries";
import { advance } from "../flow/advance";
import { begin } from "../flow/begin";
import type { Values } from "../flow/interview";
import { answered, carryOn, type Paused } from "./carry-on";
import { runAccess } from "./run-access";
import { readBackground, storeBackground } from "./store-interview";
import { undoneIfFailed } from "./undo";

export type BackgroundStep =
  /** Committed as far as it got: call again, in a transaction of its own. */
  | { readonly type: "more" }
  | { readonly type: "finished"; readonly outputs: Values }
  | { readonly type: "failed"; readonly error: string; readonly element: string | null }
  /** The step is no longer in progress (run cancelled, stage over): nothing was done, and nothing is left to do. */
  | { readonly type: "stopped" };

/**
 * Carries the flow of an asynchronous background step one commit further: over the Action it stands at, up to the next one or to its end. The caller holds
 * the job (`holdJob`) in this transaction, and tells the run when it finished or failed. Locks the run first, then asks whether the step
 * is still in progress. The action, the data operations and the place reached are committed together, so a crash at any moment repeats
 * nothing that was committed.
 */
export async function stepBackgroundFlow(
  tx: Tx,
  call: {
    readonly flow: { readonly name: string; readonly version: number };
    readonly runId: string;
    readonly stepRunId: string;
  },
): Promise<BackgroundStep> {
  const { flow, runId, stepRunId } = call;
  const inputs = await inputsOfOpenStep(tx, call);
  if (!inputs) return { type: "stopped" };
  const found = await flowVersion(tx.db, flow.name, flow.version);
  if (!found)
    return { type: "failed", error: `There is no version ${flow.version} of the flow ${flow.name}.`, element: null };
  const work = { flow: found.body, access: runAccess(found.body, null), runId, stepRunId };
  const before = await readBackground(tx, stepRunId);
  const first = before ? advance(found.body, before.state, { type: "continue" }) : begin(found.body, inputs);
  const onward = async () =>
    carryOn(tx, work, first.request.type === "action" ? await answered(tx, work, first) : first);
  const paused = await undoneIfFailed(tx, onward, first.state);
  await storeBackground(tx, { runId, stepRunId, flow, paused });
  return outcomeOf(paused);
}

async function inputsOfOpenStep(
  tx: Tx,
  { runId, stepRunId }: { readonly runId: string; readonly stepRunId: string },
): Promise<Values | null> {
  await tx.db.select({ runId: run.runId }).from(run).where(eq(run.runId, runId)).for("update");
  const [step] = await tx.db
    .select({ status: stepRun.status, inputs: stepRun.inputs })
    .from(stepRun)
    .where(and(eq(stepRun.runId, runId), eq(stepRun.stepRunId, stepRunId)));
  return step?.status === "in_progress" ? step.inputs : null;
}

function outcomeOf({ request, state }: Paused): BackgroundStep {
  if (request.type === "end") return { type: "finished", outputs: request.outputs };
  if (request.type === "failure") return { type: "failed", error: request.message, element: request.element };
  return request.type === "action"
    ? { type: "more" }
    : { type: "failed", error: "The flow waits for a person, and nobody is there.", element: state.at };
}
