import { Badge, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { DebugBadge } from "@/components/runs/debug-badge";
import { TextLink } from "@/components/ui/links";
import { Moment } from "@/components/ui/moment";
import { StatusBadge } from "@/components/ui/status-badge";
import type { RecordRun } from "@/lib/runs/loaders";
import classes from "./record-page.module.css";

/** What is or was going on about this record. The name leads to the run for those who may open it. */
export function RunsCard({ runs, hasMore }: { runs: readonly RecordRun[]; hasMore: boolean }) {
  return (
    <Card padding="lg" component="section" aria-labelledby="runs">
      <Title order={2} id="runs" mb={runs.length > 0 ? 4 : 0}>
        Runs
      </Title>
      {runs.length === 0 && (
        <Text fz="sm" c="dimmed" mt="xs">
          Nothing was started about this record yet.
        </Text>
      )}
      {runs.map((run) => (
        <RunLine key={run.runId} run={run} />
      ))}
      {hasMore && (
        <Text fz="xs" c="dimmed" mt="xs">
          The newest five are shown.
        </Text>
      )}
    </Card>
  );
}

function RunLine({ run }: { run: RecordRun }) {
  return (
    <div className={classes.row}>
      <Stack gap={0} miw={0}>
        {run.mayOpen ? (
          <TextLink href={`/runs/${run.runId}`} fz="sm" fw={500} lineClamp={2}>
            {run.label}
          </TextLink>
        ) : (
          <Text fz="sm" fw={500} lineClamp={2}>
            {run.label}
          </Text>
        )}
        <Text span fz="xs" c="dimmed">
          {run.stageLabel && `${run.stageLabel} · `}
          <Moment at={run.startedAt} />
        </Text>
      </Stack>
      <Group gap={6} justify="flex-end" miw="max-content" maw="60%">
        {run.isDebug && <DebugBadge />}
        {run.isStalled && (
          <Badge color="orange" leftSection={<IconAlertTriangle size={13} aria-hidden />}>
            Stalled
          </Badge>
        )}
        <StatusBadge status={run.submissionStatus ?? run.status} />
      </Group>
    </div>
  );
}
