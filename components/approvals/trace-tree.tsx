"use client";

import { Code, Group, Stack, Text, Title } from "@mantine/core";
import { useRouter } from "next/navigation";
import { hasProof, Proof } from "@/components/runs/proof";
import { Moment } from "@/components/ui/moment";
import { StatusBadge } from "@/components/ui/status-badge";
import type { TracedItem, TracedStage } from "@/lib/work/schema/trace";
import { Quote } from "./for-deciding";
import { SteerButtons } from "./steer-buttons";
import classes from "./trace-tree.module.css";

const NOBODY = {
  rule: "Approved by the process’s own rule.",
  unchanged: "Not asked again: nothing changed since it was approved last.",
  time_out: "Nobody decided in time.",
} as const;

type Props = {
  readonly stages: readonly TracedStage[];
  /** Of the stages' headings. */
  readonly order: 3 | 4;
};

/** The stages of a submission as a tree: steps, who had to decide, who did, when and with which words. */
export const TraceTree = ({ stages, order }: Props) =>
  stages.map((stage) => <Stage key={stage.key} stage={stage} order={order} />);

const Stage = ({
  stage: { label, round, status, steps },
  order,
}: Pick<Props, "order"> & { readonly stage: TracedStage }) => (
  <section aria-label={label}>
    <Group gap="xs" mb={6}>
      <Title order={order} fz="sm">
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
      {steps.map(({ key, label: step, decidedBy, skipReason, proof, items }) => (
        <li key={key}>
          <Text fz="sm" fw={550}>
            {step}
          </Text>
          {decidedBy && <Text fz="sm">{NOBODY[decidedBy]}</Text>}
          {skipReason !== null && <Text fz="sm">Skipped by an administrator, not decided: {skipReason}</Text>}
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
            , {item.completionKind === "done" ? ENDED[item.kind] : "closed"} <Moment at={closedAt} />
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

const ENDED = { approval: "decided", interactive: "done", question: "answered", revision: "sent again" } as const;

function stateOf(item: TracedItem): string {
  const { status, completionKind, said, byName, onBehalfOfName, decidedAs, assignee, kind } = item;
  if (status === "assigned") return kind === "approval" ? "to decide" : "open";
  if (item.hasLeft) return "left; does not count";
  if (completionKind === "withdrawn") return "withdrawn";
  if (completionKind === "superseded") return "not needed any more";
  const what = said ?? (kind === "question" ? "answered" : "done");
  const stands = onBehalfOfName ? `, on behalf of ${onBehalfOfName}` : "";
  const as = decidedAs === "admin" ? ", as admin in the approver’s place" : stands;
  return byName && (byName !== assignee.name || as) ? `${what} by ${byName}${as}` : what;
}
