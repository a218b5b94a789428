import { itemAfter, newItem } from "./apply-item";
import { BrokenInvariant } from "./broken-invariant";
import type { Event } from "./event";
import type { Run, RunState, StageRun, StepRun, Submission, Waits } from "./state";

type Of<T extends Event["type"]> = Extract<Event, { type: T }>;

/**
 * The state after one event at that instant: the only place where a run changes. Knows no definition, so old histories fold for ever.
 * `state` is null before `run-started` only.
 */
export function apply(state: RunState | null, event: Event, at: string): RunState {
  if (event.type === "run-started") return begun(event, at);
  if (!state) throw new BrokenInvariant("a history begins with run-started", event.type);
  switch (event.type) {
    case "stage-started":
    case "stage-completed":
    case "stage-failed":
    case "stage-discontinued":
    case "stage-canceled":
    case "stage-suspended":
    case "stage-resumed":
      return applyToStages(state, event, at);
    case "step-created":
      return { ...state, steps: [...state.steps, newStep(event)] };
    case "step-outputs-stored":
    case "step-failure-stored":
      return { ...state, steps: change(state.steps, event.stepRunId, answered(event, nextAnswer(state))) };
    case "step-started":
    case "step-handed-on":
    case "step-skipped":
    case "step-completed":
    case "step-discontinued":
    case "step-canceled":
    case "step-failed":
    case "step-auto-approved":
    case "step-timed-out":
      return {
        ...state,
        steps: change(state.steps, event.stepRunId, (step) => ({ ...step, ...stepAfter(event, at) })),
      };
    case "work-item-created":
      return { ...state, items: [...state.items, newItem(event, at)], steps: askedAnew(state.steps, event) };
    case "work-item-reassigned":
    case "work-item-claimed":
    case "work-item-released":
    case "work-item-flagged":
    case "work-item-completed":
    case "work-item-reminded":
    case "work-item-escalated":
      return {
        ...state,
        items: change(state.items, event.workItemId, (item) => ({ ...item, ...itemAfter(event, at) })),
      };
    case "submission-started":
      return { ...state, submission: newSubmission(event, at) };
    case "submission-changed":
      return { ...state, submission: state.submission && { ...state.submission, ...submissionAfter(event, at) } };
    case "run-woken":
    case "went-to-stage":
    case "work-item-overridden":
    case "self-approval-allowed":
    case "decision-sealed":
    case "submission-sealed":
    case "time-out-sealed":
      return state;
    default:
      return { ...state, run: { ...state.run, ...runAfter(state.run, event, at) } };
  }
}

/** What the clock sent back and was sent again is people's to decide once more. */
const askedAnew = (steps: RunState["steps"], { stepRunId, kind }: Of<"work-item-created">): RunState["steps"] =>
  steps.map((step) =>
    step.id === stepRunId && kind === "approval" && step.decidedBy === "time_out" ? { ...step, decidedBy: null } : step,
  );

/** The state that a whole history leaves, or null for none. */
export const fold = (history: readonly { readonly event: Event; readonly at: string }[]): RunState | null =>
  history.reduce<RunState | null>((state, { event, at }) => apply(state, event, at), null);

function change<T extends { readonly id: string }>(rows: readonly T[], id: string, to: (row: T) => T): readonly T[] {
  if (!rows.some((row) => row.id === id)) throw new BrokenInvariant("an event is about what exists", id);
  return rows.map((row) => (row.id === id ? to(row) : row));
}

export const NO_WAITS: Waits = { records: [], objects: [], dueAt: null, lock: null };

const begun = (event: Of<"run-started">, at: string): RunState => ({
  run: {
    id: event.runId,
    kind: event.kind,
    parentRunId: event.parentRunId ?? null,
    status: "in_progress",
    record: event.record,
    recordPrior: event.recordPrior,
    variables: event.variables,
    startedBy: event.startedBy,
    askedBy: event.askedBy === undefined ? event.startedBy : event.askedBy,
    startedAt: at,
    endedAt: null,
    stalledSince: null,
    stalledReason: null,
    error: null,
    faultMessage: null,
    waits: NO_WAITS,
    holdsLock: false,
    keepsLock: false,
    taken: [],
    depth: event.depth,
    debug: event.debug,
  },
  stages: [],
  steps: [],
  items: [],
  submission: null,
});

type StageEvent = Extract<Event, { type: `stage-${string}` }>;

function applyToStages(state: RunState, event: StageEvent, at: string): RunState {
  if (event.type === "stage-started") return { ...state, stages: [...state.stages, newStage(event, at)] };
  return {
    ...state,
    stages: change(state.stages, event.stageRunId, (stage) => ({ ...stage, ...stageAfter(event, at) })),
  };
}

function stageAfter(event: Exclude<StageEvent, Of<"stage-started">>, at: string): Partial<StageRun> {
  switch (event.type) {
    case "stage-completed":
      return { status: "completed", endedAt: at, exitProof: event.exitProof };
    case "stage-failed":
      return { status: "error", endedAt: at };
    case "stage-discontinued":
      return { status: "discontinued", endedAt: at };
    case "stage-canceled":
      return { status: "canceled", endedAt: at };
    case "stage-suspended":
      return { status: "suspended" };
    case "stage-resumed":
      return { status: "in_progress", endedAt: null };
  }
}

