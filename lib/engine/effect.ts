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
    }
  /**
   * `value` names a person, group or queue; null when the reference led nowhere. `notUser` may not be the one (who asked for an approval
   * may not give it). `recordId` is the record that the item will be about. Comes back as `answer-assignee` or `answer-no-assignee`.
   */
  | {
      readonly type: "resolve-assignee";
      readonly stepRunId: string;
      readonly assigneeType: "user" | "group" | "queue" | "resource";
      readonly value: string | null;
      readonly notUser: string | null;
      readonly recordId: string | null;
    };

/** Leaves with the commit as rows. */
export type DeferredEffect =
  | { readonly type: "queue-flow"; readonly stepRunId: string; readonly flow: string; readonly version: number }
  /** One mail to the assignee, or to each member of the group or queue; `assignmentNo` makes it once only. */
  | {
      readonly type: "notify-assignment";
      readonly workItemId: string;
      readonly assignmentNo: number;
      readonly assignee: Assignee;
      readonly subject: string | null;
      readonly body: string | null;
    }
  /** The assignment is void: mails still queued are withdrawn, drafts are kept. */
  | { readonly type: "withdraw-assignment"; readonly workItemId: string }
  | {
      readonly type: "notify-submitter";
      readonly submissionId: string;
      readonly status: "approved" | "rejected" | "canceled" | "error";
    }
  /** Author and admins hear of a run that failed. */
  | { readonly type: "notify-failure"; readonly error: string };

export type Effect = InlineEffect | DeferredEffect;
