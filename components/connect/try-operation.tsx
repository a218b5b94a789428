"use client";

import { Alert, Badge, Code, Group, Stack, Text, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { tryOperation } from "@/lib/connect/actions/operations";
import type { ShownOperation } from "@/lib/connect/schema/connection";
import type { Trial } from "@/lib/connect/schema/operation";
import type { Value } from "@/lib/logic/value";

const EXAMPLES: Readonly<Record<string, Value>> = {
  string: "",
  number: 0,
  integer: 0,
  boolean: false,
  array: [],
  object: {},
};

/** Inputs to begin with: each that is known, with a value of its kind. */
function exampleOf({ input }: ShownOperation): string {
  const entries = Object.entries(input.properties ?? {}).map(([name, { type, enum: allowed }]): [string, Value] => [
    name,
    allowed?.[0] ?? EXAMPLES[typeof type === "string" ? type : (type[0] ?? "null")] ?? null,
  ]);
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}

function readInputs(text: string): { readonly [name: string]: Value } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as { [name: string]: Value })
      : null;
  } catch {
    // Told at the field.
    return null;
  }
}

/** Calls the operation once, as it is saved, and shows what came of it. */
export function TryOperation({ operation }: { operation: ShownOperation }) {
  const [text, setText] = useState(() => exampleOf(operation));
  const [trial, setTrial] = useState<Trial | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  const [isWrong, setWrong] = useState(false);
  const act = useAct(tryOperation, { onDone: setTrial, onRefused: (refusal) => setMessage(refusal.message) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const inputs = readInputs(text);
    setWrong(inputs === null);
    setMessage(null);
    setTrial(null);
    if (inputs) void act.run({ name: operation.name, inputs });
  };
  return (
    <form onSubmit={submit} noValidate aria-label="Try it">
      <Stack gap="md">
        <FormMessage text={message} />
        <Textarea
          label="Inputs"
          description="A JSON object. The request is made for real, with the guards and the credential that a step has."
          autosize
          minRows={3}
          maxRows={16}
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
          error={isWrong ? "must be a JSON object, such as {}" : null}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <SubmitButton isPending={act.isPending} variant="default" style={{ alignSelf: "start" }}>
          Try it
        </SubmitButton>
        <div role="status">{trial && <Result trial={trial} />}</div>
      </Stack>
    </form>
  );
}

function Result({ trial: { status, text, milliseconds, outputs, error, mayRetry } }: { trial: Trial }) {
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Badge color={error === null ? "teal" : "red"}>{status ?? "No answer"}</Badge>
        <Text fz="sm" c="dimmed">
          {milliseconds} ms
        </Text>
      </Group>
      {error !== null && (
        <Alert color="red" variant="light" title={mayRetry ? "A step would try again" : "A step would fail"}>
          <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
            {error}
          </Text>
        </Alert>
      )}
      {outputs !== null && <Shown label="Outputs of the step" text={JSON.stringify(outputs, null, 2)} />}
      {text !== null && <Shown label="What was answered" text={text || "(nothing)"} />}
    </Stack>
  );
}

/** Data, never markup. */
function Shown({ label, text }: { label: string; text: string }) {
  return (
    <Stack gap={4}>
      <Text fz="sm" fw={500}>
        {label}
      </Text>
      <Code
        block
        tabIndex={0}
        aria-label={label}
        role="region"
        style={{ maxHeight: 320, overflow: "auto", whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
      >
        {text}
      </Code>
    </Stack>
  );
}
