"use client";

import { Alert, Button, Group, List, Modal, Stack, Text, Textarea } from "@mantine/core";
import { IconArrowsExchange } from "@tabler/icons-react";
import { useState } from "react";
import { AssigneePicker } from "@/components/people/assignee-picker";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { reassignItems } from "@/lib/work/actions/reassign";
import type { ReassignReport } from "@/lib/work/schema";

type Props = {
  readonly workItemIds: readonly string[];
  /** Called with the items that could not be handed over. */
  readonly onDone?: (failed: readonly string[]) => void;
};

/** Opens the dialog that hands one or many open work items to a person, group or queue, with a reason. */
export function ReassignButton({ workItemIds, onDone }: Props) {
  const [isOpen, setOpen] = useState(false);
  const title = workItemIds.length === 1 ? "Reassign work item" : `Reassign ${workItemIds.length} work items`;
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconArrowsExchange size={16} />} onClick={() => setOpen(true)}>
        Reassign
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={title} closeButtonProps={{ "aria-label": "Close" }}>
        <ReassignForm workItemIds={workItemIds} onClose={() => setOpen(false)} {...(onDone && { onDone })} />
      </Modal>
    </>
  );
}

function ReassignForm({ workItemIds, onDone, onClose }: Props & { onClose: () => void }) {
  const [to, setTo] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const [report, setReport] = useState<ReassignReport | null>(null);
  const [isMissing, setMissing] = useState(false);
  const act = useAct(reassignItems, {
    success: ({ done }) =>
      done.length === 1
        ? "Reassigned. The new assignee is told by mail."
        : `${done.length} reassigned. The new assignees are told by mail.`,
    onDone: (value) => {
      onDone?.(value.failed.map((each) => each.workItemId));
      if (value.failed.length === 0) onClose();
      else setReport(value);
    },
  });
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const [type, id] = to?.split(":") ?? [];
    setMissing(!id);
    if (!id || (type !== "user" && type !== "group" && type !== "queue")) return;
    void act.run({ workItemIds: [...workItemIds], to: { type, id }, reason });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <AssigneePicker
          label="To"
          placeholder="A person, group or queue"
          required
          data-autofocus
          value={to}
          onChange={setTo}
          error={isMissing ? "Choose who gets the work" : act.errors.to}
        />
        <Textarea
          label="Reason"
          description="Kept in the history, and shown to the new assignee."
          required
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={act.errors.reason}
        />
        {report && <Report report={report} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {report ? "Close" : "Not now"}
          </Button>
          <SubmitButton isPending={act.isPending}>Reassign</SubmitButton>
        </Group>
      </Stack>
    </form>
  );
}

/** What became of each, when not all could be handed over. */
function Report({ report }: { report: ReassignReport }) {
  return (
    <Alert color="orange" title={`${report.done.length} reassigned, ${report.failed.length} not`} role="status">
      <List size="sm">
        {report.failed.map(({ workItemId, message }) => (
          <List.Item key={workItemId}>
            <Text fz="sm">{message}</Text>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
