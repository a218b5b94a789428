import { Text, Timeline } from "@mantine/core";
import { Moment } from "@/components/ui/moment";
import type { WorkEvent } from "@/lib/work/schema";

/** Who had it, took it, gave it on, finished it; the oldest first. */
export function ItemHistory({ events }: { events: readonly WorkEvent[] }) {
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
