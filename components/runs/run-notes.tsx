import { Alert, Anchor, Text } from "@mantine/core";
import { IconAlertTriangle, IconBug, IconHourglass, IconLock, IconPlayerPause, IconRoute } from "@tabler/icons-react";
import { Link } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import type { RunPage, RunWaits } from "@/lib/runs/schema/run-page";

/** What is the matter with a run: why it stopped or is held up, what it waits for, and what it keeps from others. */
export function RunNotes({ page }: { page: RunPage }) {
  const { run, waits } = page;
  return (
    <>
      {run.playedByName && (
        <Alert color="accent" icon={<IconBug />} title="Debug run">
          {run.playedByName} plays everybody in it, and no mails are sent.
        </Alert>
      )}
      {run.status === "error" && (
        <Alert color="red" icon={<IconAlertTriangle />} title="This run stopped with an error">
          {run.error}
        </Alert>
      )}
      {run.status === "suspended" && (
        <Alert color="orange" icon={<IconPlayerPause />} title="Suspended">
          No step starts until the run is resumed. What is finished meanwhile takes effect then.
        </Alert>
      )}
      {run.stalledSince && (
        <Alert color="orange" icon={<IconAlertTriangle />} title="Stalled: nothing can move this run any more">
          {run.stalledReason}{" "}
          <Text span fz="sm" c="dimmed">
            Since <Moment at={run.stalledSince} />.
          </Text>
        </Alert>
      )}
      {run.faultMessage && run.status !== "error" && (
        <Alert color="orange" icon={<IconRoute />} title="It went on after an error">
          {run.faultMessage}
        </Alert>
      )}
      {waits && (
        <Alert color="accent" icon={<IconHourglass />} title="What it waits for">
          <Waits waits={waits} />
        </Alert>
      )}
      {run.locksSince && run.record && (
        <Alert color="gray" icon={<IconLock />} title="It keeps its record from being changed">
          Since <Moment at={run.locksSince} />. Whoever its open steps let may change it.
        </Alert>
      )}
    </>
  );
}

function Waits({ waits: { subjects, objects, dueAt, lock } }: { waits: RunWaits }) {
  return (
    <>
      {subjects.length > 0 && (
        <Text fz="sm">
          Changes of{" "}
          {subjects.map(({ name, path }, at) => (
            <span key={`${name} ${path}`}>
              {at > 0 && ", "}
              {path ? (
                <Anchor component={Link} href={path} fz="sm">
                  {name}
                </Anchor>
              ) : (
                name
              )}
            </span>
          ))}
          .
        </Text>
      )}
      {objects.length > 0 && (
        <Text fz="sm">Any change among {objects.join(", ")}, which an evaluation flow looks through.</Text>
      )}
      {dueAt && (
        <Text fz="sm">
          Until <Moment at={dueAt} form="exact" />, when it looks again.
        </Text>
      )}
      {lock === "free" && <Text fz="sm">The lock of its record, which is free by now.</Text>}
      {lock && lock !== "free" && (
        <Text fz="sm">
          The lock of its record, which a run of{" "}
          {lock.runId ? (
            <Anchor component={Link} href={`/runs/${lock.runId}`} fz="sm">
              {lock.label}
            </Anchor>
          ) : (
            lock.label
          )}{" "}
          has had since <Moment at={lock.since} />.
        </Text>
      )}
    </>
  );
}
