"use client";

import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormMessage } from "@/components/ui/form-message";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import type { ActionResult } from "@/lib/action";

type Given<Input> = Omit<Input, "key" | "reason">;

type Props<Input> = {
  readonly act: (input: Input) => Promise<ActionResult<unknown>>;
  /** Beside the reason; null when something in the form is wrong and says so. */
  readonly input: () => Given<Input> | null;
  readonly title: string;
  /** What it will do, and what cannot be undone. */
  readonly effect: React.ReactNode;
  readonly submit: string;
  readonly success: string;
  readonly isDanger?: boolean;
  readonly onClose: () => void;
  readonly children?: React.ReactNode;
};

/** Says what an act will do, asks why, and does it once. A refusal is shown in it, and what was typed stays. */
export function ReasonDialog<Input extends { key: string; reason: string }>(props: Props<Input>) {
  const { act, input, title, effect, submit, success, isDanger = false, onClose, children } = props;
  const router = useRouter();
  const [reason, setReason] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const doing = useAct(act, {
    success,
    onRefused: ({ message }) => setRefusal(message),
    onDone: () => {
      onClose();
      router.refresh();
    },
  });
  const send = () => {
    const given = input();
    setRefusal(null);
    if (given !== null) void doing.run({ ...given, reason } as Omit<Input, "key">);
  };
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": "Close" }} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Stack gap="md">
          <FormMessage text={refusal} />
          <Text fz="sm" component="div">
            {effect}
          </Text>
          {children}
          <Textarea
            label="Reason"
            description="Kept in the history."
            required
            autosize
            minRows={2}
            maxLength={2_000}
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={doing.errors.reason}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Not now
            </Button>
            <SubmitButton isPending={doing.isPending} {...(isDanger ? { color: "red" } : {})}>
              {submit}
            </SubmitButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