const newStage = (event: Of<"stage-started">, at: string): StageRun => ({
  id: event.stageRunId,
  name: event.name,
  ordinal: event.ordinal,
  round: event.round,
  status: "in_progress",
  startedAt: at,
  endedAt: null,
  exitProof: null,
});

const newStep = (event: Of<"step-created">): StepRun => ({
  id: event.stepRunId,
  stageRunId: event.stageRunId,
  name: event.name,
  kind: event.kind,
  status: "not_started",
  attempt: event.attempt,
  flow: event.flow,
  isAsynchronous: event.isAsynchronous,
  entryMetAt: null,
  startedAt: null,
  endedAt: null,
  entryProof: null,
  exitProof: null,
  inputs: event.inputs ?? {},
  outputs: null,
  error: null,
  errorElement: null,
  storedFailure: null,
  answerNo: null,
  skipReason: null,
  runAs: null,
  decidedBy: null,
});

type Answered = Of<"step-outputs-stored"> | Of<"step-failure-stored">;
type StepEvent = Exclude<Extract<Event, { type: `step-${string}` }>, Of<"step-created"> | Answered>;

const nextAnswer = ({ steps }: RunState): number =>
  1 + steps.reduce((last, step) => Math.max(last, step.answerNo ?? 0), 0);

const answered =
  (event: Answered, answerNo: number) =>
  (step: StepRun): StepRun =>
    event.type === "step-outputs-stored"
      ? { ...step, answerNo, outputs: event.outputs }
      : { ...step, answerNo, storedFailure: { error: event.error, element: event.element } };

function stepAfter(event: StepEvent, at: string): Partial<StepRun> {
  switch (event.type) {
    case "step-started":
      return {
        status: "in_progress",
        entryMetAt: at,
        startedAt: at,
        entryProof: event.entryProof,
        inputs: event.inputs,
        runAs: event.runAs,
      };
    case "step-handed-on":
      return { isAsynchronous: true };
    case "step-skipped":
      return { status: "completed", endedAt: at, outputs: event.outputs, skipReason: event.reason };
    case "step-completed":
      return { status: "completed", endedAt: at, exitProof: event.exitProof };
    case "step-discontinued":
      return { status: "discontinued", endedAt: at };
    case "step-canceled":
      return { status: "canceled", endedAt: at };
    case "step-failed":
      return { status: "error", endedAt: at, error: event.error, errorElement: event.element };
    case "step-auto-approved":
      return { decidedBy: event.by };
    case "step-timed-out":
      return { decidedBy: "time_out" };
  }
}

const newSubmission = (event: Of<"submission-started">, at: string): Submission => ({
  id: event.submissionId,
  status: "in_progress",
  submittedBy: event.submittedBy,
  comments: event.comments,
  submittedAt: at,
  endedAt: null,
});

const submissionAfter = ({ to }: Of<"submission-changed">, at: string): Partial<Submission> => ({
  status: to,
  endedAt: to === "in_progress" ? null : at,
});

type RunEvent = Of<
  | "variables-set"
  | "waits-changed"
  | "record-locked"
  | "record-unlocked"
  | "lock-kept"
  | "decision-taken"
  | "fault-caught"
  | "run-stalled"
  | "run-unstalled"
  | "run-completed"
  | "run-failed"
  | "run-canceled"
  | "run-suspended"
  | "run-resumed"
>;

function runAfter(run: Run, event: RunEvent, at: string): Partial<Run> {
  switch (event.type) {
    case "variables-set":
      return { variables: { ...run.variables, ...event.values } };
    case "waits-changed": {
      const { records, objects, dueAt, lock, recheckAt } = event;
      return { waits: { records, objects, dueAt, lock, ...(recheckAt !== undefined && { recheckAt }) } };
    }
    case "record-locked":
      return { holdsLock: true };
    case "record-unlocked":
      return { holdsLock: false, keepsLock: false };
    case "lock-kept":
      return { keepsLock: event.keeps };
    case "decision-taken":
      return { taken: withOutcome(run.taken, event) };
    case "fault-caught":
      return { faultMessage: event.message };
    case "run-stalled":
      return { stalledSince: at, stalledReason: event.reason };
    case "run-unstalled":
      return { stalledSince: null, stalledReason: null };
    case "run-completed":
      return { status: "completed", endedAt: at };
    case "run-failed":
      return { status: "error", endedAt: at, error: event.error };
    case "run-canceled":
      return { status: "canceled", endedAt: at };
    case "run-suspended":
      return { status: "suspended" };
    case "run-resumed":
      return { status: "in_progress", endedAt: null, error: null };
  }
}

function withOutcome(taken: readonly string[], { decision, outcome }: Of<"decision-taken">): readonly string[] {
  const name = outcome === null ? decision : `${decision}.${outcome}`;
  return taken.includes(name) ? taken : [...taken, name];
}
