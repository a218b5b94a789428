import { AUTOMATED_USER_ID, type stageRun, type stepRun, type submission, type workItem } from "../../../db/schema";
import type { Orchestration } from "../../engine/definition";
import { stageNamed } from "../../engine/find";
import type { RunState, StageRun, StepRun, Submission, WorkItem } from "../../engine/state";

/** What a run's rows hold beside its state: words of its definition and names of records, for lists. */
export type Words = { readonly definition: Orchestration; readonly recordNames: Readonly<Record<string, string>> };

const date = (at: string): Date => new Date(at);
const dateOrNull = (at: string | null): Date | null => (at === null ? null : new Date(at));

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
    skipReason: step.skipReason,
    runAs: step.runAs,
  };
}

export function itemRow(
  { run, stages, steps }: RunState,
  item: WorkItem,
  { definition, recordNames }: Words,
): typeof workItem.$inferInsert {
  const step = steps.find(({ id }) => id === item.stepRunId);
  const stage = stages.find(({ id }) => id === step?.stageRunId);
  return {
    runId: run.id,
    workItemId: item.id,
    stepRunId: item.stepRunId,
    kind: item.kind,
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
    recordName: item.record ? (recordNames[item.record.id] ?? null) : null,
    createdAt: date(item.createdAt),
    closedAt: dateOrNull(item.closedAt),
    completionKind: item.completionKind,
    completedBy: item.completedBy,
    onBehalfOf: item.onBehalfOf,
    outcome: item.outcome,
    comments: item.comments,
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
