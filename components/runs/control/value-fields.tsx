"use client";

import { Group, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useId } from "react";
import type { DraftValue } from "./draft-value";

const KINDS = [
  { value: "text", label: "Text" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "True or false" },
  { value: "json", label: "JSON" },
];

type Props = {
  readonly drafts: readonly DraftValue[];
  readonly onChange: (drafts: readonly DraftValue[]) => void;
  readonly errors: Readonly<Record<string, string>>;
  /** What a value that is left open is called: "No value", "Not given". */
  readonly none: string;
  /** What they are, for whoever hears the page: "Inputs of Pay". */
  readonly label: string;
};

/** Values by name, each as text, number, true or false, or JSON. What was typed stays when its kind is changed. */
export function ValueFields({ drafts, onChange, errors, none, label }: Props) {
  const put = (changed: DraftValue) => onChange(drafts.map((draft) => (draft.name === changed.name ? changed : draft)));
  return (
    <Stack gap="xs" role="group" aria-label={label}>
      {drafts.map((draft) => (
        <ValueField key={draft.name} draft={draft} onChange={put} error={errors[draft.name]} none={none} />
      ))}
    </Stack>
  );
}

function ValueField({
  draft,
  onChange,
  error,
  none,
}: {
  draft: DraftValue;
  onChange: (draft: DraftValue) => void;
  error: string | undefined;
  none: string;
}) {
  const id = useId();
  const { name, kind } = draft;
  const choose = (chosen: string | null) => {
    const next = KINDS.find(({ value }) => value === chosen)?.value as DraftValue["kind"] | undefined;
    const text = next === "boolean" && draft.text !== "false" ? "true" : draft.text;
    onChange({ ...draft, kind: next ?? "none", text });
  };
  return (
    <Stack gap={4}>
      <Text component="label" htmlFor={id} fz="sm" fw={500} style={{ overflowWrap: "anywhere" }}>
        {name}
      </Text>
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <Select
          aria-label={`Kind of ${name}`}
          w={132}
          style={{ flexShrink: 0 }}
          allowDeselect={false}
          data={[...KINDS, { value: "none", label: none }]}
          value={kind}
          onChange={choose}
          {...(kind === "none" ? { id } : {})}
        />
        <Editor id={id} draft={draft} error={error} onText={(text) => onChange({ ...draft, text })} />
      </Group>
    </Stack>
  );
}

function Editor({
  id,
  draft: { kind, text },
  error,
  onText,
}: {
  id: string;
  draft: DraftValue;
  error: string | undefined;
  onText: (text: string) => void;
}) {
  const common = { id, error, flex: 1, miw: 0 } as const;
  switch (kind) {
    case "none":
      return null;
    case "boolean":
      return (
        <Select
          {...common}
          allowDeselect={false}
          data={["true", "false"]}
          value={text}
          onChange={(t) => t && onText(t)}
        />
      );
    case "number":
      return (
        <TextInput
          {...common}
          inputMode="decimal"
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
        />
      );
    default:
      return (
        <Textarea
          {...common}
          autosize
          minRows={1}
          maxRows={10}
          {...(kind === "json" ? { styles: { input: { fontFamily: "var(--mantine-font-family-monospace)" } } } : {})}
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
        />
      );
  }
}
