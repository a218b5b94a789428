"use client";

import { List, Select, Text } from "@mantine/core";
import { useState } from "react";
import { goToStage } from "@/lib/runs/actions";
import type { RunControl } from "@/lib/runs/schema/run-control";
import { ReasonDialog } from "./reason-dialog";

type GoTo = NonNullable<RunControl["goTo"]>;

/** Leads a run to a stage. Says by name what is left behind. */
export function GoToStageDialog({ runId, goTo, onClose }: { runId: string; goTo: GoTo; onClose: () => void }) {
  const [stage, setStage] = useState<string | null>(null);
  const [isMissing, setMissing] = useState(false);
  const stages = goTo.stages.map(({ name, label, rounds }) => ({
    value: name,
    label: rounds === 0 ? label : `${label} (round ${rounds + 1})`,
  }));
  const input = () => {
    setMissing(stage === null);
    return stage === null ? null : { runId, stage };
  };
  return (
    <ReasonDialog
      act={goToStage}
      input={input}
      title="Go to a stage"
      effect={<Effect goTo={goTo} />}
      submit="Go there"
      success="The run went there."
      isDanger={goTo.leaves !== null}
      onClose={onClose}
    >
      <Select
        label="Stage"
        required
        searchable={stages.length > 10}
        data={stages}
        value={stage}
        onChange={setStage}
        error={isMissing ? "Choose where the run goes" : undefined}
      />
    </ReasonDialog>
  );
}

function Effect({ goTo: { leaves } }: { goTo: GoTo }) {
  if (!leaves)
    return "The stage that you choose is entered as a new round, with new steps and new work. The run goes on there. This cannot be undone.";
  return (
    <>
      The stage that you choose is entered as a new round, with new steps and new work. “{leaves.label}” is discontinued
      {leaves.steps.length > 0 ? ", and with it:" : "."}
      {leaves.steps.length > 0 && (
        <List size="sm" my={6}>
          {leaves.steps.map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
      )}
      <Text fz="sm">Their open work is withdrawn. What was finished stays as it is. This cannot be undone.</Text>
    </>
  );
}
