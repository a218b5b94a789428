import type { Proof } from "../logic/schema";
import type { Value } from "../logic/value";
import type { Assignee, Channel, Debug, ItemFlag, PinnedFlow, Values } from "./state";

/** Who asks: a person, perhaps in somebody's place, or Baton itself under the automated process user. */
export type Actor =
  | { readonly type: "user"; readonly id: string; readonly onBehalfOf?: string }
  | { readonly type: "system" };

/** Why a run is to look again: a record it reads was saved, an instant came, a lock was given up, or a flow published the event (A10). */
export type WakeCause =
  | { readonly type: "record" }
  | { readonly type: "clock" }
  | { readonly type: "lock" }
  | { readonly type: "flow"; readonly flow: string; readonly runId: string | null };

/** What somebody or something asks of one run. `answer-…` are the world's answers to inline effects of the same transaction. */
export type Command =
  | {
      readonly type: "start";
      readonly runId: string;
      readonly kind: "main" | "recall";
      /** Of a recall path the run that was recalled. */
      readonly parentRunId?: string;
      readonly record: { readonly object: string; readonly id: string } | null;
      readonly recordPrior: Values | null;
      readonly inputs: Values;
      /** Whose request it is, when nobody or somebody else starts it; absent: its starter's. */
      readonly askedBy?: string | null;
      /** Used by approval processes: who asks for the approval, and their words. */
      readonly submission?: { readonly submittedBy: string; readonly comments: string };
      /** Record-triggered starts that led to this one. */
      readonly depth?: number;
      /** `startStage`: begin there instead of at the start. */
      readonly debug?: Omit<Debug, "passedOver"> & { readonly startStage: string | null };
    }
  /**
   * Of approvals the outputs say the outcome (`approvalDecision`: Approve, Reject or a further one) and the words (`approvalComments`), of
   * questions the `answer`, of revisions the `comments`. `seen` is what the decider saw; `via` how they said it, if not in the portal.
   */
  | {
      readonly type: "complete-work-item";
      readonly workItemId: string;
      readonly outputs: Values;
      readonly seen?: Value;
      readonly via?: Channel;
    }
  /** An admin decides in the approvers' place, openly. `seen` as above. */
  | {
      readonly type: "override-work-item";
      readonly workItemId: string;
      readonly outcome: string;
      readonly comments: string;
      readonly seen?: Value;
    }
  /** What a submission that was just made, or by that item sent again, says to its approvers: evidence like `seen`. Changes nothing else. */
  | { readonly type: "seal-submission"; readonly revision: string | null; readonly seen: Value }
  /** How the request stood when nobody had decided that step in time: evidence too, and changes nothing else. */
  | { readonly type: "seal-time-out"; readonly stepRunId: string; readonly seen: Value }
  /** One more has to approve: a vote more in a group, else an item beside the others. */
  | { readonly type: "add-approver"; readonly workItemId: string; readonly to: Assignee; readonly reason: string }
  /** The approver's item keeps its place while somebody answers. */
  | { readonly type: "ask-question"; readonly workItemId: string; readonly to: Assignee; readonly text: string }
  /** A member who has not voted is gone: the rule counts those who are left. */
  | { readonly type: "member-left"; readonly workItemId: string }
  /** The submitter takes the submission back (A21). */
  | { readonly type: "recall"; readonly reason: string }
  | {
      readonly type: "reassign-work-item";
      readonly workItemId: string;
      readonly to: Assignee;
      readonly reason: string;
      readonly flag?: ItemFlag;
    }
  | { readonly type: "claim-work-item"; readonly workItemId: string; readonly takeOver: boolean }
  | { readonly type: "release-work-item"; readonly workItemId: string }
  /** No mail about that assignment reached anybody. */
  | { readonly type: "mail-undelivered"; readonly workItemId: string; readonly assignmentNo: number }
  /** Nobody in the item's group or queue can do it any more. */
  | { readonly type: "nobody-left"; readonly workItemId: string }
  /** Somebody is there again who can. */
  | { readonly type: "somebody-came"; readonly workItemId: string }
  /** Also inline: the answer to `run-flow`. */
  | { readonly type: "flow-finished"; readonly stepRunId: string; readonly outputs: Values }
  /** Inline only: another answer to `run-flow`. The flow is not run now, but by a job. */
  | { readonly type: "flow-handed-on"; readonly stepRunId: string }
  /**
   * A background step's flow keeps the run's record from being changed beyond its own end, or does so no more (2.10). `editorId`: who may change it
   * all the same.
   */
  | {
      readonly type: "keep-lock";
      readonly stepRunId: string;
      readonly keeps: boolean;
      readonly editorId: string | null;
    }
  | {
      readonly type: "flow-failed";
      readonly stepRunId: string;
      readonly error: string;
      readonly element: string | null;
    }
  | { readonly type: "wake"; readonly cause: WakeCause }
  /** The job that was to wake the run is given up: the run waits for a change that it may have missed. */
  | { readonly type: "wake-failed"; readonly error: string }
  | { readonly type: "cancel"; readonly reason: string }
  /**
   * Run in Error: each errored step, and discontinued siblings without stored outputs, get a new attempt (A6). A stalled run looks again at
   * what it waits for.
   */
  | { readonly type: "retry"; readonly reason: string; readonly inputs?: { readonly [step: string]: Values } }
  /** No step starts any more until it is resumed; what ends meanwhile is stored (2.8, A20b). */
  | { readonly type: "suspend"; readonly reason: string }
  | { readonly type: "resume"; readonly reason: string }
  /** Straight to Completed (A20a); `outputs` are what it is taken to have given. */
  | {
      readonly type: "skip-step";
      readonly stepRunId: string;
      readonly reason: string;
      readonly outputs: Values | null;
    }
  | { readonly type: "fail-step"; readonly stepRunId: string; readonly reason: string }
  /** The running stage is discontinued, the named one entered as a new round. */
  | { readonly type: "go-to-stage"; readonly stage: string; readonly reason: string }
  | { readonly type: "answer-evaluation"; readonly key: string; readonly proof: Proof }
  | { readonly type: "answer-evaluation-failed"; readonly key: string; readonly error: string }
  /** `record` is the one on whose page the item will be shown. */
  | {
      readonly type: "answer-assignee";
      readonly stepRunId: string;
      readonly assignee: Assignee;
      readonly flag: ItemFlag | null;
      readonly record: { readonly object: string; readonly id: string } | null;
      /** Who votes, where each member does; none, where nobody of them may. */
      readonly members?: readonly string[];
      /** Who is asked beside them again, as before it was sent back. */
      readonly added?: readonly Assignee[];
    }
  /** Null: there is nobody to whom it could go. */
  | { readonly type: "answer-escalation"; readonly workItemId: string; readonly assignee: Assignee | null }
  /** The item's own assignee: it stays; null: there is nobody. `members`: who votes in the place of a group that has nobody left. */
  | {
      readonly type: "answer-successor";
      readonly workItemId: string;
      readonly assignee: Assignee | null;
      readonly members: readonly string[];
    }
  /** Neither the assignee nor any fallback could be found. */
  | { readonly type: "answer-no-assignee"; readonly stepRunId: string; readonly error: string };

