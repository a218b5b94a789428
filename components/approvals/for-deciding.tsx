"use client";

import { Alert, Badge, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { FileList } from "@/components/records/file-line";
import { Moment } from "@/components/ui/moment";
import classes from "@/components/work/item-detail.module.css";
import type { ApprovalDetail, WorkDetail } from "@/lib/work/schema";
import { Changes } from "./changes";

/** Everything one needs to decide, so that nobody has to leave: the facts, who asks with which words, what changed, the rule, the votes. */
export function ForDeciding({ detail: { facts, files, submissionComments, item, approval } }: { detail: WorkDetail }) {
  return (
    <>
      {facts.length > 0 && (
        <dl className={classes.summary}>
          {facts.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value || "–"}</dd>
            </div>
          ))}
        </dl>
      )}
      <Attachments files={files} />
      {submissionComments && (
        <Quote by={`${item.requesterName ?? "Automated Process"}, when submitting`}>{submissionComments}</Quote>
      )}
      {approval && <Since since={approval.since} />}
      {approval?.stale.map(({ byName, at, changes }) => (
        <Alert
          key={at}
          color="orange"
          icon={<IconAlertTriangle size={18} />}
          title={`Changed since approved by ${byName}`}
        >
          <Text fz="xs" c="dimmed">
            <Moment at={at} tabStop />
          </Text>
          <Changes changes={changes} since={`approved by ${byName}`} />
        </Alert>
      ))}
      {approval?.policy && (
        <Part title="What to decide by">
          <Text fz="sm" style={{ whiteSpace: "pre-wrap" }}>
            {approval.policy}
          </Text>
        </Part>
      )}
      {approval?.vote && <Votes vote={approval.vote} />}
      {approval && approval.questions.length > 0 && <Questions questions={approval.questions} />}
    </>
  );
}

export const Quote = ({ by, children }: { by: ReactNode; children: string }) => (
  <figure className={classes.quote}>
    <Text fz="sm" style={{ whiteSpace: "pre-wrap" }}>
      {children}
    </Text>
    <Text component="figcaption" fz="xs" c="dimmed" mt={4}>
      {by}
    </Text>
  </figure>
);

/** What is attached to the record that the work is about. */
export const Attachments = ({ files }: Pick<WorkDetail, "files">) =>
  files.length > 0 && (
    <Part title="Attachments">
      <FileList files={files} />
    </Part>
  );

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <Stack gap={6} component="section">
    <Title order={3} fz="sm">
      {title}
    </Title>
    {children}
  </Stack>
);

function Since({ since }: Pick<ApprovalDetail, "since">) {
  if (!since) return null;
  const said = since.said === null ? "" : `${since.byName} said “${since.said}”`;
  const submitted = said ? `the last submission, when ${said}` : `${since.byName} submitted it the last time`;
  const what = since.what === "decision" ? said : submitted;
  return (
    <Part title={`Changed since ${what}`}>
      <Text fz="xs" c="dimmed">
        <Moment at={since.at} tabStop />
      </Text>
      <Changes changes={since.changes} since={what} />
    </Part>
  );
}

function Votes({ vote }: { vote: NonNullable<ApprovalDetail["vote"]> }) {
  const { rule, needed, approve, reject, open, voters } = vote;
  const all = Math.max(1, approve + reject + open);
  return (
    <Part title="Votes">
      <Text fz="sm">
        {rule}: {approve} of {needed} needed have approved
        {reject > 0 && `, ${reject} rejected`}
        {open > 0 && `, ${open} still to vote`}.
      </Text>
      <Progress.Root size="sm" aria-hidden>
        <Progress.Section value={(approve / all) * 100} color="teal" />
        <Progress.Section value={(reject / all) * 100} color="red" />
      </Progress.Root>
      <Group gap={6}>
        {voters.map(({ workItemId, name, said, hasLeft }) => (
          <Badge
            key={workItemId}
            variant={said || hasLeft ? "light" : "default"}
            color={hasLeft ? "gray" : ""}
            tt="none"
          >
            {name}: {hasLeft ? "left; does not count" : (said ?? "not yet")}
          </Badge>
        ))}
      </Group>
    </Part>
  );
}

const Questions = ({ questions }: Pick<ApprovalDetail, "questions">) => (
  <Part title="Asked">
    {questions.map(({ workItemId, byName, toName, text, askedAt, answer, answeredAt }) => (
      <Stack key={workItemId} gap={4}>
        <Text fz="sm">
          <Text span fw={550} fz="sm">
            {byName}
          </Text>{" "}
          asked {toName}: {text}{" "}
          <Text span c="dimmed" fz="xs">
            <Moment at={askedAt} />
          </Text>
        </Text>
        {answer === null ? (
          <Text fz="xs" c="dimmed">
            No answer yet. You can decide without it.
          </Text>
        ) : (
          <Quote by={answeredAt ? <Moment at={answeredAt} /> : toName}>{answer}</Quote>
        )}
      </Stack>
    ))}
  </Part>
);
