"use client";

import { Alert, Button, Radio, Stack, Text } from "@mantine/core";
import { IconArrowsSplit2 } from "@tabler/icons-react";
import { useState } from "react";
import { Moment } from "@/components/ui/moment";
import type { ScreenField } from "@/lib/flow/definition";
import type { Values } from "@/lib/flow/interview";
import type { Value } from "@/lib/logic/value";

type Side = "mine" | "theirs";
type Props = {
  readonly fields: readonly ScreenField[];
  readonly mine: Values;
  readonly theirs: Values;
  readonly at: string;
  readonly onChosen: (values: Values) => void;
};

const same = (a: Value | undefined, b: Value | undefined): boolean =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** How a value reads when two of them are compared. */
function shown(field: ScreenField, value: Value | undefined): string {
  if (value === null || value === undefined || value === "") return "empty";
  if (typeof value === "boolean") return value ? "ticked" : "not ticked";
  const named = (each: Value) => field.options.find((option) => option.value === each)?.label ?? String(each);
  return Array.isArray(value) ? value.map((each) => named(each)).join(", ") : named(value);
}

/** The same form was filled in elsewhere too: both values of each field that differs, and a choice for each. Nothing is lost meanwhile. */
export function DraftConflict({ fields, mine, theirs, at, onChosen }: Props) {
  const differing = fields.filter(
    (field) => field.type !== "display_text" && !same(mine[field.name], theirs[field.name]),
  );
  const [sides, setSides] = useState<Readonly<Record<string, Side>>>({});
  const choose = () => {
    const taken = differing
      .filter(({ name }) => sides[name] === "theirs")
      .map(({ name }) => [name, theirs[name] ?? null]);
    onChosen({ ...mine, ...Object.fromEntries(taken) });
  };
  return (
    <Alert
      color="orange"
      icon={<IconArrowsSplit2 size={18} />}
      role="alert"
      title="This form was also changed in another window"
    >
      <Stack gap="sm">
        <Text fz="sm">
          It was saved there at <Moment at={at} form="time" />. Choose what to keep; nothing is saved until then.
        </Text>
        {differing.map((field) => (
          <Radio.Group
            key={field.name}
            label={field.label}
            value={sides[field.name] ?? "mine"}
            onChange={(side) => setSides((before) => ({ ...before, [field.name]: side as Side }))}
          >
            <Stack gap={4} mt={4}>
              <Radio value="mine" label={`Here: ${shown(field, mine[field.name])}`} />
              <Radio value="theirs" label={`There: ${shown(field, theirs[field.name])}`} />
            </Stack>
          </Radio.Group>
        ))}
        <Button size="xs" w="fit-content" onClick={choose}>
          Keep these values
        </Button>
      </Stack>
    </Alert>
  );
}
