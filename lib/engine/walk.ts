import { evaluate } from "../logic/evaluate";
import type { Proof } from "../logic/schema";
import type { DecisionDefinition, StageDefinition, StepDefinition } from "./definition";
import { completeRun, failRun } from "./end-run";
import { contextOf, lookupOf, priorOf } from "./lookup";
import type { PinnedFlow, Values } from "./state";
import { emit, idsLeft, MAX_IDS, newId, type Turn } from "./turn";

/** Decisions passed between two stages; past them they are taken for a circle and the run fails. */
export const MAX_DECISIONS_IN_A_ROW = 100;
/** Stages that one run may enter, rounds of loops included. */
export const MAX_STAGE_RUNS = 1_000;

/** Follows connectors and decisions from `target` to the next stage, which it enters, or to the end of the run. */
export function walk(turn: Turn, target: string | null): void {
  let name = target;
  for (let passed = 0; passed <= MAX_DECISIONS_IN_A_ROW; passed++) {
    if (name === null) return completeRun(turn);
    const element = turn.definition.elements.find((candidate) => candidate.name === name);
    if (!element) return failRun(turn, { error: `The orchestration has no element “${name}”.` });
    if (element.type === "stage") return enterStage(turn, element);
    name = decideOutcome(turn, element);
  }
  failRun(turn, { error: `More than ${MAX_DECISIONS_IN_A_ROW} decisions followed one another without a stage.` });
}

/** The first outcome whose condition holds, else the default; what it saw, and those before it, goes into the history. */
function decideOutcome(turn: Turn, decision: DecisionDefinition): string | null {
  const notMet: { outcome: string; proof: Proof }[] = [];
  for (const outcome of decision.outcomes) {
    const { name, next } = outcome;
    const proof = proofOf(turn, outcome);
    if (!proof.met) {
      notMet.push({ outcome: name, proof });
      continue;
    }
    emit(turn, { type: "decision-taken", decision: decision.name, outcome: name, proof, notMet });
    return next;
  }
  emit(turn, { type: "decision-taken", decision: decision.name, outcome: null, proof: null, notMet });
  return decision.defaultNext;
}

/** Whether an outcome holds; where its author wants it so, also whether it did not hold before the change that started the run. */
function proofOf(turn: Turn, { when, onlyWhenChangedToMeet }: DecisionDefinition["outcomes"][number]): Proof {
  const now = evaluate(when, lookupOf(turn), contextOf(turn));
  // A record that was created met nothing before.
  if (!onlyWhenChangedToMeet || turn.state.run.recordPrior === null) return now;
  const before = evaluate(when, priorOf(turn), contextOf(turn));
  return { ...now, met: now.met && !before.met, before };
}

/** A new stage run with all its step runs, each pinned to the version of its flow that is active now (semantics 2.3). */
export function enterStage(turn: Turn, stage: StageDefinition): void {
  const { stages } = turn.state;
  if (stages.length >= MAX_STAGE_RUNS)
    return failRun(turn, { error: `The run entered ${MAX_STAGE_RUNS} stages, the most that are allowed.` });
  // One letter pair of ids must do for the stage, its steps, and a work item of each.
  if (idsLeft(turn) < 2 * stage.steps.length + 1)
    return failRun(turn, {
      error: `The run came to more than ${MAX_IDS} stages, steps and work items at once, which is the most that are allowed.`,
    });
  const stageRunId = newId(turn, "stageRun");
  const round = stages.filter(({ name }) => name === stage.name).length + 1;
  emit(turn, { type: "stage-started", stageRunId, name: stage.name, ordinal: stages.length + 1, round });
  for (const step of stage.steps) createStep(turn, step, { stageRunId, attempt: 1 });
}

/** `inputs`: an admin's words at a retry (A6), which it starts with whenever it does. */
type Place = { readonly stageRunId: string; readonly attempt: number; readonly inputs?: Values };

/** The row of one attempt of a step, Not Started. Returns its id. */
export function createStep(turn: Turn, step: StepDefinition, at: Place): string {
  const stepRunId = newId(turn, "stepRun");
  const called = step.kind === "external" ? undefined : step.flow;
  const flow: PinnedFlow | null = (called !== undefined && turn.facts.flows[called]) || null;
  const isAsynchronous =
    step.kind !== "background" || step.processing === "asynchronous" || (flow?.isAsynchronous ?? false);
  const isRetry = at.attempt > 1;
  emit(turn, {
    type: "step-created",
    stepRunId,
    ...at,
    name: step.name,
    kind: step.kind,
    flow,
    isAsynchronous,
    isRetry,
  });
  return stepRunId;
}
