import type { Proof } from "../logic/schema";
import type { Value } from "../logic/value";
import type { WakeCause } from "./command";
import type {
  Assignee,
  Channel,
  Debug,
  DecidedAs,
  Failure,
  ItemFlag,
  ItemKind,
  PinnedFlow,
  StepKind,
  Submission,
  Values,
  Waits,
} from "./state";
import type { CompletionKind } from "./status";

/**
 * What happened to a run, in the past tense. The history is these, numbered and chained; `apply` folds them into the state.
 * `lib/engine/describe.ts` says for each its subject, statuses and milestone.
 */
export type Event =
  | {
      readonly type: "run-started";
      readonly runId: string;
      readonly kind: "main" | "recall";
      readonly parentRunId?: string;
      readonly record: { readonly object: string; readonly id: string } | null;
      readonly recordPrior: Values | null;
      readonly variables: Values;
      readonly startedBy: string | null;
      /** Absent: its starter. */
      readonly askedBy?: string | null;
      readonly depth: number;
      readonly debug: Debug | null;
    }
  | {
      readonly type: "submission-started";
      readonly submissionId: string;
      readonly submittedBy: string;
      readonly comments: string;
    }
  | {
      readonly type: "submission-changed";
      readonly submissionId: string;
      readonly from: Submission["status"];
      readonly to: Submission["status"];
    }
  | {
      readonly type: "stage-started";
      readonly stageRunId: string;
      readonly name: string;
      readonly ordinal: number;
      readonly round: number;
    }
  /** `inputs`: an admin's, for whenever the step starts, instead of what the definition would give it. */
  | {
      readonly type: "step-created";
      readonly stepRunId: string;
      readonly stageRunId: string;
      readonly name: string;
      readonly kind: StepKind;
      readonly attempt: number;
      readonly flow: PinnedFlow | null;
      readonly isAsynchronous: boolean;
      readonly isRetry: boolean;
      readonly inputs?: Values;
    }
  | {
      readonly type: "step-started";
      readonly stepRunId: string;
      readonly entryProof: Proof;
      readonly inputs: Values;
      readonly runAs: string | null;
    }
  /** Its synchronous flow was not run by the command that began the step, but left to a job: from here on it is asynchronous. */
  | { readonly type: "step-handed-on"; readonly stepRunId: string }
  /** `publishes`: an asynchronous step ended and with it published the Flow Orchestration Event, which makes the run look again (A10). */
  | {
      readonly type: "step-outputs-stored";
      readonly stepRunId: string;
      readonly outputs: Values;
      readonly publishes?: true;
    }
  | ({ readonly type: "step-failure-stored"; readonly stepRunId: string } & Failure)
  | {
      readonly type: "step-skipped";
      readonly stepRunId: string;
      readonly reason: string;
      readonly outputs: Values | null;
    }
  | { readonly type: "variables-set"; readonly stepRunId: string; readonly values: Values }
  | {
      readonly type: "step-completed";
      readonly stepRunId: string;
      readonly exitProof: Proof | null;
      readonly comments: string | null;
    }
  | { readonly type: "step-discontinued"; readonly stepRunId: string }
  | { readonly type: "step-canceled"; readonly stepRunId: string }
  | {
      readonly type: "step-failed";
      readonly stepRunId: string;
      readonly error: string;
      readonly element: string | null;
    }
  | {
      readonly type: "work-item-created";
      readonly workItemId: string;
      readonly stepRunId: string;
      readonly kind: ItemKind;
      readonly label: string;
      readonly assignee: Assignee;
      readonly record: { readonly object: string; readonly id: string } | null;
      readonly flag: ItemFlag | null;
      readonly parentId?: string;
      readonly voting?: true;
      readonly prompt?: string;
      readonly dueAt?: string;
      /** Why an approver was added while the step was going on. */
      readonly reason?: string;
      /** Of an item that a new attempt takes over from the one before: when that was made. */
      readonly madeAt?: string;
    }
  | {
      readonly type: "work-item-reassigned";
      readonly workItemId: string;
      readonly from: Assignee;
      readonly to: Assignee;
      readonly assignmentNo: number;
      readonly reason: string;
      readonly flag: ItemFlag | null;
      /** Somebody gave it on, not the process. */
      readonly byHand?: true;
    }
  | {
      readonly type: "work-item-claimed";
      readonly workItemId: string;
      readonly by: string;
      readonly from: string | null;
    }
  | { readonly type: "work-item-released"; readonly workItemId: string; readonly from: string }
  | { readonly type: "work-item-flagged"; readonly workItemId: string; readonly flag: ItemFlag | null }
  | {
      readonly type: "work-item-completed";
      readonly workItemId: string;
      readonly completionKind: CompletionKind;
      readonly completedBy: string | null;
      readonly onBehalfOf: string | null;
      readonly outcome: string | null;
      readonly comments: string | null;
      readonly decidedAs?: DecidedAs;
      readonly via?: Channel;
      /** When it was really done, of an item that a new attempt takes over. */
      readonly doneAt?: string;
    }
  /** An admin decides in the approvers' place, openly. */
  | { readonly type: "work-item-overridden"; readonly workItemId: string; readonly reason: string }
  | { readonly type: "self-approval-allowed"; readonly workItemId: string }
  /** What the decider saw, as it was: part of the evidence (S79). */
  | { readonly type: "decision-sealed"; readonly workItemId: string; readonly seen: Value }
  /** What was submitted, or by that item sent again, as it was: what is compared with when it is submitted the next time. */
  | {
      readonly type: "submission-sealed";
      readonly submissionId: string;
      readonly revision: string | null;
      readonly seen: Value;
    }
  /** A rung of the due ladder was reached; `ladder` counts them. */
  | { readonly type: "work-item-reminded"; readonly workItemId: string; readonly ladder: number }
  | { readonly type: "work-item-escalated"; readonly workItemId: string; readonly ladder: number }
  /** Approved without anybody: by the step's rule, or because nothing changed since its last approval. */
  | {
      readonly type: "step-auto-approved";
      readonly stepRunId: string;
      readonly by: "rule" | "unchanged";
      readonly proof: Proof;
    }
  | { readonly type: "step-timed-out"; readonly stepRunId: string; readonly outcome: string }
  /** How the request stood then, which nobody decided on. */
  | { readonly type: "time-out-sealed"; readonly stepRunId: string; readonly seen: Value }
  | { readonly type: "stage-completed"; readonly stageRunId: string; readonly exitProof: Proof | null }
  | { readonly type: "stage-failed"; readonly stageRunId: string }
  | { readonly type: "stage-discontinued"; readonly stageRunId: string }
  | { readonly type: "stage-canceled"; readonly stageRunId: string }
  | { readonly type: "stage-suspended"; readonly stageRunId: string }
  | {
      readonly type: "stage-resumed";
      readonly stageRunId: string;
      readonly from: "error" | "discontinued" | "suspended";
    }
  /** The stage's fault path was taken. */
  | { readonly type: "fault-caught"; readonly stageName: string; readonly message: string }
  | { readonly type: "went-to-stage"; readonly stageName: string; readonly reason: string }
  | {
      readonly type: "decision-taken";
      readonly decision: string;
      readonly outcome: string | null;
      readonly proof: Proof | null;
      /** The outcomes that were asked before, in order. */
      readonly notMet?: readonly { readonly outcome: string; readonly proof: Proof }[];
    }
  | { readonly type: "run-woken"; readonly cause: WakeCause }
  | ({ readonly type: "waits-changed" } & Waits)
  | { readonly type: "record-locked"; readonly recordId: string }
  /** By a flow of that step: until a flow gives it up, or the run ends. */
  | {
      readonly type: "lock-kept";
      readonly stepRunId: string;
      readonly keeps: boolean;
      readonly editorId: string | null;
    }
  | { readonly type: "record-unlocked"; readonly recordId: string }
  | { readonly type: "run-stalled"; readonly reason: string }
  /** With the words of whoever let it go on; by itself without. */
  | { readonly type: "run-unstalled"; readonly reason?: string }
  | { readonly type: "run-completed" }
  | { readonly type: "run-failed"; readonly error: string }
  | { readonly type: "run-canceled"; readonly reason: string }
  | { readonly type: "run-suspended"; readonly reason: string }
  | { readonly type: "run-resumed"; readonly reason: string };
