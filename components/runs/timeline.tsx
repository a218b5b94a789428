import { Group, Timeline as MantineTimeline, Text } from "@mantine/core";
import { duration } from "@/components/ui/format-instant";
import { Moment } from "@/components/ui/moment";
import type { RunPageEvent } from "@/lib/runs/schema/run-page";
import { SeenProof } from "./proof";
import classes from "./timeline.module.css";

/** Milestones that close something, bad news, and the rest: told apart by the words; the bullet only helps the eye. */
const tone = (event: RunPageEvent): string => {
  if (event.milestone?.startsWith("fail") || event.type === "run-stalled" || event.type === "fault-caught")
    return "red";
  if (event.milestone?.startsWith("end")) return "teal";
  if (event.milestone?.startsWith("cancel") || event.milestone?.startsWith("discontinue")) return "gray";
  return "accent";
};

/** All that happened to a run, newest first, each line with who did it, in whose place, and when. */
export function Timeline({ events }: { events: readonly RunPageEvent[] }) {
  return (
    <MantineTimeline
      classNames={{ item: classes.item ?? "" }}
      bulletSize={12}
      lineWidth={2}
      active={events.length}
      aria-label="History"
    >
      {[...events].reverse().map((event) => (
        <MantineTimeline.Item
          key={event.seq}
          color={tone(event)}
          title={
            <Group gap={6} wrap="wrap">
              <Text span fz="sm" fw={event.milestone ? 600 : 400}>
                {event.title}
              </Text>
              {event.subject && (
                <Text span fz="sm">
                  {event.subject}
                </Text>
              )}
              {event.dueAt && (
                <Text span fz="sm">
                  until <Moment at={event.dueAt} />
                </Text>
              )}
            </Group>
          }
        >
          <Text fz="xs" c="dimmed">
            <Moment at={event.at} /> · {event.actorName ?? "Automated Process"}
            {event.onBehalfOfName && ` on behalf of ${event.onBehalfOfName}`}
            {event.seconds !== null && ` · took ${duration(event.seconds)}`}
          </Text>
          {event.proof && (
            <SeenProof
              title={event.proof.met ? "Its condition held" : "Its condition did not hold"}
              proof={event.proof}
            />
          )}
          {event.notMet.map(({ name, label, proof }) => (
            <SeenProof key={name} title={`Not “${label}”: its condition did not hold`} proof={proof} />
          ))}
          {event.comments && (
            <Text fz="sm" mt={4} className={classes.comments}>
              {event.comments}
            </Text>
          )}
        </MantineTimeline.Item>
      ))}
    </MantineTimeline>
  );
}
