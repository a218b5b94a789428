"use client";

import {
  Checkbox,
  Group,
  MultiSelect,
  NumberInput,
  Radio,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { LookupSelect } from "@/components/records/lookup-select";
import type { ScreenField as Field } from "@/lib/flow/definition";
import type { Value } from "@/lib/logic/value";

type Props = {
  readonly field: Field;
  readonly value: Value;
  /** What a lookup's id stands for. */
  readonly name?: string | undefined;
  readonly error: string | undefined;
  readonly onChange: (value: Value) => void;
};

/** The id of a field's control; the error summary leads to it. */
export const fieldId = (name: string): string => `field-${name}`;

const text = (value: Value): string => (typeof value === "string" ? value : "");
const texts = (value: Value): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
/** More choices than this are offered in a list that opens. */
const MAX_OPEN_CHOICES = 7;

/** One field of a screen as its type asks for. What is shown and taken is decided by `lib/flow/screen`. */
export function ScreenField({ field, value, name, error, onChange }: Props) {
  const common = {
    id: fieldId(field.name),
    label: field.label,
    description: field.help || undefined,
    withAsterisk: field.required,
    error,
  };
  switch (field.type) {
    case "display_text":
      return (
        <Text fz="sm" style={{ whiteSpace: "pre-wrap" }} maw={640}>
          {field.label}
        </Text>
      );
    case "text":
      return <TextInput {...common} value={text(value)} onChange={(event) => onChange(event.currentTarget.value)} />;
    case "long_text":
      return (
        <Textarea
          {...common}
          autosize
          minRows={3}
          maxRows={14}
          value={text(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "number":
    case "currency":
      return <Amount field={field} common={common} value={value} onChange={onChange} />;
    case "checkbox":
      return (
        <Checkbox
          id={common.id}
          label={<Asterisk field={field} />}
          description={common.description}
          error={error}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "date":
      return (
        <DateInput
          {...common}
          valueFormat="D MMM YYYY"
          placeholder="e.g. 21 Nov 2026"
          clearable
          maw={240}
          value={text(value) || null}
          onChange={(date) => onChange(date)}
        />
      );
    case "picklist":
      return (
        <Select
          {...common}
          data={field.options}
          searchable={field.options.length > MAX_OPEN_CHOICES}
          clearable={!field.required}
          placeholder="Choose"
          value={text(value) || null}
          onChange={(chosen) => onChange(chosen)}
        />
      );
    case "radio":
      return <Choices field={field} common={common} value={value} onChange={onChange} />;
    case "multi_select":
      return <Several field={field} common={common} value={value} onChange={onChange} />;
    case "lookup":
      return (
        <LookupSelect
          {...common}
          to={field.lookup ?? "user"}
          value={text(value) || null}
          chosenLabel={name}
          onChange={(chosen) => onChange(chosen)}
        />
      );
  }
}

type Common = {
  id: string;
  label: string;
  description: string | undefined;
  withAsterisk: boolean;
  error: string | undefined;
};
type PartProps = { field: Field; common: Common; value: Value; onChange: (value: Value) => void };

function Asterisk({ field }: { field: Field }) {
  return (
    <>
      {field.label}
      {field.required && (
        <Text span c="red" aria-hidden>
          {" "}
          *
        </Text>
      )}
    </>
  );
}

function Amount({ field, common, value, onChange }: PartProps) {
  const money = field.type === "currency" ? { decimalScale: 2, fixedDecimalScale: true } : {};
  return (
    <NumberInput
      {...common}
      {...money}
      maw={240}
      thousandSeparator=","
      hideControls
      inputMode="decimal"
      value={typeof value === "number" ? value : ""}
      onChange={(typed) => onChange(typed === "" ? null : Number(typed))}
    />
  );
}

function Choices({ field, common: { id, ...common }, value, onChange }: PartProps) {
  return (
    <Radio.Group {...common} value={text(value)} onChange={(chosen) => onChange(chosen)}>
      <Stack gap={8} mt={6}>
        {field.options.map((option, at) => (
          <Radio key={option.value} {...(at === 0 ? { id } : {})} value={option.value} label={option.label} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function Several({ field, common: { id, ...common }, value, onChange }: PartProps) {
  if (field.options.length > MAX_OPEN_CHOICES)
    return (
      <MultiSelect
        id={id}
        {...common}
        data={field.options}
        searchable
        clearable
        value={texts(value)}
        onChange={(chosen) => onChange(chosen)}
      />
    );
  return (
    <Checkbox.Group {...common} value={texts(value)} onChange={(chosen) => onChange(chosen)}>
      <Group gap="md" mt={6}>
        {field.options.map((option, at) => (
          <Checkbox key={option.value} {...(at === 0 ? { id } : {})} value={option.value} label={option.label} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
