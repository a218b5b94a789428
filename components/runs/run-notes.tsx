import { Alert, Anchor, Text } from "@mantine/core";
import { IconAlertTriangle, IconBug, IconHourglass, IconLock, IconPlayerPause, IconRoute } from "@tabler/icons-react";
import { Link } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import type { RunLock, RunPage, RunWaits } from "@/lib/runs/schema/run-page";

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
      {run.lock && <Lock lock={run.lock} mayLead={page.control.goTo !== null} />}
    </>
  );
}

/** Who may change the record meanwhile, when it is given up, and what an admin can do to have it given up sooner. */
function Lock({ lock: { since, lets, isKept }, mayLead }: { lock: RunLock; mayLead: boolean }) {
  return (
    <Alert color="gray" icon={<IconLock />} title="It keeps its record from being changed">
      Locked <Moment at={since} />.{" "}
      {lets.length > 0
        ? `Only the flows of this run and ${lets.join(", ")} may change it`
        : "Only the flows of this run may change it"}
      {isKept
        ? ", until one of them unlocks it or the run ends."
        : ", until the steps that lock it are over or the run ends."}
      {mayLead &&
        (isKept
          ? " To have it unlocked sooner, go to a stage that unlocks it, or cancel the run."
          : " To have it unlocked sooner, skip those steps, go to another stage, or cancel the run.")}
    </Alert>
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
          took <Moment at={lock.since} />.
        </Text>
      )}
    </>
  );
}
