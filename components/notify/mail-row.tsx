import { Group, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { Link } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import type { ShownMail } from "@/lib/notify/loaders";
import classes from "./mailbox.module.css";

/** Unread: a dot, bold, and a word for those who see neither. */
export function MailRow({
  mail,
  isOpened,
  hasRecipient,
}: {
  mail: ShownMail;
  isOpened: boolean;
  hasRecipient: boolean;
}) {
  return (
    <UnstyledButton
      component={Link}
      href={`/mailbox?message=${mail.mailboxMessageId}`}
      scroll={false}
      className={classes.row ?? ""}
      data-unread={!mail.isRead}
      {...(isOpened ? { "aria-current": "true" as const } : {})}
    >
      {!mail.isRead && <VisuallyHidden>Unread: </VisuallyHidden>}
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text fz="sm" fw={mail.isRead ? 500 : 650} truncate>
          <bdi>{mail.subject || "(no subject)"}</bdi>
        </Text>
        <Text fz="xs" c="dimmed" className={classes.when ?? ""}>
          <Moment at={mail.receivedAt} form="age" />
        </Text>
      </Group>
      <Text fz="xs" c="dimmed" truncate>
        {hasRecipient ? `To ${mail.recipient}` : `From ${mail.sender}`}
      </Text>
    </UnstyledButton>
  );
}
