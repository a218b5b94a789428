"use client";

import { Button, Checkbox, Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ErrorSummary } from "@/components/ui/error-summary";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import type { Value } from "@/lib/logic/value";
import { startOrchestration } from "@/lib/runs/actions";
import type { Startable, StartInput } from "@/lib/runs/loaders";

type Props = {
  readonly startable: Pick<Startable, "definitionId" | "label" | "button" | "inputs">;
  readonly recordId: string | null;
  readonly onStarted: (runId: string) => void;
  readonly onCancel: () => void;
};

const HINTS: Readonly<Partial<Record<StartInput["type"], string>>> = {
  user: "A username, e-mail address or id",
  record: "The id of a record, as it stands in its address",
  datetime: "In your time zone",
};

/** Asks for a definition's inputs and starts it with them. */
export function StartForm({ startable, recordId, onStarted, onCancel }: Props) {
  const { definitionId, label, button, inputs } = startable;
  const [typed, setTyped] = useState<Record<string, Value>>(() =>
    Object.fromEntries(inputs.map(({ name, default: preset }) => [name, preset])),
  );
  const [refusal, setRefusal] = useState<string | null>(null);
  const act = useAct(startOrchestration, {
    onDone: ({ runId }) => onStarted(runId),
    onRefused: ({ message }) => setRefusal(message),
    success: "Started",
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    setRefusal(null);
    void act.run({ definitionId, recordId, inputs: Object.fromEntries(inputs.map((input) => sentAs(input, typed))) });
  };
  return (
    <form onSubmit={send} noValidate aria-label={`Start ${label}`}>
      <Stack gap="md">
        <ErrorSummary
          problems={refusal && act.problems.length === 0 ? [{ path: "", message: refusal }] : act.problems}
          idOf={() => null}
          title="This was not started"
        />
        {inputs.length === 0 && <Text fz="sm">This starts “{label}”.</Text>}
        {inputs.map((input) => (
          <Field
            key={input.name}
            input={input}
            value={typed[input.name] ?? null}
            onChange={(value) => setTyped((all) => ({ ...all, [input.name]: value }))}
          />
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Not now
          </Button>
          <SubmitButton isPending={act.isPending}>{button}</SubmitButton>
        </Group>
      </Stack>
    </form>
  );
}

/** What is sent: nothing typed is no value, and a local date and time becomes an instant. */
function sentAs({ name, type }: StartInput, typed: Readonly<Record<string, Value>>): [string, Value] {
  const value = typed[name] ?? null;
  if (value === "") return [name, null];
  if (type !== "datetime" || typeof value !== "string") return [name, value];
  const at = Date.parse(value);
  return [name, Number.isNaN(at) ? value : new Date(at).toISOString()];
}

type FieldProps = {
  readonly input: StartInput;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
};

function Field({ input: { name, type }, value, onChange }: FieldProps) {
  const common = { label: name, description: HINTS[type] };
  if (type === "boolean")
    return (
      <Checkbox {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
    );
  if (type === "number" || type === "currency") {
    const shown = typeof value === "number" ? value : "";
    return (
      <NumberInput {...common} value={shown} onChange={(next) => onChange(typeof next === "number" ? next : null)} />
    );
  }
  const kind = type === "date" ? "date" : type === "datetime" ? "datetime-local" : "text";
  return (
    <TextInput
      {...common}
      type={kind}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
