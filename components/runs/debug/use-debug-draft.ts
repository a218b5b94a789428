"use client";

import { useState } from "react";
import type { Value } from "@/lib/logic/value";
import type { DebugForm } from "@/lib/runs/schema/debug";
import { type DraftValue, draftOf, faultsOf, givenValues } from "../control/draft-value";

/** What is typed into the form of a debug run. */
export type DebugDraft = {
  readonly recordId: string | null;
  readonly inputs: readonly DraftValue[];
  readonly startStage: string | null;
  /** By step name: its outputs, and whether they are taken. */
  readonly mocks: Readonly<Record<string, { readonly isTaken: boolean; readonly outputs: readonly DraftValue[] }>>;
  readonly keep: boolean;
};

export function useDebugDraft(form: DebugForm) {
  const [draft, setDraft] = useState<DebugDraft>(() => ({
    recordId: null,
    inputs: form.inputs.map(draftOf),
    startStage: null,
    mocks: Object.fromEntries(
      form.steps.map(({ name, outputs }) => [name, { isTaken: false, outputs: outputs.map(draftOf) }]),
    ),
    keep: false,
  }));
  const change = (changed: Partial<DebugDraft>) => setDraft((before) => ({ ...before, ...changed }));
  return { draft, change };
}

/** What is wrong with the values that were typed, by input, and by output of each step. */
export const faultsIn = ({ inputs, mocks }: DebugDraft) => ({
  inputs: faultsOf(inputs),
  mocks: Object.fromEntries(
    Object.entries(mocks).map(([step, { isTaken, outputs }]) => [step, isTaken ? faultsOf(outputs) : {}]),
  ),
});

export const isRight = (draft: DebugDraft): boolean => {
  const { inputs, mocks } = faultsIn(draft);
  return [inputs, ...Object.values(mocks)].every((faults) => Object.keys(faults).length === 0);
};

/** The draft as the action takes it. */
export const inputOf = (form: DebugForm, { recordId, inputs, startStage, mocks, keep }: DebugDraft) => ({
  definitionId: form.name,
  version: form.version,
  recordId,
  inputs: givenValues(inputs),
  startStage,
  mocks: Object.fromEntries(
    Object.entries(mocks).flatMap(([step, { isTaken, outputs }]): [string, Record<string, Value>][] =>
      isTaken ? [[step, givenValues(outputs)]] : [],
    ),
  ),
  keep,
});
