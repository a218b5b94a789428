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

/** What is wrong with what was chosen and typed: the record, values by input, and by output of each step. */
export const faultsIn = ({ object }: DebugForm, { recordId, inputs, mocks }: DebugDraft) => ({
  record: object && recordId === null ? `Choose the ${object.label.toLowerCase()} that the run is about` : null,
  inputs: faultsOf(inputs),
  mocks: Object.fromEntries(
    Object.entries(mocks).map(([step, { isTaken, outputs }]) => [step, isTaken ? faultsOf(outputs) : {}]),
  ),
});

export const isRight = (form: DebugForm, draft: DebugDraft): boolean => {
  const { record, inputs, mocks } = faultsIn(form, draft);
  return record === null && [inputs, ...Object.values(mocks)].every((faults) => Object.keys(faults).length === 0);
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
