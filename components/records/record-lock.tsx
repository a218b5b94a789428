import { Alert, Button } from "@mantine/core";
import { IconLock, IconPencil } from "@tabler/icons-react";
import { ButtonLink, TextLink } from "@/components/ui/links";
import { Moment } from "@/components/ui/moment";
import type { RecordLock } from "@/lib/runs/schema/run-page";

const NOTE_ID = "record-lock";

/** Which run keeps a record from being changed and since when, and whether that goes for whoever looks at it. */
export function RecordLockNote({ lock, mayEdit }: { lock: RecordLock | null; mayEdit: boolean }) {
  if (!lock) return null;
  const { label, since, runId, isDebug } = lock;
  // Whom the run lets pass must have the right besides.
  const isOpen = mayEdit && !lock.isAgainstYou;
  return (
    <Alert
      id={NOTE_ID}
      color={isOpen ? "gray" : "orange"}
      icon={<IconLock />}
      title={isOpen ? "Only you and some others can change this record now" : "This record cannot be changed now"}
    >
      {isDebug ? "A debug run of" : "A run of"}{" "}
      {runId ? (
        <TextLink href={`/runs/${runId}`} fz="sm" c="inherit" underline="always">
          {label}
        </TextLink>
      ) : (
        label
      )}{" "}
      locked it <Moment at={since} />.{" "}
      {isOpen
        ? "That run lets you change it; others can when it unlocks it, at the latest when it ends."
        : "It can be changed again when that run unlocks it, at the latest when it ends."}
      {!isOpen && runId && " Its page says what it waits for, and whom it lets change the record."}
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
