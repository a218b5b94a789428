import { Alert, Button } from "@mantine/core";
import { IconLock, IconPencil } from "@tabler/icons-react";
import { ButtonLink, TextLink } from "@/components/ui/links";
import { Moment } from "@/components/ui/moment";
import type { RecordLock } from "@/lib/runs/schema/run-page";

const NOTE_ID = "record-lock";

/** Which run keeps a record from being changed and since when, and whether that goes for whoever looks at it. */
export function RecordLockNote({ lock }: { lock: RecordLock | null }) {
  if (!lock) return null;
  const { label, since, runId, isAgainstYou } = lock;
  return (
    <Alert
      id={NOTE_ID}
      color={isAgainstYou ? "orange" : "gray"}
      icon={<IconLock />}
      title={isAgainstYou ? "This record cannot be changed now" : "Only you and some others can change this record now"}
    >
      A run of{" "}
      {runId ? (
        <TextLink href={`/runs/${runId}`} fz="sm" c="inherit" underline="always">
          {label}
        </TextLink>
      ) : (
        label
      )}{" "}
      has locked it <Moment at={since} />.{" "}
      {isAgainstYou
        ? "It can be changed again when the run goes on."
        : "That run lets you change it; nobody else can until the run goes on."}
    </Alert>
  );
}

/** The way to the record's form; where a run has locked the record, a button that cannot be pressed and says by its note why. */
export function EditButton({ href, lock }: { href: string; lock: RecordLock | null }) {
  const icon = <IconPencil size={16} />;
  return lock?.isAgainstYou ? (
    <Button variant="default" leftSection={icon} disabled aria-describedby={NOTE_ID}>
      Edit
    </Button>
  ) : (
    <ButtonLink href={href} variant="default" leftSection={icon}>
      Edit
    </ButtonLink>
  );
}
