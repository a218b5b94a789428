import {
  AUTOMATED_USER_ID,
  type run,
  type stageRun,
  type stepRun,
  type submission,
  type workItem,
} from "../../../db/schema";
import type { Pinned } from "../../definitions/queries";
import type { Orchestration } from "../../engine/definition";
import { stageNamed } from "../../engine/find";
import type { RunState, StageRun, StepRun, Submission, WorkItem } from "../../engine/state";
import { askerOf } from "../asker-of";

/** What a run's rows hold beside its state: words of its definition, for lists. */
export type Words = { readonly definition: Orchestration };

const date = (at: string): Date => new Date(at);
const dateOrNull = (at: string | null): Date | null => (at === null ? null : new Date(at));

type RunRow = typeof run.$inferSelect;
/** What `record` fills in itself: where the history stands. */
type HeadFields = "headSeq" | "headHash" | "lastEventAt" | "lastCommandId" | "version";
type ChangingFields =
  | "status"
  | "endedAt"
  | "stalledSince"
  | "stalledReason"
  | "error"
  | "variables"
  | "faultMessage"
  | "waits"
  | "holdsLock"
  | "keepsLock"
  | "taken"
  | "stageLabel";

/** What may change of a run's row. */
export function changingRow({ run: now, stages }: RunState, { definition }: Words): Pick<RunRow, ChangingFields> {
  const stage = stages.at(-1);
  return {
    status: now.status,
    endedAt: dateOrNull(now.endedAt),
    stalledSince: dateOrNull(now.stalledSince),
    stalledReason: now.stalledReason,
    error: now.error,
    variables: now.variables,
    faultMessage: now.faultMessage,
    waits: now.waits,
    holdsLock: now.holdsLock,
    keepsLock: now.keepsLock,
    taken: now.taken,
    stageLabel: stage ? stageNamed(definition, stage.name).label : null,
  };
}

/** What never changes of a run's row. The name of its record is filled in by the database. */
export const newRow = (
  { run: now, submission }: RunState,
  { definitionId, version, hash, body }: Pinned<Orchestration>,
): Omit<RunRow, ChangingFields | HeadFields> => ({
  runId: now.id,
  definitionId,
  definitionVersion: version,
  definitionHash: hash,
  processType: body.processType,
  label: body.label,
  kind: now.kind,
  recordType: now.record?.object ?? null,
  recordId: now.record?.id ?? null,
  recordName: null,
  startedBy: now.startedBy,
  askedBy: askerOf({ run: now, submission }),
  runAs: AUTOMATED_USER_ID,
  parentRunId: now.parentRunId,
  parentStepRunId: null,
  startedAt: date(now.startedAt),
  recordPrior: now.recordPrior,
  depth: now.depth,
  debug: now.debug,
  isDebug: now.debug !== null,
});

export const stageRow = (runId: string, stage: StageRun): typeof stageRun.$inferInsert => ({
  runId,
  stageRunId: stage.id,
  ordinal: stage.ordinal,
  round: stage.round,
  name: stage.name,
  status: stage.status,
  startedAt: date(stage.startedAt),
  endedAt: dateOrNull(stage.endedAt),
  exitProof: stage.exitProof,
});

export function stepRow(
  { run, stages, steps }: RunState,
  step: StepRun,
  { definition }: Words,
): typeof stepRun.$inferInsert {
  const stage = stages.find(({ id }) => id === step.stageRunId);
  const defined = stage && stageNamed(definition, stage.name).steps.find(({ name }) => name === step.name);
  return {
    runId: run.id,
    stepRunId: step.id,
    ordinal: steps.indexOf(step) + 1,
    stageRunId: step.stageRunId,
    name: step.name,
    kind: step.kind,
    status: step.status,
    attempt: step.attempt,
    ownerId: AUTOMATED_USER_ID,
    flow: step.flow,
    isAsynchronous: step.isAsynchronous,
    dependsOn: defined?.entry.type === "step_completed" ? defined.entry.step : null,
    entryMetAt: dateOrNull(step.entryMetAt),
    startedAt: dateOrNull(step.startedAt),
    endedAt: dateOrNull(step.endedAt),
    entryProof: step.entryProof,
    exitProof: step.exitProof,
    inputs: step.inputs,
    outputs: step.outputs,
    error: step.error,
    errorElement: step.errorElement,
    storedFailure: step.storedFailure,
    answerNo: step.answerNo,
    skipReason: step.skipReason,
    decidedBy: step.decidedBy,
    runAs: step.runAs,
  };
}

export function itemRow(
  { run, stages, steps }: RunState,
  item: WorkItem,
  { definition }: Words,
): typeof workItem.$inferInsert {
  const step = steps.find(({ id }) => id === item.stepRunId);
  const stage = stages.find(({ id }) => id === step?.stageRunId);
  return {
    runId: run.id,
    workItemId: item.id,
    stepRunId: item.stepRunId,
    parentItemId: item.parentId,
    kind: item.kind,
    voting: item.voting,
    status: item.status,
    label: item.label,
    processLabel: definition.label,
    stageLabel: stage ? stageNamed(definition, stage.name).label : "",
    assigneeType: item.assignee.type,
    assigneeId: item.assignee.id,
    assignmentNo: item.assignmentNo,
    assignedAt: date(item.assignedAt),
    claimedBy: item.claimedBy,
    recordType: item.record?.object ?? null,
    recordId: item.record?.id ?? null,
    recordName: null,
    createdAt: date(item.createdAt),
    closedAt: dateOrNull(item.closedAt),
    completionKind: item.completionKind,
    completedBy: item.completedBy,
    onBehalfOf: item.onBehalfOf,
    outcome: item.outcome,
    comments: item.comments,
    decidedAs: item.decidedAs,
    prompt: item.prompt,
    dueAt: dateOrNull(item.dueAt),
    ladder: item.ladder,
    byHand: item.byHand,
    flag: item.flag,
  };
}

export const submissionRow = (
  { run }: RunState,
  { id, submittedAt, endedAt, ...rest }: Submission,
): typeof submission.$inferInsert => ({
  runId: run.id,
  submissionId: id,
  recordType: run.record?.object ?? null,
  recordId: run.record?.id ?? null,
  submittedAt: date(submittedAt),
  endedAt: dateOrNull(endedAt),
  ...rest,
});
