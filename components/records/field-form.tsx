"use client";

import { Checkbox, Group, NumberInput, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { ErrorSummary } from "@/components/ui/error-summary";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { createField, updateField } from "@/lib/records/actions";
import { FIELD_TYPE_LABELS, FIELD_TYPES, type FieldShape, MAX_DECIMALS, type ObjectShape, type PicklistValue } from "@/lib/records/schema/object";
import { FieldInput } from "./field-input";
import { PicklistValues } from "./picklist-values";
import { suggestName } from "./suggest-name";

const EMPTY: FieldShape = { name: "", label: "", type: "text", required: false, defaultValue: null, help: "", options: {}, position: 0 };
const LABELS: Readonly<Record<string, string>> = { label: "Label", name: "API name", type: "Type", help: "Help", defaultValue: "Default", "options.values": "Values", "options.object": "Object", "options.decimals": "Decimals", "options.currency": "Currency" };

type Props = { object: ObjectShape; /** Null: a new one. */ field: FieldShape | null; targets: readonly { value: string; label: string }[]; onSaved: () => void };

/** Makes a field, or changes all of one but its API name, type and, for a lookup, its object. */
export function FieldForm({ object, field, targets, onSaved }: Props) {
  const router = useRouter();
  const [draft, setDraft] = useState<FieldShape>(field ?? EMPTY);
  const onDone = () => {
    onSaved();
    router.refresh();
  };
  const create = useAct(createField, { onDone, success: "Field added" });
  const update = useAct(updateField, { onDone, success: "Saved" });
  const act = field ? update : create;
  const patch = (more: Partial<FieldShape>) => setDraft((before) => ({ ...before, ...more }));
  const relabel = (label: string) => patch({ label, ...(!field && (draft.name === "" || draft.name === suggestName(draft.label)) ? { name: suggestName(label) } : {}) });
  const save = (event: FormEvent) => {
    event.preventDefault();
    const { name, label, type, required, help, options } = draft;
    const defaultValue = typeof draft.defaultValue === "object" || draft.defaultValue === "" ? null : draft.defaultValue;
    const given = { object: object.name, name, label, required, help, defaultValue: defaultValue as string | number | boolean | null, options: sendable(options) };
    if (field) void update.run(given);
    else void create.run({ ...given, type });
  };
  const error = (path: string) => act.errors[path] ?? null;
  const isLookup = draft.type === "lookup" || draft.type === "user";
  return (
    <form onSubmit={save} noValidate aria-label={field ? `Edit field ${field.label}` : "New field"}>
      <Stack gap="md">
        <ErrorSummary problems={act.problems} idOf={(path) => `meta-${path}`} labelOf={(path) => LABELS[path] ?? null} />
        <TextInput id="meta-label" label="Label" withAsterisk autoComplete="off" data-autofocus value={draft.label} error={error("label")} onChange={(event) => relabel(event.currentTarget.value)} />
        <TextInput id="meta-name" label="API name" withAsterisk autoComplete="off" {...(field ? { readOnly: true, variant: "filled" } : {})} description={field ? "Fixed: definitions name it" : "Cannot be changed later"} value={draft.name} error={error("name")} onChange={(event) => patch({ name: event.currentTarget.value })} />
        <Select
          id="meta-type" label="Type" withAsterisk allowDeselect={false} disabled={field !== null} description={field ? "Fixed: records hold values of it" : "Cannot be changed later"}
          data={FIELD_TYPES.map((value) => ({ value, label: FIELD_TYPE_LABELS[value] }))} value={draft.type} maxDropdownHeight={320}
          onChange={(next) => patch({ type: FIELD_TYPES.find((type) => type === next) ?? "text", defaultValue: null })}
        />
        <TypeOptions draft={draft} isNew={!field} targets={targets} error={error} onChange={(options) => patch({ options: { ...draft.options, ...options } })} />
        {draft.type !== "checkbox" && <Checkbox label="Required" description="A record cannot be saved without it." checked={draft.required} onChange={(event) => patch({ required: event.currentTarget.checked })} />}
        {!isLookup && (
          <FieldInput field={{ ...draft, options: complete(draft.options), name: "default", label: "Default", help: "What a new record begins with.", required: false }} value={draft.defaultValue} error={error("defaultValue")} onChange={(defaultValue) => patch({ defaultValue })} />
        )}
        <Textarea id="meta-help" label="Help" description="Shown at the field, where people fill it in." autosize minRows={2} maxRows={6} value={draft.help} error={error("help")} onChange={(event) => patch({ help: event.currentTarget.value })} />
        <Group><SubmitButton isPending={act.isPending}>{field ? "Save field" : "Add field"}</SubmitButton></Group>
      </Stack>
    </form>
  );
}

type Options = FieldShape["options"];

/** The values of a picklist that is still being written, as the choice of its default may offer them: whole, and each once. */
function complete(options: Options): Options {
  const values = (options.values ?? []).map(({ value, label }) => ({ value: value || label, label: label || value })).filter(({ value }) => value.trim() !== "");
  return { ...options, values: [...new Map(values.map((one) => [one.value, one])).values()] };
}

/** Without readonly, as the action's schema takes them. */
const sendable = ({ values, object, decimals, currency }: Options) => ({
  ...(values ? { values: values.map(({ value, label }) => ({ value: value || label, label })) } : {}),
  ...(object ? { object } : {}),
  ...(decimals === undefined ? {} : { decimals }),
  ...(currency ? { currency } : {}),
});

type OptionsProps = { draft: FieldShape; isNew: boolean; targets: Props["targets"]; error: (path: string) => string | null; onChange: (options: Options) => void };

function TypeOptions({ draft: { type, options }, isNew, targets, error, onChange }: OptionsProps) {
  if (type === "picklist") return <PicklistValues values={options.values ?? []} error={error("options.values")} onChange={(values: readonly PicklistValue[]) => onChange({ values: [...values] })} />;
  if (type === "lookup") {
    return <Select id="meta-options.object" label="Object" withAsterisk searchable disabled={!isNew} description="Whose records it points to" data={[...targets]} value={options.object ?? null} error={error("options.object")} onChange={(object) => onChange({ object: object ?? undefined })} />;
  }
  if (type !== "number" && type !== "currency") return null;
  return (
    <Group grow align="flex-start">
      <NumberInput id="meta-options.decimals" label="Decimals" min={0} max={MAX_DECIMALS} allowDecimal={false} value={options.decimals ?? (type === "currency" ? 2 : 0)} error={error("options.decimals")} onChange={(next) => onChange({ decimals: typeof next === "number" ? next : undefined })} />
      {type === "currency" && <TextInput id="meta-options.currency" label="Currency" maxLength={3} value={options.currency ?? "EUR"} error={error("options.currency")} onChange={(event) => onChange({ currency: event.currentTarget.value.toUpperCase() })} />}
      {type === "number" && <Text span />}
    </Group>
  );
}
