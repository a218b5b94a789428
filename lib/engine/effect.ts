import type { Value } from "../logic/value";
import type { Due } from "./approval-definition";
import type { Assignee, Values } from "./state";

/** Answered inside the same transaction; each comes back as a command. */
export type InlineEffect =
  /** `inputs` are the evaluated inputs of the evaluation flow. Comes back as `answer-evaluation` or `answer-evaluation-failed`. */
  | { readonly type: "evaluate-flow"; readonly key: string; readonly flow: string; readonly inputs: Values }
  /** Comes back as `flow-finished` or `flow-failed`. */
  | {
      readonly type: "run-flow";
      readonly stepRunId: string;
      readonly flow: string;
      readonly version: number;
      readonly inputs: Values;
      /** Whose rights it has, by id or username; null: the automated process user's. */
      readonly runAs: string | null;
    }
  /**
   * `value` names a person, group or queue; null when the reference led nowhere. None of `notUsers` may be the one (who asked for an
   * approval may not give it, nor who decided on it in somebody's place). `recordId` is the record that the item will be about. Comes back as `answer-assignee` or `answer-no-assignee`.
   */
  | {
      readonly type: "resolve-assignee";
      readonly stepRunId: string;
      readonly assigneeType: "user" | "group" | "queue" | "resource";
      readonly value: string | null;
      readonly notUsers: readonly string[];
      /** Each member of a group or queue votes on an item of their own (A15). */
      readonly wantsMembers: boolean;
      readonly recordId: string | null;
      /** Who was added to those who decided, before it was sent back or failed: whoever of them is still there is asked again. */
      readonly again: readonly Assignee[];
      /** The person who plays every assignee of a debug run. */
      readonly playedBy: string | null;
    }
  /** Whose work it becomes when nobody did it in time; comes back as `answer-escalation`. */
  | {
      readonly type: "resolve-escalation";
      readonly workItemId: string;
      readonly from: Assignee;
      readonly to: NonNullable<Due["escalate"]>["to"];
      readonly notUsers: readonly string[];
      /** People, groups and queues that have their part in the step already. */
      readonly taken: readonly string[];
    }
  /**
   * Whose an item becomes when one of those who held it decides nothing more of the request: `from` keeps it while somebody there can do it; null:
   * nobody is left to vote. Comes back as `answer-successor`.
   */
  | {
      readonly type: "resolve-successor";
      readonly workItemId: string;
      readonly from: Assignee | null;
      readonly notUsers: readonly string[];
      readonly taken: readonly string[];
    };

/** Leaves with the commit as rows. */
export type DeferredEffect =
  | {
      readonly type: "queue-flow";
      readonly stepRunId: string;
      readonly flow: string;
      readonly version: number;
      readonly runAs: string | null;
    }
  /** Comes back as `flow-finished` or `flow-failed`. */
  | {
      readonly type: "call-operation";
      readonly stepRunId: string;
      readonly operation: string;
      readonly inputs: Values;
    }
  /** The step ended otherwise: what was to be done for it later is void. */
  | { readonly type: "cancel-jobs"; readonly stepRunId: string }
  /** Wake the run at that instant, and at no other. */
  | { readonly type: "wake-at"; readonly at: string }
  /** Anew, when the run holds it already: for another editor. */
  | { readonly type: "lock-record"; readonly recordId: string; readonly editorId: string | null }
  /** Whoever waits for the lock is woken. */
  | { readonly type: "unlock-record"; readonly recordId: string }
  /** One mail to the assignee, or to each member of the group or queue; `assignmentNo` makes it once only. */
  | {
      readonly type: "notify-assignment";
      readonly workItemId: string;
      readonly assignmentNo: number;
      readonly assignee: Assignee;
      readonly subject: string | null;
      readonly body: string | null;
    }
  /** An item that was done before it was written down: nobody is told, and the outbox says so. */
  | { readonly type: "carry-assignment"; readonly workItemId: string }
  /** The assignment is void: mails still queued are withdrawn, drafts are kept. */
  | { readonly type: "withdraw-assignment"; readonly workItemId: string }
  /** What that person was told of it is void, though it stays open for others. */
  | { readonly type: "withdraw-from"; readonly workItemId: string; readonly userId: string }
  /** The `n`-th reminder of an open item. */
  | { readonly type: "notify-reminder"; readonly workItemId: string; readonly n: number }
  /** Whoever asked a question hears that it is answered. */
  | { readonly type: "notify-answer"; readonly workItemId: string }
  /** What the decider saw is kept for later comparison. */
  | {
      readonly type: "seal-decision";
      readonly workItemId: string;
      readonly outcome: string;
      readonly seen: Value;
    }
  /** So is what was submitted. */
  | { readonly type: "keep-submission"; readonly revision: string | null; readonly seen: Value }
  | {
      readonly type: "notify-submitter";
      readonly submissionId: string;
      readonly status: "approved" | "rejected" | "recalled" | "canceled" | "error";
    }
  /** Author and admins hear of a run that failed, or of a stage whose fault path the run followed (`isCaught`); the step that failed, if one did. */
  | {
      readonly type: "notify-failure";
      readonly error: string;
      readonly stepRunId: string | null;
      readonly isCaught?: true;
    };

export type Effect = InlineEffect | DeferredEffect;
