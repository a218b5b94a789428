import { sql } from "drizzle-orm";
import { evaluation } from "../../db/schema/work";
import type { Tx } from "../../db/transaction";
import { activeVersion } from "../definitions/queries";
import { begin } from "../flow/begin";
import type { Values } from "../flow/interview";
import { beginningOf, carryOn, outermost, type Paused, workOf } from "./carry-on";

export type Evaluation = { readonly ok: true; readonly met: boolean } | { readonly ok: false; readonly error: string };

/** The condition that asks: of which step or stage run, and what it would let it do. `isTraced`: of a debug run. */
export type Asker = Pick<typeof evaluation.$inferSelect, "runId" | "ownerId" | "part"> & { readonly isTraced: boolean };

type Question = {
  readonly flow: string;
  readonly inputs: Values;
  /** Whose question it is; null: of a page, which keeps nothing. */
  readonly asker?: Asker | null;
};

/**
 * Asks an evaluation flow its question (semantics B 4.3): the active version, now. It reads as the system without sharing, changes nothing
 * and leaves nothing but what it passed where it failed or is traced: `advance` refuses every element that could.
 */
export async function evaluateFlow(tx: Tx, { flow: name, inputs, asker = null }: Question): Promise<Evaluation> {
  const found = await activeVersion(tx.db, name);
  if (found?.body.kind !== "flow") return { ok: false, error: `No version of the evaluation flow ${name} is active.` };
  const flow = found.body;
  if (flow.type !== "evaluation") return { ok: false, error: `${flow.label} is no evaluation flow.` };
  const work = await workOf(tx, { runId: "", stepRunId: "", person: null, isTraced: asker?.isTraced ?? false });
  const paused = await carryOn(tx, work, outermost(flow, work, begin(flow, inputs, beginningOf(work))));
  const answer = answerOf(paused, flow.label);
  if (asker && (asker.isTraced || !answer.ok))
    await keep(tx, asker, { flow: { name, version: found.version }, paused, answer });
  return answer;
}

function answerOf({ request }: Paused, label: string): Evaluation {
  if (request.type === "end") return { ok: true, met: request.outputs.isOrchestrationConditionMet === true };
  return { ok: false, error: request.type === "failure" ? request.message : `${label} asked for more than an answer.` };
}

type Asked = {
  readonly flow: { readonly name: string; readonly version: number };
  readonly paused: Paused;
  readonly answer: Evaluation;
};

async function keep(
  tx: Tx,
  { isTraced: _, ...asker }: Asker,
  { flow, paused: { state }, answer }: Asked,
): Promise<void> {
  const told = {
    ...{ flowName: flow.name, flowVersion: flow.version, state },
    ...(answer.ok ? { met: answer.met, error: null } : { met: null, error: answer.error }),
    askedAt: sql`clock_timestamp()`,
  };
  await tx.db
    .insert(evaluation)
    .values({ ...asker, ...told })
    .onConflictDoUpdate({ target: [evaluation.runId, evaluation.ownerId, evaluation.part], set: told });
}
