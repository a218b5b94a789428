import { BrokenInvariant } from "./broken-invariant";
import type { Description } from "./describe";
import { awaitsAnswer, isMovable, isWaiting } from "./find";
import type { RunState, StepRun, WorkItem } from "./state";
import { isFinal } from "./status";
import { submittersOf } from "./submitters";

/** The legal moves of I10: semantics 2.5, with resume (A6) and cancel (A6b). */
const MOVES: Readonly<Record<Description["subjectType"], ReadonlySet<string>>> = {
  run: new Set([
    "-in_progress",
    "in_progress-completed",
    "in_progress-error",
    "in_progress-canceled",
    "in_progress-suspended",
    "suspended-in_progress",
    "suspended-canceled",
    "error-in_progress",
    "error-canceled",
  ]),
  stage: new Set([
    "-in_progress",
    "in_progress-completed",
    "in_progress-error",
    "in_progress-discontinued",
    "in_progress-canceled",
    "in_progress-suspended",
    "suspended-in_progress",
    "suspended-canceled",
    "error-in_progress",
    "discontinued-in_progress",
  ]),
  step: new Set([
    "-not_started",
    "not_started-in_progress",
    "not_started-completed",
    "in_progress-completed",
    "in_progress-discontinued",
    "in_progress-error",
    "in_progress-canceled",
  ]),
  work_item: new Set(["-assigned", "assigned-assigned", "assigned-completed"]),
  submission: new Set([
    "-in_progress",
    "in_progress-approved",
    "in_progress-rejected",
    "in_progress-recalled",
    "in_progress-canceled",
    "in_progress-error",
    "error-in_progress",
    "error-canceled",
  ]),
};

/** Throws when an event would move its subject in a way that the statuses do not know. */
export function assertMove({ subjectType, subjectId, fromStatus, toStatus }: Description): void {
  if (toStatus === null) return;
  const move = `${fromStatus ?? ""}-${toStatus}`;
  if (!MOVES[subjectType].has(move))
    throw new BrokenInvariant("I10 only legal transitions", `${subjectType} ${subjectId} ${move}`);
}

/**
 * What holds after every decision, whatever it was. Ends the transaction when it does not (house.md: asserted in production too).
 * `isAsking`: evaluation flows are to be asked first, so the run has not come to rest yet. `allowsOwn`: the definition lets people decide what
 * they submitted.
 */
export function assertInvariants(
  state: RunState,
  { isAsking = false, allowsOwn = false }: { isAsking?: boolean; allowsOwn?: boolean } = {},
): void {
  for (const [promise, broken] of [...ofRun(state), ...ofSteps(state), ...ofItems(state, allowsOwn)]) {
    if (broken !== undefined) throw new BrokenInvariant(promise, `${state.run.id} ${broken}`);
  }
  if (!isAsking && !state.steps.some((step) => awaitsAnswer(state, step))) assertRest(state);
}

type Finding = readonly [promise: string, broken: string | undefined];

function ofRun(state: RunState): Finding[] {
  const { run, stages, submission } = state;
  const open = stages.filter(({ status }) => status === "in_progress");
  const isOpen = run.status === "in_progress";
  const isSuspended = run.status === "suspended";
  const disagreed = submission && (submission.status === "in_progress") !== (isOpen || isSuspended);
  const suspended = stages.filter(({ status }) => status === "suspended");
  const waits = isWaiting(run.waits);
  // In Error only what a flow keeps, because it can go on.
  const mayLock = isOpen || isSuspended || (run.status === "error" && run.keepsLock);
  const ordinals = stages.some(({ ordinal }, index) => ordinal !== index + 1);
  return [
    ["I1 at most one stage in progress", open[1]?.id],
    ["I2 only the newest stage is open", open.find((stage) => stage !== stages.at(-1))?.id],
    ["I2 stages are numbered as they were entered", ordinals ? "ordinals" : undefined],
    ["I3 a run in progress has a stage in progress", isOpen && open.length === 0 ? "no stage" : undefined],
    ["I4 a finished run has no open stage", isOpen ? undefined : open[0]?.id],
    [
      "I3 a suspended run has its newest stage suspended",
      isSuspended !== (suspended.length === 1) ? run.id : undefined,
    ],
    ["I9 an end time exactly when final", stages.find((row) => isFinal(row.status) !== (row.endedAt !== null))?.id],
    ["I9 an end time exactly when final", isFinal(run.status) === (run.endedAt !== null) ? undefined : run.id],
    ["I29 an errored run says why", run.status === "error" && !run.error ? run.id : undefined],
    ["I29 a stalled run says why", run.stalledSince !== null && !run.stalledReason ? run.id : undefined],
    ["a run that does not go on waits for nothing", !isOpen && (waits || run.stalledSince) ? run.id : undefined],
    ["a run that ended locks nothing", run.holdsLock && !mayLock ? run.id : undefined],
    ["a submission is open as long as its run", disagreed ? submission.id : undefined],
  ];
}

