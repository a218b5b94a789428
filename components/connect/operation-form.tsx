"use client";

import { Group, NumberInput, Select, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { ErrorSummary } from "@/components/ui/error-summary";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { changeOperation } from "@/lib/connect/actions/operations";
import type { ShownConnection, ShownOperation } from "@/lib/connect/schema/connection";
import { MAX_ATTEMPTS, MAX_TIMEOUT_SECONDS, METHODS } from "@/lib/connect/schema/operation";
import type { Problem } from "@/lib/result";
import { DeleteOperation } from "./delete-operation";
import { ErrorRules } from "./error-rules";
import { draftOf, type OperationDraft, readDraft } from "./operation-draft";

/** The field that a problem's path leads to: `input.properties.a.type` is the field `input`. */
const fieldOf = (path: string): string => path.split(/[.[]/)[0] ?? "";
/** Said with the place inside the field: `properties.a.type must be …`. */
const told = ({ path, message }: Problem): Problem => {
  const inside = path.slice(fieldOf(path).length).replace(/^\./, "");
  return { path, message: inside ? `${inside} ${message}` : message };
};
const LABELS: Readonly<Record<string, string>> = {
  label: "Label",
  connectionId: "Connection",
  method: "Method",
  path: "Path",
  headers: "Headers",
  input: "Inputs",
  output: "Answer",
  timeoutSeconds: "Seconds",
  maxAttempts: "Tries",
  errors: "Other answers",
};

type Props = { operation: ShownOperation; connections: readonly ShownConnection[] };

/** Everything of an operation but its name. */
export function OperationForm({ operation, connections }: Props) {
  const router = useRouter();
  const [draft, setDraft] = useState(() => draftOf(operation));
  /** The one that the draft began with: what somebody else saved since is not overwritten. */
  const [version, setVersion] = useState(operation.version);
  const [unread, setUnread] = useState<readonly Problem[]>([]);
  const [message, setMessage] = useState<string | null>(null);
  const act = useAct(changeOperation, {
    success: `${draft.label} is saved.`,
    onRefused: (refusal) => setMessage(refusal.problems.length > 0 ? null : refusal.message),
    onDone: (saved) => {
      setVersion(saved.version);
      router.refresh();
    },
  });
  const problems = (unread.length > 0 ? unread : act.problems).map(told);
  const patch = (more: Partial<OperationDraft>) => setDraft((before) => ({ ...before, ...more }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMessage(null);
    const read = readDraft(draft);
    setUnread(read.problems ?? []);
    if (read.value) void act.run({ ...read.value, name: operation.name, version });
  };
  return (
    <form onSubmit={submit} noValidate aria-label="Operation">
      <Stack gap="md">
        <FormMessage text={message} />
        <ErrorSummary
          problems={problems}
          idOf={(path) => `operation-${fieldOf(path)}`}
          labelOf={(path) => LABELS[fieldOf(path)] ?? null}
        />
        <Request draft={draft} connections={connections} problems={problems} onChange={patch} />
        <Shapes draft={draft} problems={problems} onChange={patch} />
        <Bounds draft={draft} problems={problems} onChange={patch} />
        <ErrorRules rules={draft.errors} problems={problems} onChange={(errors) => patch({ errors })} />
        <Group justify="space-between">
          <SubmitButton isPending={act.isPending}>Save the operation</SubmitButton>
          <DeleteOperation name={operation.name} label={operation.label} />
        </Group>
      </Stack>
    </form>
  );
}

type PartProps = {
  draft: OperationDraft;
  problems: readonly Problem[];
  onChange: (more: Partial<OperationDraft>) => void;
};

/** What every field has: its id, its label, and what is wrong with it. */
const field = (name: string, problems: readonly Problem[]) => ({
  id: `operation-${name}`,
  label: LABELS[name],
  error: problems.find(({ path }) => fieldOf(path) === name)?.message ?? null,
});

function Request({ draft, connections, problems, onChange }: PartProps & { connections: readonly ShownConnection[] }) {
  const connection = connections.find(({ connectionId }) => connectionId === draft.connectionId);
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          {...field("label", problems)}
          maxLength={255}
          value={draft.label}
          onChange={(event) => onChange({ label: event.currentTarget.value })}
        />
        <Select
          {...field("connectionId", problems)}
          allowDeselect={false}
          data={connections.map((one) => ({ value: one.connectionId, label: one.label }))}
          value={draft.connectionId}
          onChange={(connectionId) => connectionId && onChange({ connectionId })}
        />
      </SimpleGrid>
      <Group align="flex-start" gap="sm">
        <Select
          {...field("method", problems)}
          w={120}
          allowDeselect={false}
          data={[...METHODS]}
          value={draft.method}
          onChange={(text) => onChange({ method: METHODS.find((one) => one === text) ?? draft.method })}
        />
        <TextInput
          {...field("path", problems)}
          flex="1 1 260px"
          description={`After ${connection?.baseUrl ?? "the connection's address"}; {names} stand for inputs`}
          inputWrapperOrder={["label", "input", "description", "error"]}
          spellCheck={false}
          maxLength={2_000}
          value={draft.path}
          onChange={(event) => onChange({ path: event.currentTarget.value })}
        />
      </Group>
      <Textarea
        {...field("headers", problems)}
        description="One a line, as Name: value. The credential and the type of the content are added by themselves."
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        value={draft.headers}
        onChange={(event) => onChange({ headers: event.currentTarget.value })}
      />
    </>
  );
}

function Shapes({ draft, problems, onChange }: PartProps) {
  const area = (name: "input" | "output") => ({
    ...field(name, problems),
    autosize: true,
    minRows: 6,
    maxRows: 24,
    spellCheck: false,
    value: draft[name],
    styles: { input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } },
    onChange: (event: { currentTarget: { value: string } }) => onChange({ [name]: event.currentTarget.value }),
  });
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Textarea
        {...area("input")}
        description="JSON Schema of an object. What stands in no {braces} is the body, or for GET and DELETE the query."
      />
      <Textarea
        {...area("output")}
        description="JSON Schema of what is answered; its properties are the step's outputs. Empty: the answer is not read."
      />
    </SimpleGrid>
  );
}

function Bounds({ draft, problems, onChange }: PartProps) {
  const number = (name: "timeoutSeconds" | "maxAttempts", max: number) => ({
    ...field(name, problems),
    w: 150,
    min: 1,
    max,
    allowDecimal: false,
    value: draft[name],
    onChange: (value: number | string) => onChange({ [name]: Number(value) }),
  });
  return (
    <Group align="flex-start">
      <NumberInput
        {...number("timeoutSeconds", MAX_TIMEOUT_SECONDS)}
        description={`For one try, 1 to ${MAX_TIMEOUT_SECONDS}`}
      />
      <NumberInput {...number("maxAttempts", MAX_ATTEMPTS)} description={`In all, 1 to ${MAX_ATTEMPTS}`} />
    </Group>
  );
}
