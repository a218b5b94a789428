"use client";

import { Anchor, Badge, Grid, Group, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { Link } from "@/components/ui/link";
import { BackLink } from "@/components/ui/links";
import { Moment } from "@/components/ui/moment";
import { Page } from "@/components/ui/page";
import { StatusBadge } from "@/components/ui/status-badge";
import { useLive } from "@/components/ui/use-live";
import type { RunPage } from "@/lib/runs/schema/run-page";
import { EvidenceButton } from "./control/evidence-button";
import { RunActions } from "./control/run-actions";
import { FlowTrace } from "./debug/flow-trace";
import { RunNotes } from "./run-notes";
import { RunPicture } from "./run-picture";
import { Section } from "./section";
import { Timeline } from "./timeline";
import { Values } from "./values";

/** One run, whole: the picture with who has what and why it waits, the timeline, the values. Follows the run while it is open. */
export function RunView({ page }: { page: RunPage }) {
  const router = useRouter();
  useLive([`run:${page.run.runId}`], () => router.refresh());
  const { run } = page;
  return (
    <Page
      back={
        page.maySeeAll ? (
          <BackLink href="/runs">Orchestration Runs</BackLink>
        ) : (
          <BackLink href="/work?view=requests">Requests I made</BackLink>
        )
      }
      title={run.record?.name ?? run.label}
      actions={
        <>
          <EvidenceButton runId={run.runId} />
          <RunActions control={page.control} />
        </>
      }
    >
      <Stack gap="lg">
        <Facts page={page} />
        <RunNotes page={page} />
        <RunPicture page={page} />
        {page.flows.map((flow) => (
          <FlowTrace key={flow.key} of={flow} known={page.known} />
        ))}
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Section title="History">
              <Timeline events={page.events} />
              {page.hasMoreEvents && (
                <Text fz="sm" c="dimmed" mt="sm">
                  Older lines are not shown here.
                </Text>
              )}
            </Section>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Section title="Values">
              <Values
                of={page.variables}
                known={page.known}
                label="Variables of the run"
                empty="This orchestration has no variables. The values of its steps are behind each step."
              />
            </Section>
          </Grid.Col>
        </Grid>
      </Stack>
    </Page>
  );
}

function Facts({ page: { run, submission, mayOpenRecord } }: { page: RunPage }) {
  return (
    <Group gap="4px var(--mantine-spacing-lg)" wrap="wrap">
      <StatusBadge status={run.status} />
      {run.isDebug && <Badge variant="default">Debug</Badge>}
      <Text fz="sm">
        {run.label}{" "}
        <Text span c="dimmed" fz="sm">
          version {run.definitionVersion}
        </Text>
      </Text>
      {run.record && mayOpenRecord && (
        <Anchor component={Link} fz="sm" href={`/records/${run.record.object}/${run.record.id}`}>
          Open the record
        </Anchor>
      )}
      <Text fz="sm" c="dimmed">
        Started <Moment at={run.startedAt} /> by {run.startedByName ?? "Automated Process"}
      </Text>
      {run.endedAt && (
        <Text fz="sm" c="dimmed">
          Ended <Moment at={run.endedAt} />
        </Text>
      )}
      {submission && (
        <Group gap="xs">
          <Text fz="sm" c="dimmed">
            Submission of {submission.submittedByName}
          </Text>
          <StatusBadge status={submission.status} />
        </Group>
      )}
    </Group>
  );
}
