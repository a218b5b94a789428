import type { Entry, StageExit, StepExit } from "../../../lib/engine/definition";
import { climb, escalate } from "./clock";
import { holds } from "./conditions";
import { completeStep, failStage, failStep, leaveStage } from "./ends";
import { rest } from "./rest";
import { type ModelRun, type ModelStage, type ModelStep, openStage, type Question } from "./run";
import { giveAnswer, startUnlessLocked } from "./start-step";
import { succeed } from "./step-aside";
import { walk } from "./walk";

/** More stages in one command than a case needs: such a run is left alone. */
const MANY_STAGES = 8;
export class Endless extends Error {}

/**
 * Looks at the run until nothing changes (semantics A2, B 8.3): is the stage complete, which steps may start, which are done. When there is
 * nothing left to do, whatever started steps wait for is given to the first of them, and it looks again.
 */
export function settle(run: ModelRun): void {
  const before = run.stages.length;
  for (;;) {
    const hasChanged = run.status === "in_progress" && look(run);
    if (run.stages.length > before + MANY_STAGES) throw new Endless();
    if (hasChanged) continue;
    const asked = run.agenda.shift();
    if (!asked) break;
    if (asked.ask === "flow" || asked.ask === "assignee") giveAnswer(run, asked);
    else giveHands(run, asked);
  }
  rest(run);
}

/** One look at everything; whether it changed anything. */
function look(run: ModelRun): boolean {
  const before = openStage(run);
  climb(run);
  const stage = openStage(run);
  if (!stage || run.status !== "in_progress") return false;
  if (stage !== before) return true;
  const isAsked = askEvaluationFlows(run, stage);
  if (isAsked !== "answered") return isAsked === "failed";
  if (stageEnds(run, stage)) return true;
  const isOpen = () => stage.status === "in_progress";
  const started = stage.steps.filter((step) => isOpen() && stepStarts(run, step));
  const ended = stage.steps.filter((step) => isOpen() && stepEnds(run, step));
  return started.length + ended.length > 0;
}

/**
 * Evaluation flows are called at every look (B 4.3), unless the stage is complete without them or something that this transaction has begun
 * is still to come. One that fails is an Error of the step whose exit it is, else of the stage.
 */
function askEvaluationFlows(run: ModelRun, stage: ModelStage): "answered" | "failed" {
  run.said.clear();
  if (run.agenda.some(({ step, ask }) => !isOfHands(ask) && step.status === "in_progress") || stageIsDone(run, stage))
    return "answered";
  const isAsking = openQuestions(stage).some(({ asked }) => asked.type === "evaluation_flow");
  if (isAsking) giveAllHands(run);
  for (const { step, asked } of openQuestions(stage)) {
    if (asked.type !== "evaluation_flow") continue;
    const said = run.world.answers[asked.flow] ?? null;
    run.said.set(nameOf(step, stage), said);
    if (said === null && step?.status === "in_progress") failStep(run, step, null);
    else if (said === null) failStage(run, stage, null);
    if (said === null) return "failed";
    // A stage that its evaluation flow ends asks nothing else.
    if (step === null && said) return "answered";
  }
  return "answered";
}

/** Who is asked for first is told first. */
function giveAllHands(run: ModelRun): void {
  for (const one of run.agenda) giveHands(run, one);
  run.agenda = run.agenda.filter(({ ask }) => !isOfHands(ask));
}

/** Into whose hands open work goes. */
function giveHands(run: ModelRun, asked: Question): void {
  if (asked.ask === "escalation") escalate(run, asked);
  if (asked.ask === "successor") succeed(run, asked);
}

const isOfHands = (ask: Question["ask"]): boolean => ask === "escalation" || ask === "successor";

type Asked = Entry | StepExit | StageExit;
/** What can move the stage, in order; the stage's own exit has no step. */
export function openQuestions(stage: ModelStage): { step: ModelStep | null; asked: Asked }[] {
  const ofStep = (step: ModelStep): { step: ModelStep; asked: Asked }[] => {
    const { definition, status } = step;
    if (status === "not_started") return [{ step, asked: entryOf(step) }];
    return status === "in_progress" && "exit" in definition ? [{ step, asked: definition.exit }] : [];
  };
  return [{ step: null, asked: stage.definition.exit }, ...stage.steps.flatMap(ofStep)];
}

const stageIsDone = (run: ModelRun, stage: ModelStage): boolean =>
  stage.definition.exit.type === "all_steps_completed"
    ? allDone(run, stage)
    : says(run, stage.definition.exit, nameOf(null, stage));

function stageEnds(run: ModelRun, stage: ModelStage): boolean {
  if (!stageIsDone(run, stage)) return false;
  leaveStage(stage, "completed");
  walk(run, stage.definition.next);
  return true;
}

/** A13: an optional step that has not started holds its stage only when it may start; unless nobody can tell yet. */
function allDone(run: ModelRun, stage: ModelStage): boolean {
  const open = stage.steps.filter(({ status }) => status !== "completed");
  return open.every(
    (step) => step.definition.optional && step.status === "not_started" && isKnown(run, step) && !entryHolds(run, step),
  );
}

const isKnown = (run: ModelRun, step: ModelStep): boolean => {
  const entry = entryOf(step);
  return entry.type !== "evaluation_flow" || run.said.has(nameOf(step, step.stage));
};

function stepStarts(run: ModelRun, step: ModelStep): boolean {
  if (step.status !== "not_started" || !entryHolds(run, step)) return false;
  return startUnlessLocked(run, step);
}

function stepEnds(run: ModelRun, step: ModelStep): boolean {
  const { definition, status } = step;
  if (status !== "in_progress" || !("exit" in definition)) return false;
  const isDone =
    definition.exit.type === "flow_completed"
      ? step.outputs !== null
      : says(run, definition.exit, nameOf(step, step.stage));
  if (isDone) completeStep(run, step);
  return isDone;
}

/** What let a step start once lets its next attempt start, also when another run's lock keeps that waiting (A6). */
const entryOf = ({ definition, attempt }: ModelStep): Entry =>
  attempt > 1 ? { type: "stage_starts" } : definition.entry;

export function entryHolds(run: ModelRun, step: ModelStep): boolean {
  const entry = entryOf(step);
  if (entry.type === "stage_starts") return true;
  if (entry.type === "step_completed")
    return step.stage.steps.some(({ definition, status }) => definition.name === entry.step && status === "completed");
  return says(run, entry, nameOf(step, step.stage));
}

/** Whose condition an evaluation flow was asked for: a step has its entry before it starts, its exit after. */
const nameOf = (step: ModelStep | null, stage: ModelStage): string =>
  step ? `${step.key} ${step.status}` : `${stage.ordinal}`;

type Condition = Extract<Asked, { type: "requirements" | "evaluation_flow" }>;
const says = (run: ModelRun, asked: Condition, name: string): boolean =>
  asked.type === "requirements" ? holds(run, asked.condition) : run.said.get(name) === true;
