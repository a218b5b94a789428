import { Group, Stack, Text } from "@mantine/core";
import { IconArrowRight, IconFlag, IconRouteOff } from "@tabler/icons-react";
import { Moment } from "@/components/ui/moment";
import { DISPLAY } from "@/lib/engine/status";
import type { RunPageStage } from "@/lib/runs/schema/run-page";

/** Where a stage leads, and where when it fails; whether that way was taken is said in words too. */
export function StageWays({ stage: { next, onError } }: { stage: RunPageStage }) {
  const Icon = next === "End" ? IconFlag : IconArrowRight;
  return (
    <Stack gap={2}>
      <Group gap={6} wrap="nowrap" align="flex-start">
        <Icon size={14} aria-hidden style={{ flexShrink: 0, marginTop: 3 }} />
        <Text fz="xs" fw={600}>
          {next}
        </Text>
      </Group>
      {onError && (
        <Group gap={6} wrap="nowrap" align="flex-start" {...(onError.isTaken && { c: "var(--mantine-color-error)" })}>
          <IconRouteOff size={14} aria-hidden style={{ flexShrink: 0, marginTop: 3 }} />
          <Text fz="xs">
            on error:{" "}
            <Text span fz="xs" fw={600}>
              {onError.to}
            </Text>
            {onError.isTaken && " (taken)"}
          </Text>
        </Group>
      )}
    </Stack>
  );
}

/** How a stage was entered, each time, where there is more to say than that the run came along. */
export function StageRounds({ stage: { rounds } }: { stage: RunPageStage }) {
  const isPlain = rounds.length <= 1 && rounds.every(({ because }) => because === null);
  if (isPlain) return null;
  return (
    <Stack gap={0} component="ul" m={0} p={0} style={{ listStyle: "none" }} aria-label="Rounds">
      {rounds.map(({ round, status, startedAt, because }) => (
        <Text key={round} component="li" fz="xs" c="dimmed">
          Round {round}
          {because ? `, ${because}` : ""}: {DISPLAY[status]}, <Moment at={startedAt} />
        </Text>
      ))}
    </Stack>
  );
}
