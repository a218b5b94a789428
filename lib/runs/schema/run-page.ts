import type { ItemFlag, StepKind } from "../../engine/state";
import type { StageStatus, StepStatus, SubmissionStatus, WorkItemStatus } from "../../engine/status";
import type { ScreenFault } from "../../interviews/list-faults";
import type { Proof } from "../../logic/schema";
import type { Value } from "../../logic/value";
import type { RunRow } from "./list";

export type Named = { readonly type: "user" | "group" | "queue"; readonly id: string; readonly name: string };

/** A work item as the run page shows it under its step. */
export type RunPageItem = {
  readonly workItemId: string;
  readonly status: WorkItemStatus;
  readonly assignee: Named;
  readonly claimedByName: string | null;
  readonly assignedAt: string;
  readonly closedAt: string | null;
  readonly completionKind: "done" | "withdrawn" | "superseded" | null;
  readonly completedByName: string | null;
  readonly outcome: "approve" | "reject" | null;
  readonly comments: string | null;
  readonly flag: ItemFlag | null;
  /** Forms of it that could not go on when they were sent last, and are still open. */
  readonly faults: readonly ScreenFault[];
};

/** A step as the run page shows it: the definition's card, with what became of it (null: its stage has not begun). */
export type RunPageStep = {
  readonly name: string;
  readonly label: string;
  readonly kind: StepKind;
  readonly flow: string | null;
  /** What people call that flow. */
  readonly flowLabel: string | null;
  readonly flowVersion: number | null;
  readonly run: {
    readonly stepRunId: string;
    readonly status: StepStatus;
    readonly attempt: number;
    readonly isAsynchronous: boolean;
    readonly startedAt: string | null;
    readonly endedAt: string | null;
    readonly error: string | null;
    readonly errorElement: string | null;
    readonly inputs: Readonly<Record<string, Value>>;
    readonly outputs: Readonly<Record<string, Value>> | null;
    readonly items: readonly RunPageItem[];
  } | null;
  /** Why it has not started, or has not ended, in one sentence; null when it has ended or its stage is over. */
  readonly why: string | null;
  /** The condition behind the sentence, evaluated now with the values as they are. */
  readonly proof: Proof | null;
};

export type RunPageStage = {
  readonly name: string;
  readonly label: string;
  /** Rounds entered so far; 0: not reached. The steps are those of the latest round, latest attempts. */
  readonly round: number;
  readonly status: StageStatus | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly why: string | null;
  readonly proof: Proof | null;
  readonly steps: readonly RunPageStep[];
};

/** A line of the timeline, oldest first. `title` is words: "Start Step", or what an event without milestone says. */
export type RunPageEvent = {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly milestone: string | null;
  readonly title: string;
  readonly subject: string | null;
  readonly actorName: string | null;
  readonly onBehalfOfName: string | null;
  readonly fromStatus: string | null;
  readonly toStatus: string | null;
  readonly comments: string | null;
};

/** Everything of one run that its page shows. What the viewer may not do is false, and its button is not there. */
export type RunPage = {
  readonly run: RunRow & { readonly processType: "orchestrator" | "approval"; readonly description: string };
  readonly submission: {
    readonly status: SubmissionStatus;
    readonly submittedByName: string;
    readonly comments: string;
    readonly submittedAt: string;
  } | null;
  /** In the order of the definition's elements; decisions between them as taken. */
  readonly stages: readonly RunPageStage[];
  readonly decisions: readonly {
    readonly name: string;
    readonly label: string;
    readonly outcomes: readonly string[];
    readonly taken: string | null;
  }[];
  readonly variables: readonly { readonly name: string; readonly type: string; readonly value: Value }[];
  /** Names of the people and of the run's own record whose ids stand among the values. */
  readonly known: Readonly<Record<string, string>>;
  readonly events: readonly RunPageEvent[];
  /** Whether older events were left out (the newest 500 are shown). */
  readonly hasMoreEvents: boolean;
  readonly mayCancel: boolean;
  readonly mayRetry: boolean;
  readonly mayReassign: boolean;
};
