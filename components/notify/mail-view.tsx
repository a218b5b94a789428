"use client";

import { Anchor, Box, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Link } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import { newKey } from "@/components/ui/new-key";
import { markMailRead } from "@/lib/notify/actions";
import type { OpenedMail } from "@/lib/notify/loaders";
import { LinkedText } from "./linked-text";
import classes from "./mailbox.module.css";
import { ReplyForm } from "./reply-form";

/** A frame of its own that runs nothing and loads nothing: what a mail says is anybody's. Its links open in a new tab. */
const FRAME_POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`;
const SANDBOX = "allow-popups allow-popups-to-escape-sandbox";

/** One mail. Whoever opens it has read it. */
export function MailView({ mail }: { mail: OpenedMail }) {
  const [part, setPart] = useState(mail.html === null ? "text" : "html");
  const { mailboxMessageId, isRead } = mail;
  useEffect(() => {
    if (!isRead) void markMailRead({ key: newKey(), messageId: mailboxMessageId });
  }, [mailboxMessageId, isRead]);
  return (
    <Stack gap="md" h="100%">
      <Anchor component={Link} href="/mailbox" fz="sm" className={classes.back ?? ""}>
        <Group gap={4} component="span">
          <IconArrowLeft size={16} aria-hidden /> All mails
        </Group>
      </Anchor>
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={2} miw={0} flex="1 1 240px">
          <Title order={2}>
            <bdi>{mail.subject || "(no subject)"}</bdi>
          </Title>
          <Text fz="sm" c="dimmed" className={classes.addresses ?? ""}>
            {mail.sender} to {mail.recipient} · <Moment at={mail.receivedAt} />
          </Text>
        </Stack>
        {mail.html !== null && (
          <SegmentedControl
            size="xs"
            value={part}
            onChange={setPart}
            aria-label="Which part of the mail"
            data={[
              { value: "html", label: "As it looks" },
              { value: "text", label: "Text" },
            ]}
          />
        )}
      </Group>
      {mail.takesReply && <ReplyForm messageId={mailboxMessageId} />}
      {part === "html" && mail.html !== null ? (
        <iframe
          className={classes.frame}
          title={`The mail “${mail.subject}”`}
          sandbox={SANDBOX}
          srcDoc={FRAME_POLICY + mail.html}
        />
      ) : (
        <Box className={classes.text}>
          <LinkedText text={mail.text} />
        </Box>
      )}
    </Stack>
  );
}
