"use client";

import { Button, Group, Pill, Popover, Select, Stack, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { IconFilterPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { formatDay } from "@/lib/logic/display";
import { filterFields } from "@/lib/records/schema/columns";
import { formatValue } from "@/lib/records/schema/format-value";
import { type ListFilter, type ListOperator, OPERATORS_OF } from "@/lib/records/schema/list";
import type { FieldShape, ObjectShape } from "@/lib/records/schema/object";
import { LookupSelect } from "./lookup-select";

const WORDS: Readonly<Record<ListOperator, string>> = {
  contains: "contains",
  equals: "is",
  not_equals: "is not",
  starts_with: "begins with",
  ends_with: "ends with",
  greater_than: "is more than",
  greater_than_or_equal: "is at least",
  less_than: "is less than",
  less_than_or_equal: "is at most",
  is_blank: "is empty",
};
const isTemporal = ({ type }: FieldShape): boolean => type === "date" || type === "datetime";
const TEMPORAL_WORDS: Partial<Record<ListOperator, string>> = {
  greater_than_or_equal: "is on or after",
  less_than: "is before",
  equals: "is on",
};
const wordOf = (operator: ListOperator, field: FieldShape): string =>
  (isTemporal(field) ? TEMPORAL_WORDS[operator] : undefined) ?? WORDS[operator];

type Names = Readonly<Record<string, string>>;

function sentence({ field: name, operator, value }: ListFilter, object: ObjectShape, names: Names): string {
  const field = filterFields(object).find((one) => one.name === name);
  if (!field) return `${name} (no such field)`;
  if (operator === "is_blank") return `${field.label} ${value === "true" ? "is empty" : "is not empty"}`;
  const isDay = /^\d{4}-\d\d-\d\d$/.test(value);
  const shown =
    isTemporal(field) && isDay
      ? formatDay(value)
      : field.type === "checkbox"
        ? value === "true"
          ? "Yes"
          : "No"
        : (names[value] ?? formatValue(value, field));
  return `${field.label} ${wordOf(operator, field)} ${shown}`;
}

/** The filters of a list in words, each with a button that takes it away. */
export function FilterChips({
  object,
  filters,
  names,
  onChange,
}: {
  object: ObjectShape;
  filters: readonly ListFilter[];
  names: Names;
  onChange: (filters: ListFilter[]) => void;
}) {
  if (filters.length === 0) return null;
  return (
    <Group gap="xs" role="group" aria-label="Filters">
      {filters.map((filter, at) => {
        const text = sentence(filter, object, names);
        const without = () => onChange(filters.filter((_, other) => other !== at));
        return (
          <Pill
            key={`${filter.field} ${filter.operator} ${filter.value}`}
            size="md"
            withRemoveButton
            onRemove={without}
            removeButtonProps={{ "aria-label": `Remove filter: ${text}`, tabIndex: 0, "aria-hidden": false }}
          >
            {text}
          </Pill>
        );
      })}
      {filters.length > 1 && (
        <Button variant="subtle" size="compact-xs" onClick={() => onChange([])}>
          Clear all
        </Button>
      )}
    </Group>
  );
}

/** Makes one filter: field, operator, value; what is offered follows the field's type. */
export function AddFilter({ object, onAdd }: { object: ObjectShape; onAdd: (filter: ListFilter) => void }) {
  const [isOpen, setOpen] = useState(false);
  const add = (filter: ListFilter) => {
    onAdd(filter);
    setOpen(false);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={320} trapFocus shadow="md" withinPortal>
      <Popover.Target>
        <Button variant="default" leftSection={<IconFilterPlus size={16} />} onClick={() => setOpen((open) => !open)}>
          Filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Add a filter">
        {isOpen && <FilterForm object={object} onAdd={add} />}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Choices for "is empty" are two operators to people, and one with a value in the address. */
function operatorChoices(field: FieldShape) {
  return OPERATORS_OF[field.type]
    .flatMap((operator) =>
      operator === "is_blank"
        ? [
            { value: "is_blank:true", label: "is empty" },
            { value: "is_blank:false", label: "is not empty" },
          ]
        : [{ value: operator as string, label: wordOf(operator, field) }],
    )
    .filter(({ value }) => !(field.required && value.startsWith("is_blank") && field.position === 0));
}

function FilterForm({ object, onAdd }: { object: ObjectShape; onAdd: (filter: ListFilter) => void }) {
  const fields = filterFields(object);
  const [name, setName] = useState<string | null>(null);
  const [operator, setOperator] = useState<string | null>(null);
  const [value, setValue] = useState("");
  const field = fields.find((one) => one.name === name);
  const [word, fixed] = operator?.split(":") ?? [];
  const given = fixed ?? value;
  const choose = (next: string | null) => {
    const chosen = fields.find((one) => one.name === next);
    setName(next);
    setOperator(chosen ? (operatorChoices(chosen)[0]?.value ?? null) : null);
    setValue("");
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (field && word && given) onAdd({ field: field.name, operator: word as ListOperator, value: given });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Select
          label="Field"
          searchable
          data-autofocus
          data={fields.map((one) => ({ value: one.name, label: one.label }))}
          value={name}
          onChange={choose}
          comboboxProps={{ withinPortal: false }}
          maxDropdownHeight={240}
        />
        {field && (
          <Select
            label="Condition"
            allowDeselect={false}
            data={operatorChoices(field)}
            value={operator}
            onChange={setOperator}
            comboboxProps={{ withinPortal: false }}
          />
        )}
        {field && fixed === undefined && <FilterValue field={field} value={value} onChange={setValue} />}
        <Button type="submit" disabled={!field || given === ""} fullWidth>
          Add filter
        </Button>
      </Stack>
    </form>
  );
}

function FilterValue({
  field,
  value,
  onChange,
}: {
  field: FieldShape;
  value: string;
  onChange: (value: string) => void;
}) {
  const inside = { withinPortal: false };
  switch (field.type) {
    case "checkbox":
      return (
        <Select
          label="Value"
          data={[
            { value: "true", label: "Yes" },
            { value: "false", label: "No" },
          ]}
          value={value || null}
          onChange={(next) => onChange(next ?? "")}
          comboboxProps={inside}
        />
      );
    case "picklist":
      return (
        <Select
          label="Value"
          searchable
          data={[...(field.options.values ?? [])]}
          value={value || null}
          onChange={(next) => onChange(next ?? "")}
          comboboxProps={inside}
        />
      );
    case "lookup":
    case "user":
      return (
        <LookupSelect
          label="Value"
          to={field.type === "user" ? "user" : (field.options.object ?? "")}
          value={value || null}
          onChange={(next) => onChange(next ?? "")}
          comboboxProps={inside}
        />
      );
    case "date":
    case "datetime":
      return (
        <DateInput
          label="Day"
          valueFormat="D MMM YYYY"
          value={value || null}
          onChange={(next) => onChange(next ?? "")}
          popoverProps={inside}
        />
      );
    default:
      return (
        <TextInput
          label="Value"
          maxLength={255}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          inputMode={field.type === "number" || field.type === "currency" ? "decimal" : "text"}
        />
      );
  }
}
