"use client";

import { Stack, Text, Timeline, Title } from "@mantine/core";
import { Quote } from "@/components/approvals/for-deciding";
import { TraceTree } from "@/components/approvals/trace-tree";
import { Moment } from "@/components/ui/moment";
import type { WorkDetail, WorkEvent } from "@/lib/work/schema";
import type { SoFar } from "@/lib/work/schema/trace";

/** What became of the whole request so far, then who had this very item, took it, gave it on, finished it. */
export function ItemHistory({ history, soFar }: Pick<WorkDetail, "history" | "soFar">) {
  if (!soFar) return <Events events={history} />;
  return (
    <Stack gap="xl">
      <Request soFar={soFar} />
      <section aria-labelledby="item-history">
        <Title order={3} fz="sm" mb="sm" id="item-history">
          This item
        </Title>
        <Events events={history} />
      </section>
    </Stack>
  );
}

const Request = ({ soFar: { submittedByName, submittedAt, comments, stages } }: { readonly soFar: SoFar }) => (
  <Stack gap="md">
    <Text fz="sm">
      <Text span fw={550} fz="sm">
        {submittedByName}
      </Text>{" "}
      submitted it{" "}
      <Text span fz="xs" c="dimmed">
        <Moment at={submittedAt} tabStop />
      </Text>
    </Text>
    {comments && <Quote by={`${submittedByName}, when submitting`}>{comments}</Quote>}
    <TraceTree stages={stages} order={3} />
  </Stack>
);

/** The oldest first. */
function Events({ events }: { readonly events: readonly WorkEvent[] }) {
  if (events.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        Nothing happened to it yet.
      </Text>
    );
  return (
    <Timeline bulletSize={12} lineWidth={2} active={events.length} color="gray">
      {events.map(({ at, title, actorName, comments }) => (
        <Timeline.Item
          key={`${at} ${title}`}
          title={
            <Text fz="sm">
              <Text span fw={550} fz="sm">
                {actorName}
              </Text>{" "}
              {title}
            </Text>
          }
        >
          {comments && (
            <Text fz="sm" mt={2} style={{ whiteSpace: "pre-wrap" }}>
              “{comments}”
            </Text>
          )}
          <Text fz="xs" c="dimmed">
            <Moment at={at} tabStop />
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
