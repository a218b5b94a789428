import { z } from "zod";
import type { StepKind } from "../../engine/state";
import type { Value } from "../../logic/value";
import type { Problem } from "../../result";
import { key, values } from "./inputs";
import type { EditableValue } from "./run-control";
import type { RunPage } from "./run-page";

/** Names of stages and steps that one debug run may be told of. */
const MAX_NAMES = 5_000;
const name = z.string().max(80);

export const debugRunInput = z.strictObject({
  key,
  definitionId: name,
  version: z.number().int().min(1).max(1_000_000),
  recordId: z.string().max(40).nullable(),
  inputs: values,
  /** Where it begins; null: at the start. */
  startStage: name.nullable(),
  /** Outputs by step name: such a step is taken to have given them. */
  mocks: z.record(name, values).refine((mocks) => Object.keys(mocks).length <= MAX_NAMES, `at most ${MAX_NAMES} steps`),
  /** A real run that one person plays; or one that is undone at once, of which the trace is told. */
  keep: z.boolean(),
});
export type DebugRunInput = Omit<z.output<typeof debugRunInput>, "key">;

/** What the page of a debug run offers for one version. */
export type DebugForm = {
  readonly name: string;
  readonly label: string;
  readonly version: number;
  readonly versions: readonly { readonly version: number; readonly status: "draft" | "active" | "inactive" }[];
  readonly isApproval: boolean;
  /** What keeps a draft from being played. */
  readonly problems: readonly Problem[];
  /** The object that runs are about, where the start names one. */
  readonly object: { readonly name: string; readonly label: string } | null;
  readonly inputs: readonly EditableValue[];
  readonly stages: readonly { readonly value: string; readonly label: string }[];
  readonly steps: readonly {
    readonly name: string;
    readonly label: string;
    readonly kind: StepKind;
    readonly stage: string;
    readonly outputs: readonly EditableValue[];
  }[];
};

/** A record that a rolled back run saved: what it would hold. `name` is null where the viewer may not see it. */
export type TracedRecord = {
  /** 1, 2, … in the order of the saves. */
  readonly seq: number;
  readonly object: string;
  readonly id: string;
  readonly name: string | null;
  readonly change: "created" | "changed" | "deleted";
  readonly fields: readonly { readonly name: string; readonly before: Value; readonly after: Value }[];
};

/** What a rolled back run did: its page as it would be, and what came of it outside. */
export type DebugTrace = {
  readonly page: RunPage;
  /** Why it did not go on to its end; none: it did. */
  readonly stops: readonly string[];
  readonly flows: RunPage["flows"];
  readonly records: readonly TracedRecord[];
  /** Mails that its flows would have sent. */
  readonly mails: readonly { readonly to: string; readonly subject: string }[];
};

export type DebugOutcome = { readonly runId: string } | { readonly trace: DebugTrace };
