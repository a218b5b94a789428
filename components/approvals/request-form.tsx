"use client";

import { Button, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { AssigneePicker } from "@/components/people/assignee-picker";
import { ErrorSummary } from "@/components/ui/error-summary";
import { SubmitButton } from "@/components/ui/submit-button";
import { useAct } from "@/components/ui/use-act";
import { requestApproval } from "@/lib/approvals/actions";
import type { RequestableApproval } from "@/lib/runs/loaders";
import { ChainPreview } from "./chain-preview";

type Props = {
  readonly recordId: string;
  readonly approvals: readonly RequestableApproval[];
  readonly onClose: () => void;
};

/** Submits a record: which process, whose words, who first where that may be chosen; and who would decide, before it is sent. */
export function RequestForm({ recordId, approvals, onClose }: Props) {
  const router = useRouter();
  const [definitionId, choose] = useState(approvals[0]?.definitionId ?? "");
  const [comments, setComments] = useState("");
  const [approver, setApprover] = useState<string | null>(null);
  const [isMissing, setMissing] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const onDone = () => {
    onClose();
    router.refresh();
  };
  const act = useAct(requestApproval, {
    onDone,
    onRefused: ({ message }) => setRefusal(message),
    success: "Approval requested",
  });
  const chosen = approvals.find((one) => one.definitionId === definitionId);
  const mayChoose = chosen !== undefined && chosen.chooseApprover !== "no";
  const firstApprover = mayChoose ? (approver?.replace("user:", "") ?? null) : null;
  const send = (event: FormEvent) => {
    event.preventDefault();
    setRefusal(null);
    const lacks = chosen?.chooseApprover === "must" && firstApprover === null;
    setMissing(lacks);
    const said = chosen?.hidesComments ? "" : comments;
    if (!lacks) void act.run({ definitionId, recordId, comments: said, firstApprover });
  };
  const missing = isMissing ? "Choose who decides first" : null;
  return (
    <form onSubmit={send} noValidate aria-label="Request approval">
      <Stack gap="md">
        <ErrorSummary
          problems={refusal && act.problems.length === 0 ? [{ path: "", message: refusal }] : act.problems}
          idOf={(path) => (path ? `approval-${path}` : null)}
          title="This was not sent"
        />
        <Process approvals={approvals} value={definitionId} onChange={choose} />
        {mayChoose && (
          <AssigneePicker
            id="approval-firstApprover"
            label="First approver"
            description="Decides first, in the place of whom the process would ask."
            placeholder="Type a name"
            only="user"
            clearable
            required={chosen.chooseApprover === "must"}
            value={approver}
            onChange={setApprover}
            error={missing ?? act.errors.firstApprover}
          />
        )}
        {!chosen?.hidesComments && (
          <Textarea
            id="approval-comments"
            label="Comments"
            description="Read by everybody who decides."
            data-autofocus
            autosize
            minRows={3}
            maxRows={10}
            value={comments}
            error={act.errors.comments ?? null}
            onChange={(event) => setComments(event.currentTarget.value)}
          />
        )}
        <ChainPreview definitionId={definitionId} recordId={recordId} firstApprover={firstApprover} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <SubmitButton isPending={act.isPending}>Request approval</SubmitButton>
        </Group>
      </Stack>
    </form>
  );
}

function Process({
  approvals,
  value,
  onChange,
}: Pick<Props, "approvals"> & { value: string; onChange: (id: string) => void }) {
  const chosen = approvals.find(({ definitionId }) => definitionId === value);
  const about = chosen?.description || "Whoever decides is told by mail.";
  if (approvals.length === 1)
    return (
      <Text fz="sm" c="dimmed">
        This starts “{chosen?.label}”. {about}
      </Text>
    );
  return (
    <Select
      id="approval-definitionId"
      label="Process"
      description={about}
      allowDeselect={false}
      data={approvals.map((one) => ({ value: one.definitionId, label: one.label }))}
      value={value}
      onChange={(next) => onChange(next ?? value)}
    />
  );
}
