"use client";

import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { ErrorRule } from "@/lib/connect/schema/operation";
import type { Problem } from "@/lib/result";

const OUTCOMES: readonly { value: ErrorRule["outcome"]; label: string }[] = [
  { value: "fail", label: "The step fails" },
  { value: "retry", label: "It is tried again" },
  { value: "finish", label: "As if it had worked" },
];
const MAX_RULES = 20;

/** What answers mean that are no success, where that is not the usual. */
export function ErrorRules({
  rules,
  problems,
  onChange,
}: {
  rules: readonly ErrorRule[];
  problems: readonly Problem[];
  onChange: (rules: readonly ErrorRule[]) => void;
}) {
  const put = (at: number, more: Partial<ErrorRule>) =>
    onChange(rules.map((rule, index) => (index === at ? { ...rule, ...more } : rule)));
  return (
    <Stack gap="xs" id="operation-errors" tabIndex={-1} role="group" aria-labelledby="errors-title">
      <Text fz="sm" fw={600} id="errors-title">
        Other answers
      </Text>
      <Text fz="xs" c="dimmed">
        Without a rule 408, 425, 429 and 500 to 599 are tried again, and everything else that is no success fails at
        once.
      </Text>
      {rules.map((rule, at) => (
        // Rules have no name of their own, and their place is what they are.
        <Group key={String(at)} gap="xs" align="flex-end">
          <TextInput
            label="Status"
            placeholder="404 or 4xx"
            w={110}
            maxLength={3}
            error={problems.some(({ path }) => path === `errors[${at}].status`)}
            value={rule.status}
            onChange={(event) => put(at, { status: event.currentTarget.value })}
          />
          <Select
            label="Means"
            w={180}
            allowDeselect={false}
            data={[...OUTCOMES]}
            value={rule.outcome}
            onChange={(value) => put(at, { outcome: OUTCOMES.find((one) => one.value === value)?.value ?? "fail" })}
          />
          <TextInput
            label="What the error says first"
            flex="1 1 200px"
            maxLength={500}
            value={rule.message}
            onChange={(event) => put(at, { message: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={`Remove the rule for ${rule.status || "nothing"}`}
            onClick={() => onChange(rules.filter((_, index) => index !== at))}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
      {rules.length < MAX_RULES && (
        <Button
          variant="default"
          size="xs"
          style={{ alignSelf: "start" }}
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...rules, { status: "404", outcome: "fail", message: "" }])}
        >
          Add a rule
        </Button>
      )}
    </Stack>
  );
}
