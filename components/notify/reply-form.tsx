"use client";

import { Alert, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconAlertCircle, IconArrowBackUp, IconSend } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useAct } from "@/components/ui/use-act";
import { replyToMail } from "@/lib/notify/actions";

/** Answers a mail of one's own, as a mail program does. */
export function ReplyForm({ messageId }: { readonly messageId: string }) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [isSent, setSent] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const act = useAct(replyToMail, { onRefused: ({ message }) => setRefusal(message) });
  if (!isOpen)
    return (
      <Group gap="sm">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconArrowBackUp size={16} />}
          onClick={() => {
            setSent(false);
            setOpen(true);
          }}
        >
          Reply
        </Button>
        {isSent && (
          <Text fz="sm" role="status">
            Sent. What was understood comes back as a mail in a moment.
          </Text>
        )}
      </Group>
    );
  const send = (event: FormEvent) => {
    event.preventDefault();
    setRefusal(null);
    void act.run({ messageId, text }, () => {
      setText("");
      setSent(true);
      setOpen(false);
    });
  };
  return (
    <Stack component="form" gap="sm" maw={640} onSubmit={send} aria-label="Reply">
      {refusal && (
        <Alert color="red" role="alert" icon={<IconAlertCircle size={18} />}>
          {refusal}
        </Alert>
      )}
      <Textarea
        label="Your reply"
        description="First line: APPROVE or REJECT. Below it your comment."
        autosize
        minRows={3}
        maxRows={12}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={act.errors.text}
      />
      <Group gap="sm">
        <Button type="submit" size="xs" leftSection={<IconSend size={16} />} loading={act.isPending}>
          Send
        </Button>
        <Button variant="subtle" color="gray" size="xs" onClick={() => setOpen(false)}>
          Close
        </Button>
      </Group>
    </Stack>
  );
}
