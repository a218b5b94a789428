import { Group, Stack, Text, ThemeIcon, UnstyledButton } from "@mantine/core";
import { IconBolt, IconForms, IconGavel, IconPlugConnected } from "@tabler/icons-react";
import { Moment } from "@/components/ui/moment";
import { StatusBadge } from "@/components/ui/status-badge";
import type { RunPageStep } from "@/lib/runs/schema/run-page";
import { Assignee } from "./assignee";
import classes from "./run-picture.module.css";

export const STEP_KINDS = {
  interactive: { icon: IconForms, label: "Interactive step" },
  approval: { icon: IconGavel, label: "Approval step" },
  background: { icon: IconBolt, label: "Background step" },
  external: { icon: IconPlugConnected, label: "External step" },
} as const;

/** One step of the picture: what it is, where it stands, who has it, and why it waits. Opens its details. */
export function StepCard({ step, onOpen }: { step: RunPageStep; onOpen: () => void }) {
  const { icon: Icon, label } = STEP_KINDS[step.kind];
  // What an approver asked, and what was sent back, are on the way to the decision.
  const items = step.run?.items.filter(({ kind }) => kind === "approval" || kind === "interactive") ?? [];
  const open = step.run?.items.find((item) => item.status === "assigned");
  const done = items.findLast((item) => item.completionKind === "done");
  return (
    <UnstyledButton
      className={classes.step}
      data-status={step.run?.status ?? "unreached"}
      onClick={onOpen}
      aria-haspopup="dialog"
    >
      <Stack gap={6}>
        <Group gap={8} wrap="nowrap" align="flex-start">
          <ThemeIcon variant="light" size="sm" role="img" aria-label={label}>
            <Icon size={14} />
          </ThemeIcon>
          <Text fw={600} fz="sm" lh={1.45} style={{ overflowWrap: "anywhere" }}>
            {step.label}
          </Text>
        </Group>
        {step.run && (
          <div>
            <StatusBadge status={step.run.status} size="sm" />
          </div>
        )}
        {open && <Assignee who={open.assignee} claimedByName={open.claimedByName} />}
        {done && (
          <Text fz="xs" c="dimmed">
            {done.outcome === "approve" ? "Approved by" : done.outcome === "reject" ? "Rejected by" : "Done by"}{" "}
            {done.completedByName}
          </Text>
        )}
        {step.run && step.run.skipReason !== null && (
          <Text fz="xs" c="dimmed" lineClamp={3}>
            Skipped: {step.run.skipReason}
          </Text>
        )}
        {step.run?.error && (
          <Text fz="xs" c="var(--mantine-color-error)" lineClamp={3}>
            {step.run.error}
          </Text>
        )}
        {step.why && (
          <Text fz="xs" c="dimmed" lineClamp={3}>
            {step.why}
          </Text>
        )}
        <Group gap="xs" justify="space-between">
          <Text fz="xs" c="dimmed">
            {step.run && step.run.attempt > 1 ? `Attempt ${step.run.attempt}` : label}
          </Text>
          {step.run?.startedAt && (
            <Text fz="xs" c="dimmed">
              <Moment at={step.run.endedAt ?? step.run.startedAt} />
            </Text>
          )}
        </Group>
      </Stack>
    </UnstyledButton>
  );
}
