import { Anchor, Badge, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import {
  IconBolt,
  IconClockPlay,
  IconForms,
  IconGavel,
  IconLock,
  IconPlugConnected,
  IconUser,
} from "@tabler/icons-react";
import { Link } from "@/components/ui/link";
import type { StepDefinition } from "@/lib/engine/definition";
import { isHuman } from "@/lib/engine/find";
import classes from "./orchestration-picture.module.css";
import { assigneeText, gateText } from "./words";

const KINDS = {
  interactive: { icon: IconForms, label: "Interactive step" },
  approval: { icon: IconGavel, label: "Approval step" },
  background: { icon: IconBolt, label: "Background step" },
  external: { icon: IconPlugConnected, label: "External step" },
} as const;

type Props = {
  readonly step: StepDefinition;
  /** Labels of elements and steps by name. */
  readonly labels: ReadonlyMap<string, string>;
  readonly names: Readonly<Record<string, string>>;
};

/** One step of the picture: what it is, who gets it, when it starts and which flow it runs. */
export function DefinitionStepCard({ step, labels, names }: Props) {
  const { icon: Icon, label } = KINDS[step.kind];
  return (
    <div className={classes.step}>
      <Stack gap={4}>
        <Group gap={8} wrap="nowrap">
          <ThemeIcon variant="light" size="sm" role="img" aria-label={label}>
            <Icon size={14} aria-hidden />
          </ThemeIcon>
          <Text fw={600} fz="sm" flex={1}>
            {step.label}
          </Text>
          {step.optional && (
            <Badge size="sm" color="gray">
              Optional
            </Badge>
          )}
        </Group>
        {isHuman(step) && (
          <Group gap={6} wrap="nowrap">
            <IconUser size={14} aria-hidden />
            <Text fz="xs" style={{ overflowWrap: "anywhere" }}>
              {assigneeText(step.assignee, names)}
            </Text>
          </Group>
        )}
        {step.entry.type !== "stage_starts" && (
          <Group gap={6} wrap="nowrap" align="flex-start">
            <IconClockPlay size={14} aria-hidden style={{ flexShrink: 0, marginTop: 2 }} />
            <Text fz="xs" style={{ overflowWrap: "anywhere" }}>
              {gateText(step.entry, labels)}
            </Text>
          </Group>
        )}
        {step.locksRecord && (
          <Group gap={6} wrap="nowrap">
            <IconLock size={14} aria-hidden />
            <Text fz="xs">Keeps others from changing the record</Text>
          </Group>
        )}
        {step.kind === "background" && step.runAs !== "automated" && (
          <Text fz="xs">
            Runs as{" "}
            {step.runAs === "latest_completer"
              ? "whoever completed the latest step"
              : (names[`user:${step.runAs.user}`] ?? step.runAs.user)}
          </Text>
        )}
        {step.kind === "external" ? (
          <Text fz="xs">Calls {step.operation}</Text>
        ) : step.flow ? (
          <Anchor component={Link} href={`/definitions/${step.flow}`} fz="xs">
            {step.flow}
          </Anchor>
        ) : (
          <Text fz="xs" c="dimmed">
            Approve or Reject with a comment
          </Text>
        )}
      </Stack>
    </div>
  );
}
