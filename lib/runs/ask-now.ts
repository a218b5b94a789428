import { type Tx, transaction } from "../../db/transaction";
import { evaluationKey, inputsOf, openConditions } from "../engine/conditions";
import type { View } from "../engine/lookup";
import { newId } from "../ids";
import { log } from "../log";
import type { Proof } from "../logic/schema";
import { evaluated } from "./answer";

/** Ends a transaction whose only purpose was to be asked. */
class Undone extends Error {}

/** Evaluation flows that one page asks. */
const MAX_ASKED = 20;

/**
 * What the evaluation flows that an open run waits for answer at this moment, and what they were asked with, for the run's page. They are asked
 * in a transaction that is rolled back, so that looking changes nothing. A flow that fails is not answered for.
 */
export async function askNow(view: View): Promise<{ readonly [key: string]: Proof }> {
  const open = openConditions(view).slice(0, MAX_ASKED);
  if (!open.some(({ condition }) => condition.type === "evaluation_flow")) return {};
  const proofs: Record<string, Proof> = {};
  const ask = async (tx: Tx) => {
    for (const one of open) {
      if (one.condition.type !== "evaluation_flow") continue;
      const { flow } = one.condition;
      const [key, inputs] = [evaluationKey(one, view.seq), inputsOf(view, one.condition.inputs)];
      const told = await evaluated(tx, { type: "evaluate-flow", key, flow, inputs }, null);
      if (told.type === "answer-evaluation") proofs[key] = withInputs(told.proof, inputs);
    }
    throw new Undone("only asked");
  };
  try {
    await transaction({ commandId: newId("command"), actorId: null }, ask);
  } catch (error) {
    if (!(error instanceof Undone)) log().warn({ err: error, runId: view.state.run.id }, "evaluation flows not asked");
  }
  return proofs;
}

const withInputs = (
  proof: Proof,
  inputs: Readonly<Record<string, Proof["requirements"][number]["leftValue"]>>,
): Proof => ({
  ...proof,
  requirements: [
    ...proof.requirements,
    ...Object.entries(inputs).map(
      ([left, leftValue]) => ({ left, leftValue, operator: "reads", rightValue: null, met: true }) as const,
    ),
  ],
});
