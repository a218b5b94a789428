"use client";

import { Accordion, Alert, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { EvidenceButton } from "@/components/runs/control/evidence-button";
import { DebugBadge } from "@/components/runs/debug-badge";
import { TextLink } from "@/components/ui/links";
import { Moment } from "@/components/ui/moment";
import { StatusBadge } from "@/components/ui/status-badge";
import type { RecordTrace, Trace } from "@/lib/approvals/schema";
import { Changes } from "./changes";
import { Quote } from "./for-deciding";
import { TakeBack } from "./take-back";
import { TraceTree } from "./trace-tree";

/** Every submission of a record as a tree: stages, steps, who had to decide, who did, when and with which words. */
export function TraceCard({ trace: { submissions, hasMore, stale } }: { trace: RecordTrace }) {
  const [newest] = submissions;
  if (!newest) return null;
  return (
    <Card padding="lg" component="section" aria-labelledby="approvals">
      <Title order={2} id="approvals" mb="sm">
        Approvals
      </Title>
      <Stack gap="sm">
        {stale.map(({ processLabel, byName, at, changes }) => (
          <Alert
            key={processLabel + at}
            color="orange"
            icon={<IconAlertTriangle size={18} />}
            title={`Changed since approved by ${byName}`}
          >
            <Text fz="xs" c="dimmed">
              {processLabel}, <Moment at={at} tabStop />
            </Text>
            <Changes changes={changes} since={`approved by ${byName}`} />
          </Alert>
        ))}
        <Accordion key={newest.runId} multiple defaultValue={[newest.runId]} variant="separated" order={3}>
          {submissions.map((submission) => (
            <Submission key={submission.runId} submission={submission} />
          ))}
        </Accordion>
        {hasMore && (
          <Text fz="xs" c="dimmed">
            The newest {submissions.length} submissions are shown.
          </Text>
        )}
      </Stack>
    </Card>
  );
}

function Submission({ submission }: { submission: Trace }) {
  const { runId, processLabel, status, submittedByName, submittedAt, comments, stages, changes } = submission;
  return (
    <Accordion.Item value={runId}>
      <Accordion.Control>
        <Group gap="xs" wrap="wrap">
          <Text fz="sm" fw={550}>
            {processLabel}
          </Text>
          <StatusBadge status={status} size="sm" />
          {submission.isDebug && <DebugBadge />}
          <Text fz="xs" c="dimmed">
            {submittedByName}, <Moment at={submittedAt} />
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="md">
          {comments && <Quote by={`${submittedByName}, when submitting`}>{comments}</Quote>}
          {changes && (
            <Stack gap={4}>
              <Text fz="sm" fw={550}>
                Changed since the submission before
              </Text>
              <Changes changes={changes} since="the submission before" />
            </Stack>
          )}
          {stages === null && (
            <Text fz="sm" c="dimmed">
              Who decided what is shown to those who took part, and to managers.
            </Text>
          )}
          {stages && <TraceTree stages={stages} order={4} />}
          <TakenBack submission={submission} />
          {submission.recallPath?.status && (
            <Text fz="sm">
              Recall path “{submission.recallPath.label}”{" "}
              <StatusBadge status={submission.recallPath.status} size="sm" />
            </Text>
          )}
          <Group gap="xs">
            <TakeBack submission={submission} />
            {submission.maySeeRun && (
              <>
                <EvidenceButton runId={runId} size="xs" />
                <TextLink href={`/runs/${runId}`} fz="sm">
                  Open the run
                </TextLink>
              </>
            )}
          </Group>
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

/** By whom it was recalled or canceled, when, and with which words. */
function TakenBack({ submission: { takenBack, status, endedAt } }: { submission: Trace }) {
  if (!takenBack) return null;
  const { byName, reason } = takenBack;
  return (
    <Stack gap={4}>
      <Text fz="sm">
        {status === "recalled" ? "Recalled" : "Canceled"} by{" "}
        <Text span fw={550} fz="sm">
          {byName}
        </Text>
        {endedAt && (
          <>
            {" "}
            <Moment at={endedAt} />
          </>
        )}
      </Text>
      {reason && <Quote by={byName}>{reason}</Quote>}
    </Stack>
  );
}
