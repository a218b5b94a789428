import { wordsFrom } from "../logic/display";
import { valueFrom } from "../logic/express";
import type { Proof } from "../logic/schema";
import { textOf } from "../logic/text-of";
import { isList, ownProperty, type Value } from "../logic/value";
import { inputsOf, proofOf, stageCondition } from "./conditions";
import type { HumanStep, StepDefinition } from "./definition";
import { completeRun, stopSteps, withdrawItems } from "./end-run";
import { failStage, failStep } from "./fail-stage";
import { definitionOf, isHuman, openStage, stageNamed, stepById } from "./find";
import { takeLock } from "./locks";
import { clockOf, lookupOf } from "./lookup";
import type { StageRun, StepRun, Values } from "./state";
import { emit, type Turn } from "./turn";
import { walk } from "./walk";

/** Characters of one step's inputs together, as JSON (A25). */
export const MAX_INPUT_CHARACTERS = 1_000_000;

export type Setting = {
  readonly entryProof: Proof;
  /** Instead of what the definition would give it: an admin's words at a retry (A6). */
  readonly inputs?: Values;
  /** False for a step that is started only to fail, or whose work is done already. */
  readonly isSetUp?: boolean;
};

/** Not Started → In Progress: evaluates the inputs and asks the world for what the step does. */
export function startStep(turn: Turn, step: StepRun, setting: Setting): void {
  const { entryProof } = setting;
  const defined = definitionOf(turn.definition, turn.state, step);
  const inputs = setting.inputs ?? inputsOf(turn, defined.inputs);
  const isTooLong = JSON.stringify(inputs).length > MAX_INPUT_CHARACTERS;
  const runAs = runAsOf(turn, defined);
  emit(turn, { type: "step-started", stepRunId: step.id, entryProof, inputs: isTooLong ? {} : inputs, runAs });
  if (setting.isSetUp === false) return;
  if (isTooLong) {
    const error = `The inputs of “${defined.label}” are over ${MAX_INPUT_CHARACTERS} characters.`;
    return failStep(turn, step, { error, element: null });
  }
  takeLock(turn, step);
  const mocked = ownProperty(turn.state.run.debug?.mocks ?? {}, defined.name);
  if (mocked !== null) return takeMock(turn, step, mocked);
  setUp(turn, stepById(turn.state, step.id) ?? step, defined);
}

/** In a debug run, a step that is taken to have given these outputs. */
function takeMock(turn: Turn, step: StepRun, outputs: Value): void {
  const isMap = typeof outputs === "object" && outputs !== null && !isList(outputs);
  emit(turn, { type: "step-outputs-stored", stepRunId: step.id, outputs: isMap ? outputs : {} });
  completeStep(turn, step, null);
}

/** Asks for what the step does: a flow, another system's operation, or somebody to do it. */
function setUp(turn: Turn, step: StepRun, defined: StepDefinition): void {
  const { inputs, runAs, id: stepRunId } = step;
  if (defined.kind === "external") {
    turn.effects.push({ type: "call-operation", stepRunId, operation: defined.operation, inputs });
    return;
  }
  if (defined.flow !== undefined && !step.flow) {
    const error = `The flow “${defined.flow}” of “${defined.label}” had no active version when its stage began.`;
    return failStep(turn, step, { error, element: null });
  }
  if (isHuman(defined)) return askForAssignee(turn, step, defined);
  if (!step.flow) return;
  const call = { stepRunId, flow: defined.flow, version: step.flow.version, runAs };
  turn.effects.push(step.isAsynchronous ? { type: "queue-flow", ...call } : { type: "run-flow", ...call, inputs });
}

/** Whose rights a background step's flow has (3.5): nobody's but the automated process user's, unless the definition says so. */
function runAsOf(turn: Turn, defined: StepDefinition): string | null {
  if (defined.kind !== "background") return null;
  if (defined.runAs === "automated") return inheritedBy(turn);
  if (defined.runAs !== "latest_completer") return defined.runAs.user;
  return latestCompleter(turn);
}

/** Whoever did the work of the step of a person that was completed last; null before the first. */
function latestCompleter({ state: { steps, items } }: Turn): string | null {
  const done = items.flatMap(({ completionKind, completedBy, stepRunId }) => {
    const step = completionKind === "done" ? steps.find(({ id }) => id === stepRunId) : undefined;
    return step?.status === "completed" ? [{ by: completedBy, at: step.endedAt ?? "" }] : [];
  });
  const first = { by: null as string | null, at: "" };
  return done.reduce((last, one) => (last.at > one.at ? last : one), first).by;
}

/** Below API 60 a run that a person launched has their context and hands it on; one that a record change started is the system's. */
function inheritedBy({ definition, state }: Turn): string | null {
  const isInherited = definition.apiVersion < 60 && definition.start.type === "autolaunched";
  return isInherited ? state.run.startedBy : null;
}

function askForAssignee(turn: Turn, step: StepRun, defined: HumanStep): void {
  const lookup = lookupOf(turn);
  const nameOf = (value: Value) => (value === null ? null : textOf(value).trim() || null);
  turn.effects.push({
    type: "resolve-assignee",
    stepRunId: step.id,
    assigneeType: defined.assignee.type,
    value: nameOf(valueFrom(defined.assignee.value, lookup, clockOf(turn))),
    notUser: step.kind === "approval" ? (turn.state.submission?.submittedBy ?? null) : null,
    recordId: nameOf(lookup(defined.record)),
    playedBy: turn.state.run.debug?.playedBy ?? null,
  });
}

/** Subject and body that the step's author wrote for its mails, with what the references see now (A18). */
export function mailOf(turn: Turn, step: StepRun): { subject: string | null; body: string | null } {
  const defined = definitionOf(turn.definition, turn.state, step);
  if (!isHuman(defined)) return { subject: null, body: null };
  const lookup = lookupOf(turn);
  const text = (from: HumanStep["emailSubject"]) => (from ? wordsFrom(from, lookup, clockOf(turn)) || null : null);
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
  setVariables(turn, step, outputs);
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

/** Outputs go into the variables that the step's author named for them (A26). */
export function setVariables(turn: Turn, step: StepRun, outputs: Values | null): void {
  const { outputs: mappings } = definitionOf(turn.definition, turn.state, step);
  if (!outputs || mappings.length === 0) return;
  const values = Object.fromEntries(mappings.map(({ from, to }) => [to, ownProperty(outputs, from)]));
  emit(turn, { type: "variables-set", stepRunId: step.id, values });
}

/** What follows from outputs that were stored: a machine's step is done; a person's if its exit is no other condition. */
export function takeOutputs(turn: Turn, step: StepRun): void {
  const defined = definitionOf(turn.definition, turn.state, step);
  const outputs = stepById(turn.state, step.id)?.outputs ?? null;
  // A rejection that stops the process does not wait for the step's own exit condition (A11).
  const stops =
    defined.kind === "approval" && defined.onReject === "stop" && ownProperty(outputs, "approvalDecision") === "Reject";
  if (stops || !isHuman(defined) || defined.exit.type === "flow_completed") completeStep(turn, step, null);
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
  const stage = openStage(turn.state);
  if (stage) failStage(turn, stage, { error, stepRunId: null });
}
