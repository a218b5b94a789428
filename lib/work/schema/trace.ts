import type { DecidedAs, ItemKind } from "../../engine/state";
import type { StageStatus, StepStatus, WorkItemStatus } from "../../engine/status";
import type { Proof } from "../../logic/schema";
import type { SealedFile } from "../../records/schema/sealed-file";
import type { Steer } from "../schema";

/** One item of a submission's tree; the votes and questions beneath it are its `children`. */
export type TracedItem = {
  readonly workItemId: string;
  readonly kind: ItemKind;
  readonly status: WorkItemStatus;
  readonly assignee: { readonly type: "user" | "group" | "queue"; readonly name: string };
  /** The outcome's label; null: not decided. */
  readonly said: string | null;
  readonly completionKind: "done" | "withdrawn" | "superseded" | null;
  /** A vote of somebody who is not in the group any more: it does not count. */
  readonly hasLeft: boolean;
  readonly byName: string | null;
  readonly onBehalfOfName: string | null;
  readonly decidedAs: DecidedAs | null;
  readonly comments: string | null;
  /** Of a question or a revision what was asked. */
  readonly prompt: string | null;
  readonly assignedAt: string;
  readonly closedAt: string | null;
  /** What was attached when this was decided; empty while it is not. */
  readonly files: readonly SealedFile[];
  /** What the reader can do about it; null: nothing. */
  readonly steer: Steer | null;
  readonly children: readonly TracedItem[];
};

export type TracedStage = {
  readonly key: string;
  readonly label: string;
  readonly round: number;
  readonly status: StageStatus;
  readonly steps: readonly {
    readonly key: string;
    readonly label: string;
    readonly status: StepStatus;
    /** Of a step that nobody decided. */
    readonly decidedBy: "rule" | "unchanged" | "time_out" | null;
    /** Why an admin skipped it; null: it was not. */
    readonly skipReason: string | null;
    /** Why it began, with the values seen; null where that is not the reader's to know. */
    readonly proof: Proof | null;
    readonly items: readonly TracedItem[];
  }[];
};

/** What was said in a submission so far: with what it was submitted, and the stages that were entered. */
export type SoFar = {
  readonly submittedByName: string;
  readonly submittedAt: string;
  readonly comments: string;
  readonly stages: readonly TracedStage[];
};
