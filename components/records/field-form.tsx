"use client";

import { Checkbox, Group, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { ErrorSummary } from "@/components/ui/error-summary";
import { SubmitButton } from "@/components/ui/submit-button";
import { FIELD_TYPE_LABELS, FIELD_TYPES, type FieldShape, type ObjectShape } from "@/lib/records/schema/object";
import { FieldInput } from "./field-input";
import { completeOptions, TypeOptions } from "./field-options";
import { useFieldDraft } from "./use-field-draft";

const LABELS: Readonly<Record<string, string>> = {
  label: "Label",
  name: "API name",
  type: "Type",
  help: "Help",
  defaultValue: "Default",
  "options.values": "Values",
  "options.object": "Object",
  "options.decimals": "Decimals",
  "options.currency": "Currency",
};

type Props = {
  object: ObjectShape;
  /** Null: a new one. */
  field: FieldShape | null;
  targets: readonly { readonly value: string; readonly label: string }[];
  onSaved: () => void;
};

/** Makes a field, or changes all of one but its API name, type and, for a lookup, its object. */
export function FieldForm({ object, field, targets, onSaved }: Props) {
  const { draft, patch, relabel, save, error, problems, isPending } = useFieldDraft({ object, field, onSaved });
  return (
    <form onSubmit={save} noValidate aria-label={field ? `Edit field ${field.label}` : "New field"}>
      <Stack gap="md">
        <ErrorSummary problems={problems} idOf={(path) => `meta-${path}`} labelOf={(path) => LABELS[path] ?? null} />
        <Identity draft={draft} isNew={!field} error={error} onLabel={relabel} onChange={patch} />
        <TypeOptions
          draft={draft}
          isNew={!field}
          targets={targets}
          error={error}
          onChange={(options) => patch({ options: { ...draft.options, ...options } })}
        />
        {draft.type !== "checkbox" && (
          <Checkbox
            label="Required"
            description="A record cannot be saved without it."
            checked={draft.required}
            onChange={(event) => patch({ required: event.currentTarget.checked })}
          />
        )}
        <DefaultInput draft={draft} error={error("defaultValue")} onChange={patch} />
        <Textarea
          id="meta-help"
          label="Help"
          description="Shown at the field, where people fill it in."
          autosize
          minRows={2}
          maxRows={6}
          value={draft.help}
          error={error("help")}
          onChange={(event) => patch({ help: event.currentTarget.value })}
        />
        <Group>
          <SubmitButton isPending={isPending}>{field ? "Save field" : "Add field"}</SubmitButton>
        </Group>
      </Stack>
    </form>
  );
}

type IdentityProps = {
  draft: FieldShape;
  isNew: boolean;
  error: (path: string) => string | null;
  onLabel: (label: string) => void;
  onChange: (more: Partial<FieldShape>) => void;
};

function Identity({ draft, isNew, error, onLabel, onChange }: IdentityProps) {
  return (
    <>
      <TextInput
        id="meta-label"
        label="Label"
        withAsterisk
        autoComplete="off"
        data-autofocus
        value={draft.label}
        error={error("label")}
        onChange={(event) => onLabel(event.currentTarget.value)}
      />
      <TextInput
        id="meta-name"
        label="API name"
        withAsterisk
        autoComplete="off"
        {...(isNew ? {} : { readOnly: true, variant: "filled" })}
        description={isNew ? "Cannot be changed later" : "Fixed: definitions name it"}
        value={draft.name}
        error={error("name")}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      {isNew ? (
        <Select
          id="meta-type"
          label="Type"
          withAsterisk
          allowDeselect={false}
          description="Cannot be changed later"
          data={FIELD_TYPES.map((value) => ({ value, label: FIELD_TYPE_LABELS[value] }))}
          value={draft.type}
          maxDropdownHeight={320}
          onChange={(next) =>
            onChange({ type: FIELD_TYPES.find((type) => type === next) ?? "text", defaultValue: null })
          }
        />
      ) : (
        <TextInput
          label="Type"
          readOnly
          variant="filled"
          description="Fixed: records hold values of it"
          value={FIELD_TYPE_LABELS[draft.type]}
        />
      )}
    </>
  );
}

type DefaultProps = { draft: FieldShape; error: string | null; onChange: (more: Partial<FieldShape>) => void };

/** A lookup has no default: what it would point to may not be there, or not for everybody. */
function DefaultInput({ draft, error, onChange }: DefaultProps) {
  if (draft.type === "lookup" || draft.type === "user") return null;
  const help = "What a new record begins with.";
  const field = {
    ...draft,
    options: completeOptions(draft.options),
    name: "default",
    label: "Default",
    help,
    required: false,
  };
  return (
    <FieldInput
      field={field}
      value={draft.defaultValue}
      error={error}
      onChange={(defaultValue) => onChange({ defaultValue })}
    />
  );
}
