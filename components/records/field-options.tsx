"use client";

import { Group, NumberInput, Select, Text, TextInput } from "@mantine/core";
import { type FieldShape, MAX_DECIMALS, type PicklistValue } from "@/lib/records/schema/object";
import { PicklistValues } from "./picklist-values";

type Options = FieldShape["options"];

/** The values of a picklist that is still being written, as the choice of its default may offer them: whole, and each once. */
export function completeOptions(options: Options): Options {
  const values = (options.values ?? [])
    .map(({ value, label }) => ({ value: value || label, label: label || value }))
    .filter(({ value }) => value.trim() !== "");
  return { ...options, values: [...new Map(values.map((one) => [one.value, one])).values()] };
}

/** Without readonly, as the action's schema takes them. */
export const sendableOptions = ({ values, object, decimals, currency }: Options) => ({
  ...(values ? { values: values.map(({ value, label }) => ({ value: value || label, label })) } : {}),
  ...(object ? { object } : {}),
  ...(decimals === undefined ? {} : { decimals }),
  ...(currency ? { currency } : {}),
});

type OptionsProps = {
  draft: FieldShape;
  isNew: boolean;
  targets: readonly { readonly value: string; readonly label: string }[];
  error: (path: string) => string | null;
  onChange: (options: Options) => void;
};

/** What a field of this type needs to be told beside its label. */
export function TypeOptions({ draft: { type, options }, isNew, targets, error, onChange }: OptionsProps) {
  if (type === "picklist")
    return (
      <PicklistValues
        values={options.values ?? []}
        error={error("options.values")}
        onChange={(values: readonly PicklistValue[]) => onChange({ values: [...values] })}
      />
    );
  if (type === "lookup") {
    return (
      <Select
        id="meta-options.object"
        label="Object"
        withAsterisk
        searchable
        disabled={!isNew}
        description="Whose records it points to"
        data={[...targets]}
        value={options.object ?? null}
        error={error("options.object")}
        onChange={(object) => onChange({ object: object ?? undefined })}
      />
    );
  }
  if (type !== "number" && type !== "currency") return null;
  return (
    <Group grow align="flex-start">
      <NumberInput
        id="meta-options.decimals"
        label="Decimals"
        min={0}
        max={MAX_DECIMALS}
        allowDecimal={false}
        value={options.decimals ?? (type === "currency" ? 2 : 0)}
        error={error("options.decimals")}
        onChange={(next) => onChange({ decimals: typeof next === "number" ? next : undefined })}
      />
      {type === "currency" && (
        <TextInput
          id="meta-options.currency"
          label="Currency"
          maxLength={3}
          value={options.currency ?? "EUR"}
          error={error("options.currency")}
          onChange={(event) => onChange({ currency: event.currentTarget.value.toUpperCase() })}
        />
      )}
      {type === "number" && <Text span />}
    </Group>
  );
}
