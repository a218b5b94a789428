import type { Orchestration, StageDefinition, StepDefinition } from "../../../lib/engine/definition";
import type { Assignee, DecidedAs, Failure, ItemFlag, ItemKind, Values, Waits } from "../../../lib/engine/state";
import type {
  CompletionKind,
  RunStatus,
  StageStatus,
  StepStatus,
  SubmissionStatus,
  WorkItemStatus,
} from "../../../lib/engine/status";
import type { World } from "../world";

/**
 * A run as the reference model keeps it: plain objects that it changes in place. Written from the semantics, apart from the engine; all
 * that they share is the shape of definitions and the names of statuses.
 */
export type ModelItem = {
  /** `Stage#round/Step#attempt:n`, the n-th item of its step. */
  readonly key: string;
  readonly kind: ItemKind;
  /** Decided by the votes beneath it. */
  readonly voting: boolean;
  /** Of a vote the group's item, of a question the asker's. */
  readonly parent: ModelItem | null;
  /** Milliseconds; with what the clock has still to do to it. */
  readonly createdAt: number;
  readonly dueAt: number | null;
  rungs: readonly Rung[];
  climbed: number;
  status: WorkItemStatus;
  completionKind: CompletionKind | null;
  assignee: Assignee;
  assignmentNo: number;
  flag: ItemFlag | null;
  /** Somebody gave it to whoever has it, not its process. */
  byHand: boolean;
  claimedBy: string | null;
  completedBy: string | null;
  onBehalfOf: string | null;
  decidedAs: DecidedAs | null;
  outcome: string | null;
  comments: string | null;
  /** Which of all makings and closings they were: instants alone do not tell them apart. */
  readonly madeAs: number;
  closedAs: number;
};

/** A reminder, an escalation or a time-out, in milliseconds. */
export type Rung = { readonly at: number; readonly what: "remind" | "escalate" | "time-out" };

export type ModelStep = {
  /** `Stage#round/Step#attempt`: what both sides call it. */
  readonly key: string;
  readonly definition: StepDefinition;
  readonly stage: ModelStage;
  readonly attempt: number;
  readonly flowVersion: number | null;
  isAsynchronous: boolean;
  status: StepStatus;
  inputs: Values;
  outputs: Values | null;
  /** A failure that waits for the run to be resumed. */
  stored: Failure | null;
  hasError: boolean;
  skipReason: string | null;
  runAs: string | null;
  completedAt: number;
  /** The how manieth thing that any step brought: a greater number came later. */
  broughtAs: number;
  /** Nobody decided it: its own rule, nothing new since the last approval, or the clock. */
  decidedBy: "rule" | "time_out" | null;
  /** In the order in which they were made. */
  readonly items: ModelItem[];
};

export type ModelStage = {
  readonly name: string;
  readonly definition: StageDefinition;
  readonly ordinal: number;
  readonly round: number;
  status: StageStatus;
  /** The newest attempt of each step, in the definition's order. */
  readonly steps: ModelStep[];
};

export type ModelRun = {
  readonly definition: Orchestration;
  readonly world: World;
  readonly startedBy: string;
  readonly recordPrior: Values | null;
  readonly debug: {
    readonly playedBy: string;
    readonly mocks: { readonly [step: string]: Values };
    readonly startStage: string | null;
  } | null;
  status: RunStatus;
  variables: { [name: string]: Values[string] };
  hasError: boolean;
  faultMessage: string | null;
  isStalled: boolean;
  holdsLock: boolean;
  /** A flow took it, until a flow gives it up (2.10). */
  keepsLock: boolean;
  waits: Waits;
  readonly taken: Set<string>;
  submission: SubmissionStatus | null;
  readonly stages: ModelStage[];
  /** Every attempt of every round, in the order of creation. */
  readonly steps: ModelStep[];
  /** Where the walk failed outside any stage, to walk anew; undefined when it did not. */
  failedAt: string | null | undefined;
  /** What steps that have started wait to be given in the same transaction: their synchronous flow, or their assignee. */
  agenda: Question[];
  /** What evaluation flows said when they were last asked; null: they failed. Empty while they cannot be asked. */
  said: Map<string, boolean | null>;
};

export type Question =
  | { readonly step: ModelStep; readonly ask: "flow" | "assignee" }
  | {
      readonly step: ModelStep;
      readonly ask: "escalation";
      readonly item: ModelItem;
      readonly taken: readonly string[];
    }
  | { readonly step: ModelStep; readonly ask: "successor"; readonly item: ModelItem; readonly from: Assignee | null };

let brought = 0;

/** What a step's flow, operation or person brings, or a failure that waits. */
export function brings(step: ModelStep, what: { readonly outputs: Values } | { readonly stored: Failure }): void {
  Object.assign(step, what, { broughtAs: ++brought });
}

export const openItems = ({ items }: ModelStep): ModelItem[] => items.filter(({ status }) => status === "assigned");

export const openStage = ({ stages }: ModelRun): ModelStage | null => {
  const last = stages.at(-1);
  return last?.status === "in_progress" || last?.status === "suspended" ? last : null;
};

export const isHuman = ({ definition: { kind } }: ModelStep): boolean => kind === "interactive" || kind === "approval";
