"use client";

import { Checkbox, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { DateInput, DateTimePicker } from "@mantine/dates";
import type { ReactNode } from "react";
import { useTime } from "@/components/ui/clock";
import type { Value } from "@/lib/logic/value";
import { type FieldShape, MAX_LONG_TEXT, MAX_TEXT } from "@/lib/records/schema/object";
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

const textOf = (value: Value): string => (value === null ? "" : String(value));

/** The control of one field, by its type. Blank is null. Texts are not cut here: whoever types too much is told, and loses nothing. */
export function FieldInput({ field, value, onChange, error, chosenLabel }: Props) {
  const { zone } = useTime();
  const common = {
    id: inputId(field.name),
    label: field.label,
    description: field.help || null,
    error: error ?? null,
    withAsterisk: field.required,
    "aria-required": field.required,
  };
  switch (field.type) {
    case "long_text":
      return <Textarea {...common} autosize minRows={3} maxRows={16} value={textOf(value)} onChange={(event) => onChange(event.currentTarget.value)} {...lengthHint(value, MAX_LONG_TEXT)} />;
    case "number":
    case "currency":
      return <NumberField {...common} field={field} value={value} onChange={onChange} />;
    case "checkbox":
      return <Checkbox id={common.id} label={common.label} description={common.description} error={common.error} pt={{ base: 0, sm: 28 }} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case "date":
      return <DateInput {...common} clearable={!field.required} valueFormat="D MMM YYYY" placeholder="Pick a day" value={typeof value === "string" ? value : null} onChange={onChange} />;
    case "datetime":
      return (
        <DateTimePicker
          {...common} clearable={!field.required} valueFormat="D MMM YYYY, HH:mm" placeholder="Pick a day and time" description={field.help || `In ${zone.replaceAll("_", " ")} time`}
          value={typeof value === "string" ? wallTime(value, zone) : null}
          onChange={(local) => onChange(local ? instantAt(local, zone) : null)}
        />
      );
    case "picklist":
      return <Select {...common} searchable={(field.options.values ?? []).length > 8} clearable={!field.required} placeholder="Choose" data={[...(field.options.values ?? [])]} value={typeof value === "string" ? value : null} onChange={onChange} />;
    case "lookup":
    case "user":
      return <LookupSelect {...common} clearable={!field.required} to={field.type === "user" ? "user" : (field.options.object ?? "")} value={typeof value === "string" ? value : null} chosenLabel={chosenLabel} onChange={onChange} />;
    case "email":
      return <TextInput {...common} type="email" inputMode="email" autoComplete="off" value={textOf(value)} onChange={(event) => onChange(event.currentTarget.value)} />;
    default:
      return <TextInput {...common} autoComplete="off" value={textOf(value)} onChange={(event) => onChange(event.currentTarget.value)} {...lengthHint(value, MAX_TEXT)} />;
  }
}

const counted = new Intl.NumberFormat("en");

/** From nine tenths of the bound on, how much of it is used. */
function lengthHint(value: Value, limit: number): { rightSection?: ReactNode; description?: string } {
  const length = typeof value === "string" ? value.length : 0;
  return length > limit * 0.9 ? { description: `${counted.format(length)} of ${counted.format(limit)} characters` } : {};
}

type NumberProps = { id: string; label: string; description: string | null; error: ReactNode; withAsterisk: boolean; field: FieldShape; value: Value; onChange: (value: Value) => void };

function NumberField({ field, value, onChange, ...common }: NumberProps) {
  const { decimals, currency } = field.options;
  const shown = typeof value === "number" || typeof value === "string" ? value : "";
  return (
    <NumberInput
      {...common} hideControls thousandSeparator="," decimalScale={decimals ?? 8} inputMode={decimals === 0 ? "numeric" : "decimal"} value={shown}
      onChange={(next) => onChange(next === "" ? null : next)}
      {...(field.type === "currency" ? { suffix: ` ${currency ?? "EUR"}` } : {})}
    />
  );
}
