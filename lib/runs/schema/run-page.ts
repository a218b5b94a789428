import type { ItemFlag, ItemKind, StepKind } from "../../engine/state";
import type { StageStatus, StepStatus, SubmissionStatus, WorkItemStatus } from "../../engine/status";
import type { FlowElement } from "../../flow/definition";
import type { ScreenFault } from "../../interviews/list-faults";
import type { Proof } from "../../logic/schema";
import type { Value } from "../../logic/value";
import type { RunRow } from "./list";
import type { RunControl } from "./run-control";

export type Named = { readonly type: "user" | "group" | "queue"; readonly id: string; readonly name: string };

/** A work item as the run page shows it under its step. */
export type RunPageItem = {
  readonly workItemId: string;
  readonly kind: ItemKind;
  readonly status: WorkItemStatus;
  readonly assignee: Named;
  readonly claimedByName: string | null;
  readonly assignedAt: string;
  readonly closedAt: string | null;
  readonly completionKind: "done" | "withdrawn" | "superseded" | null;
  readonly completedByName: string | null;
  /** "approve", "reject", or the name of a further outcome. */
  readonly outcome: string | null;
  readonly comments: string | null;
  readonly flag: ItemFlag | null;
  /** Whether it is the viewer's to do. */
  readonly isMine: boolean;
  /** Forms of it that could not go on when they were sent last, and are still open. */
  readonly faults: readonly ScreenFault[];
};

/** The calls of an external step's operation so far. `nextAt`: when it is tried again, where it will be. */
export type StepCall = {
  readonly operation: string;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly nextAt: string | null;
};

/** Where a flow failed. Each element after the first is in a flow that the element before it called; `values` are the last flow's. */
export type FlowStop = {
  readonly at: readonly { readonly flow: string; readonly version: number; readonly element: string }[];
  readonly message: string;
  readonly values: readonly { readonly name: string; readonly value: Value }[];
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
    /** A failure that takes effect when the run is resumed. */
    readonly storedFailure: { readonly error: string; readonly element: string | null } | null;
    readonly skipReason: string | null;
    /** In whose name its flow runs; null: as the automated process user. */
    readonly runAsName: string | null;
    readonly call: StepCall | null;
    readonly stop: FlowStop | null;
    readonly items: readonly RunPageItem[];
  } | null;
  /** Why it has not started, or has not ended, in one sentence; null when it has ended or its stage is over. */
  readonly why: string | null;
  /** The condition behind the sentence, evaluated now with the values as they are. */
  readonly proof: Proof | null;
};

/** One entering of a stage. `because`: what brought the run there, where that was no ordinary connector. */
export type StageRound = {
  readonly round: number;
  readonly status: StageStatus;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly because: string | null;
};

export type RunPageStage = {
  readonly name: string;
  readonly label: string;
  /** Where it leads: an element's label, or "End". */
  readonly next: string;
  /** Where it leads when it fails, and whether that has happened; null: the run fails with it. */
  readonly onError: { readonly to: string; readonly isTaken: boolean } | null;
  readonly rounds: readonly StageRound[];
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
  /** How long what ended by it had been going on. */
  readonly seconds: number | null;
  /** What a condition saw that led to it. */
  readonly proof: Proof | null;
  /** Of a decision the outcomes that were asked before the one that was taken. */
  readonly notMet: readonly { readonly name: string; readonly label: string; readonly proof: Proof }[];
  /** The instant that it says the run waits for. */
  readonly dueAt: string | null;
};

/** A record or person by name; `path` is its page, where the viewer may open it. */
export type NamedSubject = { readonly name: string; readonly path: string | null };

/** Which run has a record locked and since when; `runId` is null where it is not the viewer's to open. */
export type LockHolder = {
  readonly label: string;
  readonly since: string;
  readonly runId: string | null;
  readonly isDebug: boolean;
};

/** A run's own lock: since when, whom it lets change the record, by name, and whether a flow's action keeps it beyond its step. */
export type RunLock = { readonly since: string; readonly lets: readonly string[]; readonly isKept: boolean };

/** The lock of a record, for its page. `isAgainstYou`: the viewer has no open work in that run that lets them change it. */
export type RecordLock = LockHolder & { readonly isAgainstYou: boolean };

/**
 * What a run waits for outside of its own work. `objects`: those, in the plural, that an evaluation flow looks through. `lock`: "free" when nobody
 * holds it any more.
 */
export type RunWaits = {
  readonly subjects: readonly NamedSubject[];
  readonly objects: readonly string[];
  readonly dueAt: string | null;
  readonly lock: LockHolder | "free" | null;
};

/** A flow that ran in a debug run: what it passed in order, and what it held at last. */
export type TracedFlow = {
  readonly key: string;
  /** What it ran for: a step's label, or of an evaluation flow perhaps a stage's. */
  readonly of: string;
  /** Of an evaluation flow: what it was asked the last time, and its answer, which is null where it failed. */
  readonly asked: { readonly part: "entry" | "exit" | "stage"; readonly met: boolean | null } | null;
  readonly flow: string;
  readonly version: number;
  readonly status: "open" | "waiting" | "finished" | "failed" | "closed";
  readonly passed: readonly {
    readonly seq: number;
    /** Where it is not the flow itself: the one that it called. */
    readonly flow: string | null;
    readonly element: string;
    readonly type: FlowElement["type"] | null;
    /** Of a decision the way that was taken, and what each outcome saw that was asked. */
    readonly took: string | null;
    readonly asked: readonly { readonly name: string; readonly label: string; readonly proof: Proof }[];
    /** Why it failed. */
    readonly fault: string | null;
  }[];
  /** More was passed than is told. */
  readonly isCut: boolean;
  readonly values: readonly { readonly name: string; readonly value: Value }[];
};

/** Everything of one run that its page shows. What the viewer may not do is false, and its button is not there. */
export type RunPage = {
  readonly run: RunRow & {
    readonly processType: "orchestrator" | "approval";
    readonly description: string;
    /** What its latest fault path was taken for (`$Flow.FaultMessage`). */
    readonly faultMessage: string | null;
    /** How it keeps others from changing its record; null: it does not. */
    readonly lock: RunLock | null;
    /** Who plays every assignee of a debug run. */
    readonly playedByName: string | null;
  };
  readonly waits: RunWaits | null;
  readonly control: RunControl;
  readonly submission: {
    readonly status: SubmissionStatus;
    readonly submittedByName: string;
    readonly comments: string;
    readonly submittedAt: string;
  } | null;
  /** In the order of the definition's elements; decisions between them as taken. */
  readonly stages: readonly RunPageStage[];
  /** What flows passed, of a debug run; for whoever controls it. */
  readonly flows: readonly TracedFlow[];
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
  /** Whether Orchestration Runs is open to the viewer too. */
  readonly maySeeAll: boolean;
  readonly mayReassign: boolean;
  /** Whether the record's page is theirs to open. */
  readonly mayOpenRecord: boolean;
};
