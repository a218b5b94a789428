import type { Proof } from "../logic/schema";
import type { Value } from "../logic/value";
import type { CompletionKind, RunStatus, StageStatus, StepStatus, SubmissionStatus, WorkItemStatus } from "./status";

/**
 * One run, whole. The rows of run, stage_run, step_run, work_item and submission are this state, and this state is the fold of the
 * run's history. Instants are ISO texts from the command; maps of values are plain objects read by own property only.
 */
export type Values = { readonly [name: string]: Value };

export type Assignee = { readonly type: "user" | "group" | "queue"; readonly id: string };

/** Why somebody must look at an item (A16). */
export type ItemFlag = "fallback" | "inactive_assignee" | "not_notified";

export type Run = {
  readonly id: string;
  readonly kind: "main" | "child" | "recall";
  readonly status: RunStatus;
  readonly record: { readonly object: string; readonly id: string } | null;
  /** The record before the change that started the run; frozen (A7). */
  readonly recordPrior: Values | null;
  readonly variables: Values;
  readonly startedBy: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly stalledSince: string | null;
  readonly stalledReason: string | null;
  readonly error: string | null;
  /** Whether a wait on the run's own record is open. */
  readonly waitsForRecord: boolean;
};

export type StageRun = {
  readonly id: string;
  readonly name: string;
  /** 1, 2, … in the order in which stages were entered. */
  readonly ordinal: number;
  /** 1, 2, … for the same stage entered again. */
  readonly round: number;
  readonly status: StageStatus;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly exitProof: Proof | null;
};

/** The version of the step's flow, pinned when its stage began; null for an approval step without a flow or when none was active. */
export type PinnedFlow = { readonly version: number; readonly isAsynchronous: boolean };

export type StepRun = {
  readonly id: string;
  readonly stageRunId: string;
  readonly name: string;
  readonly kind: "interactive" | "approval" | "background";
  readonly status: StepStatus;
  readonly attempt: number;
  readonly flow: PinnedFlow | null;
  readonly isAsynchronous: boolean;
  readonly entryMetAt: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly entryProof: Proof | null;
  readonly exitProof: Proof | null;
  readonly inputs: Values;
  /** Null until the step's flow ended. */
  readonly outputs: Values | null;
  readonly error: string | null;
  readonly errorElement: string | null;
};

export type WorkItem = {
  readonly id: string;
  readonly stepRunId: string;
  readonly kind: "interactive" | "approval";
  readonly status: WorkItemStatus;
  readonly label: string;
  readonly assignee: Assignee;
  readonly assignmentNo: number;
  readonly assignedAt: string;
  readonly claimedBy: string | null;
  readonly record: { readonly object: string; readonly id: string } | null;
  readonly createdAt: string;
  readonly closedAt: string | null;
  readonly completionKind: CompletionKind | null;
  readonly completedBy: string | null;
  readonly onBehalfOf: string | null;
  readonly outcome: "approve" | "reject" | null;
  readonly comments: string | null;
  readonly flag: ItemFlag | null;
};

export type Submission = {
  readonly id: string;
  readonly status: SubmissionStatus;
  readonly submittedBy: string;
  readonly comments: string;
  readonly submittedAt: string;
  readonly endedAt: string | null;
};

export type RunState = {
  readonly run: Run;
  readonly stages: readonly StageRun[];
  /** All attempts of all rounds, in the order of their creation. */
  readonly steps: readonly StepRun[];
  readonly items: readonly WorkItem[];
  readonly submission: Submission | null;
};
