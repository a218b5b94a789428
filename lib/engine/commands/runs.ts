import { ownProperty, type Value } from "../../logic/value";
import { ok, type Result, refuse } from "../../result";
import type { Command } from "../command";
import { closeSubmission, leaveRest, stopSteps } from "../end-run";
import {
  currentStage,
  definitionOf,
  inOrderOfAnswers,
  isWaiting,
  openStage,
  stageNamed,
  stepById,
  stepsOf,
  workDone,
} from "../find";
import { isLockedOut, takeLock } from "../locks";
import { MAX_HISTORY_ROWS } from "../settle";
import { startUnlessLocked } from "../start-unless-locked";
import type { StageRun, StepRun, Values } from "../state";
import { startStep, takeOutputs, wayAfter } from "../steps";
import { emit, newId, type Turn } from "../turn";
import { createStep, walk } from "../walk";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/**
 * Something changed that the run may wait for (A8), or a flow published the Flow Orchestration Event for it (A10). Conditions are evaluated
 * with everything as it is now. A wake that the run does not wait for any more leaves no trace; the clock's leaves what it led to and no line
 * of its own, because it may come for months, and so does a record's once the history is long: lookers-on must not use it up. A flow's is always
 * told, also by a run that ended, as far as a history goes: whoever published it sees that it arrived.
 */
export function wake(turn: Turn, { cause }: Of<"wake">): Result<Turn> {
  const { waits } = turn.state.run;
  const isAwaited = waits.records.length > 0 || waits.objects.length > 0;
  const isTold = {
    record: isAwaited && turn.env.seq < MAX_ROWS_WITH_WAKES,
    clock: false,
    lock: waits.lock !== null,
    flow: turn.env.seq < MAX_HISTORY_ROWS,
  };
  if (isTold[cause.type]) emit(turn, { type: "run-woken", cause });
  return ok(turn);
}

/** Rows of a history, up to which each look at a changed record is one of them. */
export const MAX_ROWS_WITH_WAKES = 10_000;

const MAX_REASON_CHARACTERS = 500;

/** Nobody may notice that a run missed a change which it waits for: it is stalled until it has looked again, by a next change or by `retry`. */
export function wakeFailed(turn: Turn, { error }: Of<"wake-failed">): Result<Turn> {
  const { waits, stalledSince } = turn.state.run;
  const reason = `The run was to look again, but could not: ${error}`.slice(0, MAX_REASON_CHARACTERS);
  if (isWaiting(waits) && stalledSince === null) emit(turn, { type: "run-stalled", reason });
  return ok(turn);
}

/** Ends a run for ever (A6b, matrix 2.6). `run-closed` when it has ended already; a run in Error may still be canceled. */
export function cancel(turn: Turn, { reason }: Of<"cancel">): Result<Turn> {
  const { status } = turn.state.run;
  if (status === "completed" || status === "canceled") return refuse("run-closed", { details: { status } });
  const stage = currentStage(turn.state);
  if (stage) {
    stopSteps(turn, stage, "step-canceled");
    emit(turn, { type: "stage-canceled", stageRunId: stage.id });
  }
  emit(turn, { type: "run-canceled", reason });
  closeSubmission(turn, "canceled");
  leaveRest(turn);
  return ok(turn);
}

/**
 * Resumes a run in Error (A6): its stage is in progress again, each errored step and each discontinued sibling gets a new attempt. What a
 * sibling's person had already answered is carried over, so that a step that only waited for its exit need not be done twice. A stalled
 * run looks again, and is stalled anew if that moves nothing.
 */
export function retry(turn: Turn, { reason, inputs = {} }: Of<"retry">): Result<Turn> {
  const { run, stages } = turn.state;
  if (run.status === "in_progress" && run.stalledSince !== null) {
    emit(turn, { type: "run-unstalled", reason });
    // The job that was to look again at that instant may be dead.
    if (run.waits.dueAt !== null) turn.effects.push({ type: "wake-at", at: run.waits.dueAt });
    return ok(turn);
  }
  if (run.status === "in_progress") return refuse("nothing-to-retry");
  if (run.status === "suspended") return refuse("run-suspended");
  if (run.status !== "error") return refuse("run-closed", { details: { status: run.status } });
  const last = stages.at(-1);
  const stopped = last ? stepsOf(turn.state, last.id).filter(hasStopped) : [];
  const unknown = unknownInput(turn, stopped, inputs);
  if (unknown) return refuse("unknown-input", { details: { name: unknown } });
  emit(turn, { type: "run-resumed", reason });
  closeSubmission(turn, "in_progress");
  const way = wayAgain(turn, last);
  if (way !== undefined || !last) {
    walk(turn, way ?? null);
    return ok(turn);
  }
  emit(turn, { type: "stage-resumed", stageRunId: last.id, from: last.status === "error" ? "error" : "discontinued" });
  for (const step of inOrderOfAnswers(stopped)) tryAgain(turn, step, ownProperty(inputs, step.name));
  return ok(turn);
}

