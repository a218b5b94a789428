"use client";

import { Checkbox, Fieldset, Input, Stack, Text } from "@mantine/core";
import type { DebugForm } from "@/lib/runs/schema/debug";
import { ValueFields } from "../control/value-fields";
import type { DebugDraft } from "./use-debug-draft";

type Mocks = DebugDraft["mocks"];
type Props = {
  readonly steps: DebugForm["steps"];
  readonly mocks: Mocks;
  readonly faults: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly onChange: (mocks: Mocks) => void;
};

/** Which steps are not done but taken to have given these outputs. */
export function DebugMocks({ steps, mocks, faults, onChange }: Props) {
  return (
    <Fieldset legend={<Input.Label component="span">Mocked steps</Input.Label>} variant="unstyled" p={0}>
      <Text fz="sm" c="dimmed" mb="sm">
        A mocked step is not done: it is taken to have given what you say here.
      </Text>
      <Stack gap="sm">
        {steps.map((step) => (
          <Mock
            key={step.name}
            step={step}
            mock={mocks[step.name] ?? { isTaken: false, outputs: [] }}
            faults={faults[step.name] ?? {}}
            onChange={(mock) => onChange({ ...mocks, [step.name]: mock })}
          />
        ))}
      </Stack>
    </Fieldset>
  );
}

function Mock({
  step,
  mock: { isTaken, outputs },
  faults,
  onChange,
}: {
  step: DebugForm["steps"][number];
  mock: Mocks[string];
  faults: Readonly<Record<string, string>>;
  onChange: (mock: Mocks[string]) => void;
}) {
  return (
    <Stack gap="xs">
      <Checkbox
        label={step.label}
        description={step.stage}
        checked={isTaken}
        onChange={(event) => onChange({ isTaken: event.currentTarget.checked, outputs })}
      />
      {isTaken && outputs.length > 0 && (
        <Stack pl="xl">
          <ValueFields
            label={`Outputs of ${step.label}`}
            none="Not given"
            drafts={outputs}
            errors={faults}
            onChange={(changed) => onChange({ isTaken, outputs: changed })}
          />
        </Stack>
      )}
    </Stack>
  );
}
