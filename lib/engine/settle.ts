import { entryProofOf, evaluationKey, inputsOf, openConditions, proofOf, stageCondition } from "./conditions";
import { climbLadders } from "./due";
import { failRun } from "./end-run";
import { awaitsAnswer, definitionOf, isHuman, openStage, stepsOf } from "./find";
import { rest } from "./rest";
import { startUnlessLocked } from "./start-unless-locked";
import type { StageRun } from "./state";
import { completeStageIfDone, completeStep } from "./steps";
import type { Turn } from "./turn";
import { setWaits } from "./waits";

/** Rows of one run's history, the most it may have (reliability A12, F51). */
export const MAX_HISTORY_ROWS = 50_000;
/** Events of one command after which the rest is left to a job, so that no command holds a run for long (I51). */
export const MAX_EVENTS_AT_ONCE = 400;
/** Rounds of one decision; a run that still changes after them is taken for one that never comes to rest. */
export const MAX_PASSES = 1_000;

/**
 * Moves a run as far as it goes by itself, in the order of A2: is the stage complete? which steps may start? which exits hold? Again
 * until nothing changes. Where an evaluation flow has to be asked first it leaves the questions as effects; their answer settles again.
 */
export function settle(turn: Turn): void {
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const stage = openStage(turn.state);
    if (turn.state.run.status !== "in_progress" || !stage) return;
    if (turn.env.seq + turn.happened.length > MAX_HISTORY_ROWS)
      return failRun(turn, { error: `The run's history has ${MAX_HISTORY_ROWS} rows, the most a run may have.` });
    if (turn.happened.length > turn.env.room) return goOnLater(turn);
    climbLadders(turn);
    turn.seq = turn.env.seq + turn.happened.length;
    if (turn.state.run.status !== "in_progress" || !isStillOpen(turn, stage)) continue;
    if (askEvaluationFlows(turn, stage)) return;
    const before = turn.happened.length;
    if (!completeStageIfDone(turn, stage)) {
      startSteps(turn, stage);
      completeSteps(turn, stage);
    }
    if (turn.happened.length === before) return rest(turn);
  }
  // The last round may itself have ended it.
  if (turn.state.run.status === "in_progress")
    failRun(turn, { error: `The run did not come to rest within ${MAX_PASSES} rounds.` });
}

/** The rest is done by a job of its own at once: until then the run waits for the clock. */
function goOnLater(turn: Turn): void {
  if (turn.state.steps.some((step) => awaitsAnswer(turn.state, step))) return;
  setWaits(turn, { ...turn.state.run.waits, dueAt: turn.env.now });
}

/**
 * Whether there is something to ask. While a flow of this transaction still runs nothing is: its end asks anew. Nor of a stage that is
 * complete without it (A2).
 */
function askEvaluationFlows(turn: Turn, stage: StageRun): boolean {
  if (turn.state.steps.some((step) => awaitsAnswer(turn.state, step))) return false;
  if (proofOf(turn, stageCondition(turn, stage))?.met) return false;
  let asked = false;
  for (const open of openConditions(turn)) {
    const key = evaluationKey(open, turn.seq);
    if (open.condition.type !== "evaluation_flow" || Object.hasOwn(turn.evaluations, key)) continue;
    turn.effects.push({
      type: "evaluate-flow",
      key,
      flow: open.condition.flow,
      inputs: inputsOf(turn, open.condition.inputs),
    });
    asked = true;
  }
  return asked;
}

const isStillOpen = (turn: Turn, stage: StageRun): boolean => openStage(turn.state)?.id === stage.id;

function startSteps(turn: Turn, stage: StageRun): void {
  for (const step of stepsOf(turn.state, stage.id)) {
    if (step.status !== "not_started") continue;
    const proof = entryProofOf(turn, step);
    if (proof?.met) startUnlessLocked(turn, step, { entryProof: proof });
    // A step that could not be set up has ended its stage.
    if (!isStillOpen(turn, stage)) return;
  }
}

function completeSteps(turn: Turn, stage: StageRun): void {
  if (!isStillOpen(turn, stage)) return;
  for (const step of stepsOf(turn.state, stage.id)) {
    const defined = definitionOf(turn.definition, turn.state, step);
    if (step.status !== "in_progress" || !isHuman(defined)) continue;
    const proof = proofOf(turn, { part: "exit", owner: step.id, condition: defined.exit });
    if (proof?.met) completeStep(turn, step, defined.exit.type === "flow_completed" ? null : proof);
    if (!isStillOpen(turn, stage)) return;
  }
}
