import { Group, Text } from "@mantine/core";
import { IconArrowRight, IconFlag, IconRouteOff } from "@tabler/icons-react";

/** Where an element leads: its label, or "End"; `when` says on which condition, `isFault` that it is the way of errors. */
export function NextLine({ to, when, isFault = false }: { to: string; when?: string; isFault?: boolean }) {
  const Icon = isFault ? IconRouteOff : to === "End" ? IconFlag : IconArrowRight;
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <Icon size={14} aria-hidden style={{ flexShrink: 0, marginTop: 3 }} />
      <Text fz="xs">
        {when && (
          <Text span fz="xs" c="dimmed">
            {when}:{" "}
          </Text>
        )}
        <Text span fz="xs" fw={600}>
          {to}
        </Text>
      </Text>
    </Group>
  );
}
