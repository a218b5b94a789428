import { asc, eq } from "drizzle-orm";
import type { Database } from "../../db/client";
import { type run, stageRun, stepRun, submission, workItem } from "../../db/schema";
import type { RunState, StageRun, StepRun, Submission, WorkItem } from "../engine/state";

export type RunRow = typeof run.$inferSelect;
type Rows = {
  readonly stages: readonly (typeof stageRun.$inferSelect)[];
  readonly steps: readonly (typeof stepRun.$inferSelect)[];
  readonly items: readonly (typeof workItem.$inferSelect)[];
  readonly submissions: readonly (typeof submission.$inferSelect)[];
};

const iso = (at: Date): string => at.toISOString();
const isoOrNull = (at: Date | null): string | null => at?.toISOString() ?? null;

/** The rows beneath one run, in the order of their creation; sent together, behind whatever the connection has been given before. */
export async function loadRows(db: Database, runId: string): Promise<Rows> {
  const [stages, steps, items, submissions] = await Promise.all([
    db.select().from(stageRun).where(eq(stageRun.runId, runId)).orderBy(asc(stageRun.ordinal)),
    db.select().from(stepRun).where(eq(stepRun.runId, runId)).orderBy(asc(stepRun.ordinal)),
    db
      .select()
      .from(workItem)
      .where(eq(workItem.runId, runId))
      .orderBy(asc(workItem.createdAt), asc(workItem.workItemId)),
    db.select().from(submission).where(eq(submission.runId, runId)),
  ]);
  return { stages, steps, items, submissions };
}

/** The rows of a run as the state that the engine knows: what its history folds to. */
export function stateOf(row: RunRow, { stages, steps, items, submissions }: Rows): RunState {
  const [submitted] = submissions;
  return {
    run: {
      id: row.runId,
      kind: row.kind,
      parentRunId: row.parentRunId,
      status: row.status,
      record: pair(row),
      recordPrior: row.recordPrior,
      variables: row.variables,
      startedBy: row.startedBy,
      askedBy: row.askedBy,
      startedAt: iso(row.startedAt),
      endedAt: isoOrNull(row.endedAt),
      stalledSince: isoOrNull(row.stalledSince),
      stalledReason: row.stalledReason,
      error: row.error,
      faultMessage: row.faultMessage,
      waits: row.waits,
      holdsLock: row.holdsLock,
      keepsLock: row.keepsLock,
      taken: row.taken,
      depth: row.depth,
      debug: row.debug,
    },
    stages: stages.map(stageOf),
    steps: steps.map(stepOf),
    items: items.map(itemOf),
    submission: submitted ? submissionOf(submitted) : null,
  };
}

type Pointing = { readonly recordType: string | null; readonly recordId: string | null };
const pair = ({ recordType, recordId }: Pointing) =>
  recordType !== null && recordId !== null ? { object: recordType, id: recordId } : null;

const stageOf = (row: Rows["stages"][number]): StageRun => ({
  id: row.stageRunId,
  name: row.name,
  ordinal: row.ordinal,
  round: row.round,
  status: row.status,
  startedAt: iso(row.startedAt),
  endedAt: isoOrNull(row.endedAt),
  exitProof: row.exitProof,
});

const stepOf = (row: Rows["steps"][number]): StepRun => ({
  id: row.stepRunId,
  stageRunId: row.stageRunId,
  name: row.name,
  kind: row.kind,
  status: row.status,
  attempt: row.attempt,
  flow: row.flow,
  isAsynchronous: row.isAsynchronous,
  entryMetAt: isoOrNull(row.entryMetAt),
  startedAt: isoOrNull(row.startedAt),
  endedAt: isoOrNull(row.endedAt),
  entryProof: row.entryProof,
  exitProof: row.exitProof,
  inputs: row.inputs,
  outputs: row.outputs,
  error: row.error,
  errorElement: row.errorElement,
  storedFailure: row.storedFailure,
  answerNo: row.answerNo,
  skipReason: row.skipReason,
  decidedBy: row.decidedBy,
  runAs: row.runAs,
});

const itemOf = (row: Rows["items"][number]): WorkItem => ({
  id: row.workItemId,
  stepRunId: row.stepRunId,
  parentId: row.parentItemId,
  kind: row.kind,
  voting: row.voting,
  status: row.status,
  label: row.label,
  assignee: { type: row.assigneeType, id: row.assigneeId },
  assignmentNo: row.assignmentNo,
  assignedAt: iso(row.assignedAt),
  claimedBy: row.claimedBy,
  record: pair(row),
  createdAt: iso(row.createdAt),
  closedAt: isoOrNull(row.closedAt),
  completionKind: row.completionKind,
  completedBy: row.completedBy,
  onBehalfOf: row.onBehalfOf,
  outcome: row.outcome,
  comments: row.comments,
  flag: row.flag,
  decidedAs: row.decidedAs,
  prompt: row.prompt,
  dueAt: isoOrNull(row.dueAt),
  ladder: row.ladder,
  byHand: row.byHand,
});

const submissionOf = (row: Rows["submissions"][number]): Submission => ({
  id: row.submissionId,
  status: row.status,
  submittedBy: row.submittedBy,
  comments: row.comments,
  submittedAt: iso(row.submittedAt),
  endedAt: isoOrNull(row.endedAt),
});
