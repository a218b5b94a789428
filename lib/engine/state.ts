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
export type ItemFlag =
  | "fallback"
  | "inactive_assignee"
  | "not_notified"
  | "nobody_left"
  | "record_withheld"
  | "not_escalated";

/** `question`: what an approver asked somebody; `revision`: what was sent back to its submitter. */
export type ItemKind = "interactive" | "approval" | "question" | "revision";

/** What a run that came to rest waits for outside its own items and jobs (A8, A22); all empty: nothing. */
export type Waits = {
  /** Ids of the records and users that open conditions read, the run's own record and its parents alike; sorted. */
  readonly records: readonly string[];
  /** Objects any of whose records an evaluation flow may look at; sorted. */
  readonly objects: readonly string[];
  /** The next instant at which the clock alone may change an answer. */
  readonly dueAt: string | null;
  /** When to look once more at objects that the run began to wait for; `dueAt` is no later. Absent: there is nothing to look at once more. */
  readonly recheckAt?: string;
  /** The record that another run holds and that a step of this one wants to lock. */
  readonly lock: string | null;
};

/** A run that somebody plays through to try a version (semantics 5.6). */
export type Debug = {
  /** The person who stands in for every assignee. */
  readonly playedBy: string;
  /** Outputs by step name: such a step is not done but taken to have given them. */
  readonly mocks: { readonly [step: string]: Values };
  /** Steps before the stage at which it began: what those of them gave that are mocked is there to be read. */
  readonly passedOver?: readonly string[];
};

export type Run = {
  readonly id: string;
  readonly kind: "main" | "child" | "recall";
  /** Of a recall path the run that was recalled. */
  readonly parentRunId: string | null;
  readonly status: RunStatus;
  readonly record: { readonly object: string; readonly id: string } | null;
  /** The record before the change that started the run; frozen (A7). */
  readonly recordPrior: Values | null;
  readonly variables: Values;
  readonly startedBy: string | null;
  /** Whose request it is, whoever or whatever began it: what its flows ask for is theirs too. */
  readonly askedBy: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly stalledSince: string | null;
  readonly stalledReason: string | null;
  readonly error: string | null;
  /** What the latest fault path was taken for; `$Flow.FaultMessage`. */
  readonly faultMessage: string | null;
  readonly waits: Waits;
  /** Whether the run holds the lock of its own record (A22). */
  readonly holdsLock: boolean;
  /** Whether a flow took it, for longer than its step is in progress. */
  readonly keepsLock: boolean;
  /** Outcomes of decisions that were taken, as `Decision.Outcome`, the default one by its decision's name; each once. */
  readonly taken: readonly string[];
  /** Record-triggered starts that lie behind this one. */
  readonly depth: number;
  readonly debug: Debug | null;
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

export type StepKind = "interactive" | "approval" | "background" | "external";

/** Why a step failed, and in which element of its flow. */
export type Failure = { readonly error: string; readonly element: string | null };

export type StepRun = {
  readonly id: string;
  readonly stageRunId: string;
  readonly name: string;
  readonly kind: StepKind;
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
  /** A failure that came while the run was suspended and takes effect when it is resumed (A20b). */
  readonly storedFailure: Failure | null;
  /** The how manieth of the run's answers its outputs or stored failure are: stored ones take effect in this order. Null: none came. */
  readonly answerNo: number | null;
  /** Why somebody skipped it (A20a). */
  readonly skipReason: string | null;
  /** Whose rights its flow has, by id or username; null: the automated process user's (3.5). */
  readonly runAs: string | null;
  /** Of an approval step that nobody decided: by its rule, because nothing had changed, or by the clock. */
  readonly decidedBy: "rule" | "unchanged" | "time_out" | null;
};

export type WorkItem = {
  readonly id: string;
  readonly stepRunId: string;
  /** Of a vote the item of the whole group; of a question the item of whoever asked. */
  readonly parentId: string | null;
  readonly kind: ItemKind;
  /** Decided by the votes of its children; nobody works on it itself. */
  readonly voting: boolean;
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
  /** "approve", "reject", or the name of a further outcome. */
  readonly outcome: string | null;
  readonly comments: string | null;
  readonly flag: ItemFlag | null;
  readonly decidedAs: DecidedAs | null;
  /** What is asked, of a question or a revision. */
  readonly prompt: string | null;
  readonly dueAt: string | null;
  /** Reminders and escalations so far. */
  readonly ladder: number;
  /** Given to whom it is by somebody's hand, not by its process. */
  readonly byHand: boolean;
};

/** By what an approver said it, other than in the portal (6.7). */
export type Channel = "email";

/** In what role somebody decided; an admin openly, in the approvers' place. */
export type DecidedAs = "assignee" | "delegate" | "admin";

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
