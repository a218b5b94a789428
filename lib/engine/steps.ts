import type { Proof } from "../logic/schema";
import { isList, ownProperty, type Value } from "../logic/value";
import { askForAssignee } from "./ask-for-assignee";
import { approvedByItself } from "./auto-approve";
import { inputsOf, proofOf, stageCondition } from "./conditions";
import type { StepDefinition } from "./definition";
import { completeRun, stopSteps, withdrawItems } from "./end-run";
import { failStage, failStep } from "./fail-stage";
import { definitionOf, isHuman, openStage, stageNamed, stepById, workDone } from "./find";
import { takeLock } from "./locks";
import { outcomeNamed } from "./outcomes";
import type { StageRun, StepRun, Values } from "./state";
import { emit, type Turn } from "./turn";
import { walk } from "./walk";

/** Characters of one step's inputs together, as JSON (A25). */
export const MAX_INPUT_CHARACTERS = 1_000_000;

export type Setting = {
  readonly entryProof: Proof;
  /** False for a step that is started only to fail, or whose work is done already. */
  readonly isSetUp?: boolean;
};

/** Not Started → In Progress: evaluates the inputs that no admin gave at a retry, and asks the world for what the step does. */
export function startStep(turn: Turn, step: StepRun, setting: Setting): void {
  const { entryProof } = setting;
  const defined = definitionOf(turn.definition, turn.state, step);
  // Of an attempt whose inputs were too long to be kept only what was edited is there: the rest is evaluated as ever.
  const isWhole = Object.keys(defined.inputs).every((name) => Object.hasOwn(step.inputs, name));
  const inputs = isWhole ? step.inputs : { ...inputsOf(turn, defined.inputs), ...step.inputs };
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
  const isApproved = approvedByItself(turn, step, defined);
  // There is nobody whom it could wait for, whatever its exit condition says (I18).
  if (isApproved) return completeStep(turn, step, null);
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

/** Whoever did the work of the step of a person that was completed last, of two at one instant that which was done last; null before the first. */
function latestCompleter({ state: { steps, items } }: Turn): string | null {
  const done = steps.flatMap(({ id, status, endedAt, answerNo }) => {
    const item = workDone(items, id);
    return status === "completed" && item ? [{ by: item.completedBy, at: endedAt ?? "", no: answerNo ?? 0 }] : [];
  });
  const first = { by: null as string | null, at: "", no: 0 };
  const isLater = (one: typeof first, other: typeof first) =>
    one.at > other.at || (one.at === other.at && one.no > other.no);
  return done.reduce((last, one) => (isLater(last, one) ? last : one), first).by;
}

/** Below API 60 a run that a person launched has their context and hands it on; one that a record change started is the system's. */
function inheritedBy({ definition, state }: Turn): string | null {
  const isInherited = definition.apiVersion < 60 && definition.start.type === "autolaunched";
  return isInherited ? state.run.startedBy : null;
}

/**
 * In Progress → Completed, whatever made it so: outputs go into the variables that the author named (A26), an item that nobody finished is
 * withdrawn. A rejected approval that stops the process (A11) ends stage and run at once; one that was sent back goes on where it was sent.
 */
export function completeStep(turn: Turn, step: StepRun, exitProof: Proof | null): void {
  const defined = definitionOf(turn.definition, turn.state, step);
  withdrawItems(turn, step);
  const outputs = stepById(turn.state, step.id)?.outputs ?? null;
  emit(turn, { type: "step-completed", stepRunId: step.id, exitProof, comments: commentsIn(outputs) });
  setVariables(turn, step, outputs);
  goTheWay(turn, wayAfter(defined, outputs));
}

/** Leaves the stage for where a decision leads. */
export function goTheWay(turn: Turn, way: string | null | undefined): void {
  const stage = openStage(turn.state);
  if (way === undefined || !stage) return;
  closeStage(turn, stage, null);
  if (way === null) completeRun(turn);
  else walk(turn, way);
}

/** Where a decision leads the run at once: to a stage, or to its end (null) after a rejection that stops it (A11); else nowhere. */
export function wayAfter(defined: StepDefinition, outputs: Values | null): string | null | undefined {
  if (defined.kind !== "approval" || !outputs) return undefined;
  const outcome = outcomeNamed(defined, ownProperty(outputs, "approvalDecision"));
  if (outcome?.does === "send_back") return outcome.to ?? undefined;
  if (outcome?.does !== "reject" || defined.onReject === "continue") return undefined;
  return defined.onReject === "stop" ? null : defined.onReject.goTo;
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
  // A decision that leads elsewhere does not wait for the step's own exit condition (A11).
  if (wayAfter(defined, outputs) !== undefined || !isHuman(defined) || defined.exit.type === "flow_completed")
    completeStep(turn, step, null);
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
