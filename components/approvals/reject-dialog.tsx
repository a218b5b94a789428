"use client";

import { Button, Group, Kbd, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";

type Props = {
  /** What is rejected, in words. */
  readonly what: string;
  readonly firstComments: string;
  readonly needsReason: boolean;
  readonly onClose: () => void;
  readonly onReject: (comments: string) => void;
};

/** Asks for the reason; Enter rejects, Escape leaves it. What was written before comes back. */
export function RejectDialog({ what, firstComments, needsReason, onClose, onReject }: Props) {
  const [comments, setComments] = useState(firstComments);
  const [isMissing, setMissing] = useState(false);
  const send = () => (needsReason && comments.trim() === "" ? setMissing(true) : onReject(comments.trim()));
  return (
    <Modal opened onClose={onClose} title={`Reject ${what}`}>
      <Stack gap="md">
        <Textarea
          label={needsReason ? "Reason" : "Reason, if you like"}
          description="Whoever asked reads it."
          data-autofocus
          autosize
          minRows={3}
          maxLength={4_000}
          value={comments}
          error={isMissing ? "Say why you reject, so that the requester can act on it" : null}
          onChange={(event) => {
            setComments(event.currentTarget.value);
            setMissing(false);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <Group justify="space-between">
          <Text fz="xs" c="dimmed">
            <Kbd size="xs">Enter</Kbd> rejects, <Kbd size="xs">Shift</Kbd> <Kbd size="xs">Enter</Kbd> begins a line
          </Text>
          <Button color="red" onClick={send}>
            Reject
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
