"use client";

import { ActionIcon, Button, Group, Input, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { newKey } from "@/components/ui/new-key";
import type { PicklistValue } from "@/lib/records/schema/object";
import { MoveButtons, moved } from "./move-buttons";

type Props = {
  values: readonly PicklistValue[];
  error: string | null;
  onChange: (values: readonly PicklistValue[]) => void;
};

/** The values of a picklist in their order. A value's text is what records store; its label may change at any time. */
export function PicklistValues({ values, error, onChange }: Props) {
  // Rows have no id of their own; keys travel with them, so that the focus stays in the row that is moved.
  const [keys, setKeys] = useState<readonly string[]>(() => values.map(() => newKey()));
  const set = (at: number, more: Partial<PicklistValue>) =>
    onChange(values.map((one, other) => (other === at ? { ...one, ...more } : one)));
  const move = (at: number, by: number) => {
    setKeys(moved(keys, at, by));
    onChange(moved(values, at, by));
  };
  const remove = (at: number) => {
    setKeys(keys.filter((_, other) => other !== at));
    onChange(values.filter((_, other) => other !== at));
  };
  const add = () => {
    setKeys([...keys, newKey()]);
    onChange([...values, { value: "", label: "" }]);
  };
  return (
    <Input.Wrapper
      label="Values"
      withAsterisk
      error={error}
      description="Records keep what they hold when a value is taken away here."
    >
      <Stack gap="xs" mt="xs" id="meta-options.values" tabIndex={-1}>
        {values.length > 0 && (
          <Group gap="xs" wrap="nowrap" aria-hidden>
            <Text fz="xs" c="dimmed" flex={1}>
              Label
            </Text>
            <Text fz="xs" c="dimmed" flex={1}>
              Stored as
            </Text>
            <div style={{ width: 106 }} />
          </Group>
        )}
        {values.map((one, at) => (
          <Group key={keys[at] ?? one.value} gap="xs" wrap="nowrap">
            <TextInput
              flex={1}
              aria-label={`Label of value ${at + 1}`}
              value={one.label}
              onChange={(event) => set(at, { label: event.currentTarget.value })}
            />
            <TextInput
              flex={1}
              aria-label={`Value ${at + 1} as stored`}
              placeholder={one.label}
              value={one.value}
              onChange={(event) => set(at, { value: event.currentTarget.value })}
            />
            <MoveButtons label={one.label} at={at} count={values.length} onMove={(by) => move(at, by)}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={`Take ${one.label} away`}
                onClick={() => remove(at)}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </MoveButtons>
          </Group>
        ))}
        <Group>
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
            Add value
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}
