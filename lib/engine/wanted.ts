import type { InlineEffect } from "./effect";
import { awaitsAnswer, itemById, openStage, stepById } from "./find";
import type { RunState } from "./state";

/**
 * Whether a question is still worth answering: an answer given before it may have ended the step that asked, or moved the history on.
 * `seq` counts the events so far.
 */
export function isWanted(state: RunState, effect: InlineEffect, seq: number): boolean {
  if (effect.type === "evaluate-flow") return effect.key.endsWith(`@${seq}`) && openStage(state) !== undefined;
  if (effect.type === "resolve-escalation" || effect.type === "resolve-successor")
    return itemById(state, effect.workItemId)?.status === "assigned";
  const step = stepById(state, effect.stepRunId);
  return step !== undefined && awaitsAnswer(state, step);
}

export const isInline = (effect: { readonly type: string }): effect is InlineEffect =>
  ["evaluate-flow", "run-flow", "resolve-assignee", "resolve-escalation", "resolve-successor"].includes(effect.type);
