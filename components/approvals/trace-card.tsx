"use client";

import { Accordion, Alert, Card, Code, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { EvidenceButton } from "@/components/runs/control/evidence-button";
import { hasProof, Proof } from "@/components/runs/proof";
import { TextLink } from "@/components/ui/links";
import { Moment } from "@/components/ui/moment";
import { StatusBadge } from "@/components/ui/status-badge";
import type { RecordTrace, Trace, TracedItem, TracedStage } from "@/lib/approvals/schema";
import { Changes } from "./changes";
import { Quote } from "./for-deciding";
import { SteerButtons } from "./steer-buttons";
import { TakeBack } from "./take-back";
import classes from "./trace-card.module.css";

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
          {stages?.map((stage) => (
            <Stage key={stage.key} stage={stage} />
          ))}
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

const NOBODY = {
  rule: "Approved by the process’s own rule.",
  unchanged: "Not asked again: nothing changed since it was approved last.",
  time_out: "Nobody decided in time.",
} as const;

const Stage = ({ stage: { label, round, status, steps } }: { stage: TracedStage }) => (
  <section aria-label={label}>
    <Group gap="xs" mb={6}>
      <Title order={4} fz="sm">
        {label}
      </Title>
      {round > 1 && (
        <Text fz="xs" c="dimmed">
          round {round}
        </Text>
      )}
      <StatusBadge status={status} size="sm" />
    </Group>
    <ul className={classes.tree}>
      {steps.map(({ key, label: step, decidedBy, proof, items }) => (
        <li key={key}>
          <Text fz="sm" fw={550}>
            {step}
          </Text>
          {decidedBy && <Text fz="sm">{NOBODY[decidedBy]}</Text>}
          {proof && hasProof(proof) && (
            <details className={classes.proof}>
              <summary>Why it was asked, with the values seen</summary>
              <Proof proof={proof} />
            </details>
          )}
          <Items items={items} />
        </li>
      ))}
    </ul>
  </section>
);

const Items = ({ items }: { items: readonly TracedItem[] }) =>
  items.length > 0 && (
    <ul className={classes.tree}>
      {items.map((item) => (
        <li key={item.workItemId}>
          <Item item={item} />
        </li>
      ))}
    </ul>
  );

function Item({ item }: { item: TracedItem }) {
  const router = useRouter();
  const { assignee, prompt, comments, assignedAt, closedAt, steer, children } = item;
  return (
    <Stack gap={3}>
      <Text fz="sm">
        {WORDS[item.kind]} {assignee.name}
        {": "}
        <Text span fw={550} fz="sm">
          {stateOf(item)}
        </Text>
      </Text>
      <Text fz="xs" c="dimmed">
        Asked <Moment at={assignedAt} />
        {closedAt && (
          <>
            , {item.completionKind === "done" ? "decided" : "closed"} <Moment at={closedAt} />
          </>
        )}
      </Text>
      {prompt && <Text fz="sm">{prompt}</Text>}
      {comments && <Quote by={item.byName ?? assignee.name}>{comments}</Quote>}
      <FilesSeen files={item.files} />
      {steer && (
        <Group gap="xs">
          <SteerButtons workItemId={item.workItemId} approval={steer} onChanged={() => router.refresh()} />
        </Group>
      )}
      <Items items={children} />
    </Stack>
  );
}

/** What was attached when this was decided, each with the SHA-256 by which its copy can be told from another. */
const FilesSeen = ({ files }: Pick<TracedItem, "files">) =>
  files.length > 0 && (
    <details className={classes.proof}>
      <summary>{files.length === 1 ? "1 attachment" : `${files.length} attachments`} seen</summary>
      <ul className={classes.seen}>
        {files.map(({ id, name, sha256 }) => (
          <li key={id}>
            <Text fz="xs">
              <bdi>{name}</bdi>
            </Text>
            <Code fz="xs">{sha256}</Code>
          </li>
        ))}
      </ul>
    </details>
  );

const WORDS = { approval: "", interactive: "", question: "Question to", revision: "Sent back to" } as const;

function stateOf(item: TracedItem): string {
  const { status, completionKind, said, byName, onBehalfOfName, decidedAs, assignee, kind } = item;
  if (status === "assigned") return kind === "approval" ? "to decide" : "open";
  if (completionKind === "withdrawn") return "withdrawn";
  if (completionKind === "superseded") return "not needed any more";
  const what = said ?? (kind === "question" ? "answered" : "done");
  const stands = onBehalfOfName ? `, on behalf of ${onBehalfOfName}` : "";
  const as = decidedAs === "admin" ? ", as admin in the approver’s place" : stands;
  return byName && (byName !== assignee.name || as) ? `${what} by ${byName}${as}` : what;
}