/** Everything the decision may know of the world. Dispatch reads what is asked for here, and nothing else: whoever needs none of it asks for none. */
export type Facts = {
  /** Values of every `$Record.…` path that the definition names, read now; a path that leads nowhere is null. */
  readonly record: Values;
  /** The active version of every flow that the definition names; a flow without one is absent. */
  readonly flows: { readonly [flow: string]: PinnedFlow };
  /** What the answers of evaluation flows rest on beside their inputs: records of these objects, and whether they read the clock. */
  readonly outside?: { readonly [flow: string]: { readonly objects: readonly string[]; readonly clock: boolean } };
  /** What people call those flows, where that is known. */
  readonly flowLabels?: { readonly [flow: string]: string };
  /** Ids of the records and users that each path was read from, the run's own record first; absent: only that one. */
  readonly behind?: { readonly [path: string]: readonly string[] };
  /** By step, what its last approval of the record rested on; of those that may be skipped while nothing changes. */
  readonly approvedBefore?: { readonly [step: string]: Values };
  /** Another run that holds the lock of this run's record, by what people call it too, since an ISO instant. */
  readonly lockedBy?: { readonly runId: string; readonly label: string; readonly since: string } | null;
};

/** What makes a decision repeatable: time and new ids come from outside. */
export type Env = {
  /** ISO instant of the database's clock, later than every event of the commands before. */
  readonly now: string;
  readonly actor: Actor;
  /** 24 letters of a fresh UUIDv7; every new id of this decision is a prefix, these letters and two that count. */
  readonly idSeed: string;
  readonly facts: Facts;
  /** Events of this run so far, before this decision; an evaluation's answer holds only while this stands still. */
  readonly seq: number;
  /** Events that this command may still lead to at once: at most `MAX_EVENTS_AT_ONCE`, less what it has led to; 0 where its time is up. */
  readonly room: number;
  /** Answers of evaluation flows given in this transaction, by key. */
  readonly evaluations: { readonly [key: string]: Proof };
};

/** One question to the engine. */
export type Ask = { readonly command: Command; readonly env: Env };
