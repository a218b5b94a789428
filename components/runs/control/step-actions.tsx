"use client";

import { Button, Divider, Group, Text } from "@mantine/core";
import { IconPlayerSkipForward, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { failStep, skipStep } from "@/lib/runs/actions";
import type { StepControl } from "@/lib/runs/schema/run-control";
import { draftOf, faultsOf, givenValues } from "./draft-value";
import { ReasonDialog } from "./reason-dialog";
import { ValueFields } from "./value-fields";

type Of = { readonly runId: string; readonly step: StepControl };

/** What an admin can do to one step that has not ended: take it as done, or make it fail. */
export function StepActions({ runId, step }: Of) {
  const [open, setOpen] = useState<"skip" | "fail" | null>(null);
  const close = () => setOpen(null);
  return (
    <Group gap="xs">
      {step.maySkip && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerSkipForward size={16} />}
          onClick={() => setOpen("skip")}
        >
          Skip…
        </Button>
      )}
      {step.mayFail && (
        <Button size="xs" variant="default" leftSection={<IconX size={16} />} onClick={() => setOpen("fail")}>
          Fail…
        </Button>
      )}
      {open === "skip" && <SkipDialog runId={runId} step={step} onClose={close} />}
      {open === "fail" && (
        <ReasonDialog
          act={failStep}
          input={() => ({ runId, stepRunId: step.stepRunId })}
          title={`Fail “${step.label}”`}
          effect="The step ends in Error with your reason, and its stage with it: the fault path is taken where there is one, else the run stops until the step is tried again. Open work of the stage is withdrawn."
          submit="Fail the step"
          success="The step has failed."
          isDanger
          onClose={close}
        />
      )}
    </Group>
  );
}

function SkipDialog({ runId, step, onClose }: Of & { onClose: () => void }) {
  const [drafts, setDrafts] = useState(() => step.outputs.map(draftOf));
  const [areFaultsShown, setFaultsShown] = useState(false);
  const input = () => {
    const isRight = Object.keys(faultsOf(drafts)).length === 0;
    setFaultsShown(!isRight);
    const given = givenValues(drafts);
    const outputs = Object.keys(given).length > 0 ? given : null;
    return isRight ? { runId, stepRunId: step.stepRunId, outputs } : null;
  };
  return (
    <ReasonDialog
      act={skipStep}
      input={input}
      title={`Skip “${step.label}”`}
      effect="The step counts as completed without being done, and the run goes on. Its open work is withdrawn. This cannot be undone."
      submit="Skip the step"
      success="The step was skipped."
      isDanger
      onClose={onClose}
    >
      {drafts.length > 0 && (
        <>
          <Divider label="What it is taken to have given" labelPosition="left" />
          <Text fz="sm" c="dimmed">
            Later steps and conditions may read these outputs.
          </Text>
          <ValueFields
            label={`Outputs of ${step.label}`}
            none="Not given"
            drafts={drafts}
            onChange={(values) => setDrafts([...values])}
            errors={areFaultsShown ? faultsOf(drafts) : {}}
          />
        </>
      )}
    </ReasonDialog>
  );
}
