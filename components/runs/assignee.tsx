import { Group, Text } from "@mantine/core";
import { ASSIGNEE_ICONS, ASSIGNEE_WORDS } from "@/components/ui/icons";
import type { Named } from "@/lib/runs/schema/run-page";

/** Who has an item: a person, a group or a queue, told apart by icon and name, not by colour. */
export function Assignee({ who, claimedByName }: { who: Named; claimedByName?: string | null }) {
  const Icon = ASSIGNEE_ICONS[who.type];
  return (
    <Group gap={6} wrap="nowrap" miw={0}>
      <Icon size={15} stroke={1.7} role="img" aria-label={ASSIGNEE_WORDS[who.type]} style={{ flexShrink: 0 }} />
      <Text fz="sm" truncate>
        {who.name}
        {claimedByName ? (
          <Text span c="dimmed" fz="sm">
            {" "}
            · {claimedByName} is on it
          </Text>
        ) : null}
      </Text>
    </Group>
  );
}
