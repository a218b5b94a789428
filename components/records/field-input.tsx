"use client";

import { Checkbox, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { DateInput, DateTimePicker } from "@mantine/dates";
import type { ReactNode } from "react";
import { useTime } from "@/components/ui/clock";
import type { Value } from "@/lib/logic/value";
import { type FieldShape, type FieldType, MAX_DECIMALS, MAX_LONG_TEXT, MAX_TEXT } from "@/lib/records/schema/object";
import { LookupSelect } from "./lookup-select";
import { instantAt, wallTime } from "./zone-time";

export const inputId = (field: string): string => `field-${field}`;

type Props = {
  readonly field: FieldShape;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly error?: ReactNode;
  /** What a lookup's present value is called. */
  readonly chosenLabel?: string | undefined;
};

/** The cross that empties a control. */
const clearing = ({ label, required }: FieldShape) => ({
  clearable: !required,
  clearButtonProps: { "aria-label": `Clear ${label}` },
});
const textOf = (value: Value): string => (value === null ? "" : String(value));

type Common = {
  readonly id: string;
  readonly label: string;
  readonly description: string | null;
  readonly error: ReactNode;
  readonly withAsterisk: boolean;
  readonly "aria-required": boolean;
};
type ControlProps = Omit<Props, "error"> & { readonly common: Common };

/** The control of one field, by its type. Blank is null. Texts are not cut here: whoever types too much is told, and loses nothing. */
export function FieldInput({ field, value, onChange, error, chosenLabel }: Props) {
  const common: Common = {
    id: inputId(field.name),
    label: field.label,
    description: field.help || null,
    error: error ?? null,
    withAsterisk: field.required,
    "aria-required": field.required,
  };
  const Control = CONTROLS[field.type];
  return <Control common={common} field={field} value={value} onChange={onChange} chosenLabel={chosenLabel} />;
}

function TextControl({ common, field, value, onChange }: ControlProps) {
  const kind = field.type === "email" ? ({ type: "email", inputMode: "email" } as const) : lengthHint(value, MAX_TEXT);
  return (
    <TextInput
      {...common}
      autoComplete="off"
      value={textOf(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...kind}
    />
  );
}

function LongTextControl({ common, value, onChange }: ControlProps) {
  return (
    <Textarea
      {...common}
      autosize
      minRows={3}
      maxRows={16}
      value={textOf(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...lengthHint(value, MAX_LONG_TEXT)}
    />
  );
}

function TickControl({ common: { id, label, description, error }, value, onChange }: ControlProps) {
  const change = (isTicked: boolean) => onChange(isTicked);
  return (
    <Checkbox
      id={id}
      label={label}
      description={description}
      error={error}
      pt={{ base: 0, sm: 28 }}
      checked={value === true}
      onChange={(event) => change(event.currentTarget.checked)}
    />
  );
}

function DayControl({ common, field, value, onChange }: ControlProps) {
  const day = typeof value === "string" ? value : null;
  return (
    <DateInput
      {...common}
      {...clearing(field)}
      valueFormat="D MMM YYYY"
      placeholder="Pick a day"
      value={day}
      onChange={onChange}
    />
  );
}

/** In the viewer's zone, which is told where the field has no help of its own. */
function InstantControl({ common, field, value, onChange }: ControlProps) {
  const { zone } = useTime();
  return (
    <DateTimePicker
      {...common}
      {...clearing(field)}
      valueFormat="D MMM YYYY, HH:mm"
      placeholder="Pick a day and time"
      description={field.help || `In ${zone.replaceAll("_", " ")} time`}
      value={typeof value === "string" ? wallTime(value, zone) : null}
      onChange={(wall) => onChange(wall ? instantAt(wall, zone) : null)}
    />
  );
}

function PicklistControl({ common, field, value, onChange }: ControlProps) {
  const offered = field.options.values ?? [];
  // What is no longer offered stays chosen until somebody chooses something else.
  const isGone = typeof value === "string" && !offered.some((one) => one.value === value);
  return (
    <Select
      {...common}
      searchable={offered.length > 8}
      {...clearing(field)}
      placeholder="Choose"
      data={[...offered, ...(isGone ? [{ value, label: `${value} (no longer offered)` }] : [])]}
      value={typeof value === "string" ? value : null}
      onChange={onChange}
    />
  );
}

function LookupControl({ common, field, value, onChange, chosenLabel }: ControlProps) {
  return (
    <LookupSelect
      {...common}
      {...clearing(field)}
      to={field.type === "user" ? "user" : (field.options.object ?? "")}
      value={typeof value === "string" ? value : null}
      chosenLabel={chosenLabel}
      onChange={onChange}
    />
  );
}

const counted = new Intl.NumberFormat("en");

/** From nine tenths of the bound on, how much of it is used. */
function lengthHint(value: Value, limit: number): { rightSection?: ReactNode; description?: string } {
  const length = typeof value === "string" ? value.length : 0;
  return length > limit * 0.9
    ? { description: `${counted.format(length)} of ${counted.format(limit)} characters` }
    : {};
}

function NumberControl({ common, field, value, onChange }: ControlProps) {
  const { decimals, currency } = field.options;
  return (
    <NumberInput
      {...common}
      hideControls
      thousandSeparator=","
      decimalScale={decimals ?? MAX_DECIMALS}
      inputMode={decimals === 0 ? "numeric" : "decimal"}
      value={typeof value === "number" || typeof value === "string" ? value : ""}
      onChange={(next) => onChange(next === "" ? null : next)}
      {...(field.type === "currency" ? { suffix: ` ${currency ?? "EUR"}` } : {})}
    />
  );
}

const CONTROLS: Readonly<Record<FieldType, (props: ControlProps) => ReactNode>> = {
  text: TextControl,
  long_text: LongTextControl,
  email: TextControl,
  number: NumberControl,
  currency: NumberControl,
  checkbox: TickControl,
  date: DayControl,
  datetime: InstantControl,
  picklist: PicklistControl,
  lookup: LookupControl,
  user: LookupControl,
};
