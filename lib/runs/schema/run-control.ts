import type { Value } from "../../logic/value";
import type { Named } from "./run-page";

/** How a value is edited; `json` for lists, records and whatever else. */
export type ValueKind = "text" | "number" | "boolean" | "json";

/** A value that somebody may give by hand: an input of a step that is tried again, or an output of one that is skipped. */
export type EditableValue = { readonly name: string; readonly kind: ValueKind; readonly value: Value };

/** A step that would be tried again, with its inputs as they were. */
export type RetryStep = {
  readonly name: string;
  readonly label: string;
  readonly inputs: readonly EditableValue[];
  /** False: its inputs were too long to be kept, and what is not given by hand is evaluated anew. */
  readonly areKept: boolean;
  /** It had ended when another step failed: its answers are kept, unless its inputs are changed. */
  readonly isAnswered: boolean;
};

/** What can be done to one step now. */
export type StepControl = {
  readonly stepRunId: string;
  readonly label: string;
  readonly maySkip: boolean;
  readonly mayFail: boolean;
  /** What it is known to give; all without a value. */
  readonly outputs: readonly EditableValue[];
};

/** What this person can do to a run as it stands. What they may not, or what cannot be done now, is false, null or not there. */
export type RunControl = {
  readonly runId: string;
  readonly title: string;
  readonly mayCancel: boolean;
  readonly maySuspend: boolean;
  readonly mayResume: boolean;
  /** No steps: the run looks again at what it waits for, or goes on from where it failed between two stages. */
  readonly retry: { readonly of: "failed" | "stalled"; readonly steps: readonly RetryStep[] } | null;
  readonly goTo: {
    readonly stages: readonly { readonly name: string; readonly label: string; readonly rounds: number }[];
    /** The stage that would be left, with the steps of it that would be discontinued. */
    readonly leaves: { readonly label: string; readonly steps: readonly string[] } | null;
  } | null;
  readonly steps: readonly StepControl[];
  /** Open work that can be given to somebody else. */
  readonly items: readonly { readonly workItemId: string; readonly label: string; readonly assignee: Named }[];
};