const hasStopped = ({ status }: StepRun): boolean => status === "error" || status === "discontinued";

/** Where to go on when the run failed between two stages: the way from the last one is walked again. Undefined: it failed in that stage. */
function wayAgain(turn: Turn, last: StageRun | undefined): string | null | undefined {
  if (!last) return turn.definition.start.next;
  const { next, faultNext } = stageNamed(turn.definition, last.name);
  if (last.status === "error") return faultNext;
  if (last.status !== "completed") return undefined;
  // A decision that led elsewhere leads there again, not on to what it kept from happening.
  const led = stepsOf(turn.state, last.id)
    .filter(({ status }) => status === "completed")
    .map((step) => wayAfter(definitionOf(turn.definition, turn.state, step), step.outputs));
  const [way = next] = led.filter((one) => one !== undefined);
  return way;
}

/** The first of the edited inputs that belongs to no step which is tried again, or that the step does not take. */
function unknownInput(
  turn: Turn,
  steps: readonly StepRun[],
  inputs: { readonly [step: string]: Values },
): string | null {
  for (const [name, given] of Object.entries(inputs)) {
    const step = steps.find((candidate) => candidate.name === name);
    if (!step) return name;
    const known = { ...definitionOf(turn.definition, turn.state, step).inputs, ...step.inputs };
    const stranger = Object.keys(given).find((input) => !Object.hasOwn(known, input));
    if (stranger !== undefined) return `${name}.${stranger}`;
  }
  return null;
}

function tryAgain(turn: Turn, former: StepRun, edited: Value): void {
  // An attempt that cannot be set up ends the stage again.
  if (openStage(turn.state)?.id !== former.stageRunId || !former.entryProof) return;
  const defined = definitionOf(turn.definition, turn.state, former);
  const inputs = edited === null ? {} : { inputs: { ...former.inputs, ...(edited as Values) } };
  const stepRunId = createStep(turn, defined, {
    stageRunId: former.stageRunId,
    attempt: former.attempt + 1,
    ...inputs,
  });
  const attempt = stepById(turn.state, stepRunId);
  if (!attempt) return;
  const isAnswered = former.status === "discontinued" && former.outputs !== null && edited === null;
  const { entryProof } = former;
  if (!isAnswered) return startUnlessLocked(turn, attempt, { entryProof });
  startStep(turn, attempt, { entryProof, isSetUp: false });
  if (!isLockedOut(turn, attempt)) takeLock(turn, attempt);
  carryOver(turn, { former, attempt });
}

/** Work that was done before the run failed is not asked for again (2.8): the new attempt has the outputs, and its item is the closed one's twin. */
function carryOver(turn: Turn, { former, attempt }: { former: StepRun; attempt: StepRun }): void {
  const stepRunId = attempt.id;
  const item = workDone(turn.state.items, former.id);
  if (item) {
    const { kind, label, assignee, record, completedBy, onBehalfOf, outcome, comments, decidedAs } = item;
    const workItemId = newId(turn, "workItem");
    const made = { kind, label, assignee, record, flag: null, madeAt: item.createdAt };
    emit(turn, { type: "work-item-created", workItemId, stepRunId, ...made });
    turn.effects.push({ type: "carry-assignment", workItemId });
    if (decidedAs === "admin") emit(turn, { type: "work-item-overridden", workItemId, reason: comments ?? "" });
    // Whoever did it was allowed to when they did (I35).
    const when = item.closedAt === null ? {} : { doneAt: item.closedAt };
    const done = { completionKind: "done", completedBy, onBehalfOf, outcome, comments, ...when } as const;
    emit(turn, { type: "work-item-completed", workItemId, ...done, ...(decidedAs && { decidedAs }) });
  }
  emit(turn, { type: "step-outputs-stored", stepRunId, outputs: former.outputs ?? {} });
  const now = stepById(turn.state, stepRunId);
  if (now) takeOutputs(turn, now);
}
