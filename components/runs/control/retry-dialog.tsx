"use client";

import { Divider, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { retryRun } from "@/lib/runs/actions";
import type { RetryStep, RunControl } from "@/lib/runs/schema/run-control";
import { changedValues, type DraftValue, draftOf, faultsOf } from "./draft-value";
import { ReasonDialog } from "./reason-dialog";
import { ValueFields } from "./value-fields";

type Drafts = Readonly<Record<string, readonly DraftValue[]>>;
type Retry = NonNullable<RunControl["retry"]>;

/** Tries the steps of a failed run again, with their inputs as they were or as somebody corrects them; lets a stalled run look again. */
export function RetryDialog({ runId, retry, onClose }: { runId: string; retry: Retry; onClose: () => void }) {
  const { steps } = retry;
  const [drafts, setDrafts] = useState<Drafts>(() =>
    Object.fromEntries(steps.map(({ name, inputs }) => [name, inputs.map(draftOf)])),
  );
  const [areFaultsShown, setFaultsShown] = useState(false);
  const input = () => {
    const isRight = Object.values(drafts).every((values) => Object.keys(faultsOf(values)).length === 0);
    setFaultsShown(!isRight);
    return isRight ? { runId, inputs: editedInputs(steps, drafts) } : null;
  };
  return (
    <ReasonDialog act={retryRun} input={input} {...wordsFor(retry)} submit="Try again" onClose={onClose}>
      {steps.map((step) => (
        <Stack key={step.name} gap="xs">
          <Divider label={step.label} labelPosition="left" />
          {step.isAnswered && (
            <Text fz="sm" c="dimmed">
              This step had ended when another one failed. Its answers are kept, unless you change its inputs.
            </Text>
          )}
          {!step.areKept && step.inputs.length > 0 && (
            <Text fz="sm" c="dimmed">
              Its inputs were too long to be kept. Those that you do not give here are worked out anew.
            </Text>
          )}
          {step.inputs.length === 0 ? (
            <Text fz="sm" c="dimmed">
              It has no inputs.
            </Text>
          ) : (
            <ValueFields
              label={`Inputs of ${step.label}`}
              none={step.areKept ? "No value" : "Not given"}
              drafts={drafts[step.name] ?? []}
              errors={areFaultsShown ? faultsOf(drafts[step.name] ?? []) : {}}
              onChange={(values) => setDrafts({ ...drafts, [step.name]: values })}
            />
          )}
        </Stack>
      ))}
    </ReasonDialog>
  );
}

/** Only what was changed: what was not is taken as it was. */
const editedInputs = (steps: readonly RetryStep[], drafts: Drafts) =>
  Object.fromEntries(
    steps.flatMap(({ name, inputs }) => {
      const changed = changedValues(drafts[name] ?? [], inputs);
      return Object.keys(changed).length > 0 ? [[name, changed] as const] : [];
    }),
  );

function wordsFor({ of, steps }: Retry) {
  if (of === "stalled")
    return {
      title: "Let the run look again",
      effect:
        "What the run waits for is looked at again, with the values as they are now. If nothing has changed, it stays stalled.",
      success: "The run looked again.",
    };
  if (steps.length === 0)
    return {
      title: "Go on from where the run failed",
      effect:
        "The run failed between two stages. The way from the last stage is walked again, with the values as they are now.",
      success: "The run goes on.",
    };
  return {
    title: steps.length === 1 ? "Try the failed step again" : "Try the stopped steps again",
    effect:
      "The step that failed starts anew, and so do the steps that were stopped with it. What people typed before is still there. You can correct what each is given.",
    success: "Started again.",
  };
}
