import { Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** A list of a section's things. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }} aria-label={label}>
      {children}
    </Stack>
  );
}

/** One thing: its name, facts under it, and what can be done with it. */
export function Row({ title, facts, actions }: { title: ReactNode; facts: ReactNode; actions: ReactNode }) {
  return (
    <Group component="li" justify="space-between" wrap="nowrap" gap="sm" align="flex-start">
      <Stack gap={2} miw={0}>
        <Group gap="xs" fz="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
          {title}
        </Group>
        <Text fz="xs" c="dimmed" component="div" style={{ overflowWrap: "anywhere" }}>
          {facts}
        </Text>
      </Stack>
      <Group gap={4} wrap="nowrap">
        {actions}
      </Group>
    </Group>
  );
}

/** Where a section has nothing yet. */
export const Nothing = ({ children }: { children: ReactNode }) => (
  <Text fz="sm" c="dimmed">
    {children}
  </Text>
);
