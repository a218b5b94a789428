import type { Tx } from "../../db/transaction";
import type { Command } from "../engine/command";
import { ownerOfKey } from "../engine/conditions";
import type { Orchestration } from "../engine/definition";
import type { InlineEffect } from "../engine/effect";
import type { RunState } from "../engine/state";
import { evaluateFlow } from "../interviews/evaluate-flow";
import { runBackgroundFlow } from "../interviews/run-background-flow";
import { askerOf } from "./asker-of";
import { inItsName } from "./in-its-name";
import { playedAssignee, resolveAssignee, resolveEscalation, resolveSuccessor } from "./resolve-assignee";

/** Answers what the engine asks of the world, inside the same transaction, as the command that the answer is. */
export async function answer(
  tx: Tx,
  effect: InlineEffect,
  { definition, state }: { definition: Orchestration; state: RunState },
): Promise<Command> {
  const { run } = state;
  switch (effect.type) {
    case "resolve-assignee":
      if (effect.playedBy !== null) return playedAssignee(tx, effect, { definition, state });
      return resolveAssignee(tx, effect, { definition, state });
    case "resolve-escalation":
      return resolveEscalation(tx, effect, { definition, run });
    case "resolve-successor":
      return resolveSuccessor(tx, effect, { definition, run });
    case "run-flow": {
      const { stepRunId, flow: name, version, inputs, runAs } = effect;
      const flow = { name, version };
      const call = { flow, runId: run.id, stepRunId, inputs, runAs, isTraced: run.debug !== null };
      const ended = await inItsName(tx, askerOf(state), () => runBackgroundFlow(tx, call));
      if (ended.ok) return { type: "flow-finished", stepRunId, outputs: ended.outputs };
      return { type: "flow-failed", stepRunId, error: ended.error, element: ended.element };
    }
    case "evaluate-flow":
      return evaluated(tx, effect, { runId: run.id, isTraced: run.debug !== null });
  }
}

/** Asks an evaluation flow for that run; also for a page that shows what it answers now. */
export async function evaluated(
  tx: Tx,
  { key, flow, inputs }: Extract<InlineEffect, { type: "evaluate-flow" }>,
  asking: { readonly runId: string; readonly isTraced: boolean } | null,
): Promise<Extract<Command, { type: "answer-evaluation" | "answer-evaluation-failed" }>> {
  const { part, owner } = ownerOfKey(key);
  const answered = await evaluateFlow(tx, {
    flow,
    inputs,
    asker: asking && { ...asking, part, ownerId: owner },
  });
  if (!answered.ok) return { type: "answer-evaluation-failed", key, error: answered.error };
  const { met } = answered;
  const row = { left: flow, leftValue: met, operator: "returns_true", rightValue: true, met } as const;
  return { type: "answer-evaluation", key, proof: { met, logic: "flow", requirements: [row] } };
}
