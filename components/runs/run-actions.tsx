"use client";

import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { IconBan, IconRefresh } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import type { ActionResult } from "@/lib/action";
import { cancelRun, retryRun } from "@/lib/runs/actions";
import type { RunPage } from "@/lib/runs/schema/run-page";

const OF_FAILED = {
  title: "Try the failed step again",
  effect:
    "The step that failed starts anew, and so do the steps that were stopped with it. What was typed before is still there.",
  success: "The step was started again.",
};
const OF_STALLED = {
  title: "Let the run look again",
  effect:
    "What the run waits for is looked at again, with the values as they are now. If nothing has changed, it stays stalled.",
  success: "The run looked again.",
};

/** What an admin can do to a run as it stands: cancel it, or try its failed step again. */
export function RunActions({ page }: { page: RunPage }) {
  return (
    <Group gap="xs">
      {page.mayRetry && (
        <ReasonButton
          runId={page.run.runId}
          act={retryRun}
          label="Try again"
          icon={<IconRefresh size={16} />}
          submit="Try again"
          {...(page.run.stalledSince === null ? OF_FAILED : OF_STALLED)}
        />
      )}
      {page.mayCancel && (
        <ReasonButton
          runId={page.run.runId}
          act={cancelRun}
          label="Cancel run"
          icon={<IconBan size={16} />}
          isDanger
          title="Cancel this run"
          effect="Open work items are withdrawn and nothing more starts. What finished steps have written stays. This cannot be undone."
          submit="Cancel the run"
          success="The run was canceled."
        />
      )}
    </Group>
  );
}

type Props = {
  readonly runId: string;
  readonly act: (input: { runId: string; reason: string; key: string }) => Promise<ActionResult<unknown>>;
  readonly label: string;
  readonly icon: React.ReactNode;
  readonly title: string;
  readonly effect: string;
  readonly submit: string;
  readonly success: string;
  readonly isDanger?: boolean;
};

/** A button that says what it will do, asks why, and does it once. */
function ReasonButton({ runId, act, label, icon, title, effect, submit, success, isDanger = false }: Props) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const doing = useAct(act, {
    success,
    onDone: () => {
      setOpen(false);
      setReason("");
      router.refresh();
    },
  });
  const color = isDanger ? { color: "red" } : {};
  return (
    <>
      <Button variant={isDanger ? "light" : "filled"} {...color} leftSection={icon} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={title} closeButtonProps={{ "aria-label": "Close" }}>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void doing.run({ runId, reason });
          }}
        >
          <Stack gap="md">
            <Text fz="sm">{effect}</Text>
            <Textarea
              label="Reason"
              description="Kept in the history."
              required
              autosize
              minRows={2}
              data-autofocus
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              error={doing.errors.reason}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setOpen(false)}>
                Not now
              </Button>
              <SubmitButton isPending={doing.isPending} {...color}>
                {submit}
              </SubmitButton>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