function ofSteps(state: RunState): Finding[] {
  const stageStatus = new Map(state.stages.map(({ id, status }) => [id, status]));
  const isUnstarted = (step: StepRun) => step.status === "not_started";
  const started = (step: StepRun) => step.startedAt !== null || state.items.some((item) => item.stepRunId === step.id);
  return [
    [
      "I5 no step in progress in a stage that is not",
      state.steps.find(
        (s) =>
          s.status === "in_progress" && !["in_progress", "suspended"].includes(stageStatus.get(s.stageRunId) ?? ""),
      )?.id,
    ],
    [
      "I6 a started step says why it started",
      state.steps.find((s) => !isUnstarted(s) && s.skipReason === null && (!s.entryProof || !s.startedAt))?.id,
    ],
    ["I8 a step that has not started has nothing", state.steps.find((s) => isUnstarted(s) && started(s))?.id],
    ["I9 an end time exactly when final", state.steps.find((s) => isFinal(s.status) !== (s.endedAt !== null))?.id],
  ];
}

function ofItems(state: RunState, allowsOwn: boolean): Finding[] {
  const stepStatus = new Map(state.steps.map(({ id, status }) => [id, status]));
  const places = new Set<string>();
  const isTwin = ({ status, kind, stepRunId, parentId, assignee }: WorkItem) => {
    const place = JSON.stringify([stepRunId, kind === "question" ? parentId : kind, assignee.type, assignee.id]);
    return status === "assigned" && (places.has(place) || !places.add(place));
  };
  const isOrphan = ({ status, parentId }: WorkItem) =>
    status === "assigned" && parentId !== null && state.items.find(({ id }) => id === parentId)?.status !== "assigned";
  const isUnsaid = (item: WorkItem) =>
    item.status === "assigned"
      ? item.closedAt !== null || item.completionKind !== null || item.completedBy !== null
      : item.closedAt === null || item.completionKind === null;
  const isUndecided = (item: WorkItem) =>
    item.completionKind === "done" &&
    (item.completedBy === null || (item.kind === "approval" && item.outcome === null));
  const isOwn = (item: WorkItem) =>
    !allowsOwn &&
    item.kind === "approval" &&
    item.completionKind === "done" &&
    submittersOf(state, item.closedAt).some((id) => [item.completedBy, item.onBehalfOf].includes(id));
  return [
    ["I17 a closed item says how and when, an open one nothing", state.items.find(isUnsaid)?.id],
    ["I17 a done item says who, an approval its outcome", state.items.find(isUndecided)?.id],
    ["I18 a step has at most one open item for an assignee", state.items.find(isTwin)?.id],
    ["an open vote or question belongs to an open item", state.items.find(isOrphan)?.id],
    [
      "I19 an open item belongs to a step in progress",
      state.items.find((i) => i.status === "assigned" && stepStatus.get(i.stepRunId) !== "in_progress")?.id,
    ],
    ["I36 nobody decides what they submitted", state.items.find(isOwn)?.id],
  ];
}

/** What holds besides once a decision has no question left to the world (I28). */
function assertRest(state: RunState): void {
  const { run } = state;
  if (run.status === "in_progress" && !isMovable(state) && run.stalledSince === null)
    throw new BrokenInvariant("I28 nothing is stuck unseen", run.id);
}
