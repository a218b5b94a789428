import { wordsFrom } from "../logic/display";
import { textOf, valueFrom } from "../logic/express";
import type { Proof } from "../logic/schema";
import { ownProperty, type Value } from "../logic/value";
import { inputsOf, proofOf, stageCondition } from "./conditions";
import type { HumanStep } from "./definition";
import { completeRun, failRun, failStep, stopSteps, withdrawItems } from "./end-run";
import { definitionOf, isHuman, openStage, stageNamed, stepById } from "./find";
import { lookupOf } from "./lookup";
import type { StageRun, StepRun } from "./state";
import { emit, type Turn } from "./turn";
import { walk } from "./walk";

/** Characters of one step's inputs together, as JSON (A25). */
export const MAX_INPUT_CHARACTERS = 1_000_000;

/** Not Started → In Progress: evaluates the inputs and asks the world for what the step does. */
export function startStep(turn: Turn, step: StepRun, entryProof: Proof): void {
  const defined = definitionOf(turn.definition, turn.state, step);
  const inputs = inputsOf(turn, defined.inputs);
  const isTooLong = JSON.stringify(inputs).length > MAX_INPUT_CHARACTERS;
  emit(turn, { type: "step-started", stepRunId: step.id, entryProof, inputs: isTooLong ? {} : inputs });
  if (isTooLong)
    return failStep(turn, step, {
      error: `The inputs of “${defined.label}” are over ${MAX_INPUT_CHARACTERS} characters.`,
      element: null,
    });
  if (defined.flow !== undefined && !step.flow) {
    return failStep(turn, step, {
      error: `The flow “${defined.flow}” of “${defined.label}” had no active version when its stage began.`,
      element: null,
    });
  }
  if (isHuman(defined)) return askForAssignee(turn, step, defined);
  if (!step.flow) return;
  const call = { stepRunId: step.id, flow: defined.flow, version: step.flow.version };
  turn.effects.push(step.isAsynchronous ? { type: "queue-flow", ...call } : { type: "run-flow", ...call, inputs });
}

function askForAssignee(turn: Turn, step: StepRun, defined: HumanStep): void {
  const lookup = lookupOf(turn);
  const nameOf = (value: Value) => (value === null ? null : textOf(value).trim() || null);
  turn.effects.push({
    type: "resolve-assignee",
    stepRunId: step.id,
    assigneeType: defined.assignee.type,
    value: nameOf(valueFrom(defined.assignee.value, lookup)),
    notUser: step.kind === "approval" ? (turn.state.submission?.submittedBy ?? null) : null,
    recordId: nameOf(lookup(defined.record)),
  });
}

/** Subject and body that the step's author wrote for its mails, with what the references see now (A18). */
export function mailOf(turn: Turn, step: StepRun): { subject: string | null; body: string | null } {
  const defined = definitionOf(turn.definition, turn.state, step);
  if (!isHuman(defined)) return { subject: null, body: null };
  const lookup = lookupOf(turn);
  const text = (from: HumanStep["emailSubject"]) => (from ? wordsFrom(from, lookup) || null : null);
  return { subject: text(defined.emailSubject), body: text(defined.emailBody) };
}

/**
 * In Progress → Completed, whatever made it so: outputs go into the variables that the author named (A26), an item that nobody finished is
 * withdrawn. A rejected approval that stops the process (A11) ends stage and run at once.
 */
export function completeStep(turn: Turn, step: StepRun, exitProof: Proof | null): void {
  const defined = definitionOf(turn.definition, turn.state, step);
  withdrawItems(turn, step);
  const outputs = stepById(turn.state, step.id)?.outputs ?? null;
  emit(turn, { type: "step-completed", stepRunId: step.id, exitProof, comments: commentsIn(outputs) });
  if (outputs && defined.outputs.length > 0) {
    const values = Object.fromEntries(defined.outputs.map(({ from, to }) => [to, ownProperty(outputs, from)]));
    emit(turn, { type: "variables-set", stepRunId: step.id, values });
  }
  const stops =
    defined.kind === "approval" &&
    defined.onReject === "stop" &&
    outputs &&
    ownProperty(outputs, "approvalDecision") === "Reject";
  const stage = openStage(turn.state);
  if (!stops || !stage) return;
  closeStage(turn, stage, null);
  completeRun(turn);
}

/** What the person said: the outputs that semantics 2.7 and 6.5 name for it. */
export function commentsIn(outputs: { readonly [name: string]: Value } | null): string | null {
  const said = ownProperty(outputs, "approvalComments") ?? ownProperty(outputs, "Comments");
  return typeof said === "string" && said.trim() !== "" ? said : null;
}

function closeStage(turn: Turn, stage: StageRun, exitProof: Proof | null): void {
  stopSteps(turn, stage, "step-discontinued");
  emit(turn, { type: "stage-completed", stageRunId: stage.id, exitProof });
}

/** Completes the stage if its exit condition holds, discontinues what still runs in it, and goes on to what follows. */
export function completeStageIfDone(turn: Turn, stage: StageRun): boolean {
  const proof = proofOf(turn, stageCondition(turn, stage));
  if (!proof?.met) return false;
  closeStage(turn, stage, proof);
  walk(turn, stageNamed(turn.definition, stage.name).next);
  return true;
}

/** An evaluation flow failed: the step in progress whose exit it was, else the stage that asked. */
export function failEvaluation(turn: Turn, owner: string, error: string): void {
  const step = stepById(turn.state, owner);
  if (step?.status === "in_progress") return failStep(turn, step, { error, element: null });
  const failedStage = openStage(turn.state);
  failRun(turn, { error, ...(failedStage && { failedStage }) });
}
