"use client";

import { Anchor, Button, Group, Modal, Stack, Text, Title } from "@mantine/core";
import { IconTool } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FormMessage } from "@/components/ui/form-message";
import { Link } from "@/components/ui/link";
import { SkeletonRows } from "@/components/ui/skeleton-rows";
import { unlessCovered } from "@/components/ui/unless-covered";
import { useLive } from "@/components/ui/use-live";
import type { RunRow } from "@/lib/runs/schema/list";
import type { RunControl } from "@/lib/runs/schema/run-control";
import { Assignee } from "../assignee";
import { ReassignButton } from "../reassign-dialog";
import { RunActions } from "./run-actions";
import { StepActions } from "./step-actions";

/** Opens what can be done to a run that stopped, beside the reason why it did. */
export function RepairButton({ row }: { row: RunRow }) {
  const [isOpen, setOpen] = useState(false);
  const name = row.record?.name ?? row.label;
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconTool size={14} />}
        aria-label={`Repair ${name}`}
        onClick={() => setOpen(true)}
      >
        Repair
      </Button>
      <Modal
        opened={isOpen}
        onClose={unlessCovered(() => setOpen(false))}
        title={name}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Repair row={row} />
      </Modal>
    </>
  );
}

async function fetchControl(runId: string, signal: AbortSignal): Promise<RunControl> {
  const answer = await fetch(`/api/lists/runs/${runId}/control`, { signal, headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`the run answered ${answer.status}`);
  return (await answer.json()) as RunControl;
}

function Repair({ row }: { row: RunRow }) {
  const { data, isError, refetch } = useQuery({
    queryKey: ["run-control", row.runId],
    queryFn: ({ signal }) => fetchControl(row.runId, signal),
  });
  useLive([`run:${row.runId}`], () => void refetch());
  return (
    <Stack gap="md">
      <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
        {row.error ?? row.stalledReason ?? "The run is suspended."}
      </Text>
      <FormMessage text={isError ? "What can be done could not be loaded. Open the run itself." : null} />
      {!data && !isError && <SkeletonRows />}
      {data && <Ways control={data} />}
      <Anchor component={Link} href={`/runs/${row.runId}`} fz="sm">
        Open the run
      </Anchor>
    </Stack>
  );
}

function Ways({ control }: { control: RunControl }) {
  return (
    <>
      <Group gap="xs">
        <RunActions control={control} />
      </Group>
      {control.steps.map((step) => (
        <Group key={step.stepRunId} justify="space-between" gap="xs">
          <Text fz="sm" fw={500}>
            {step.label}
          </Text>
          <StepActions runId={control.runId} step={step} />
        </Group>
      ))}
      {control.items.length > 0 && (
        <Title order={3} fz="sm">
          Open work
        </Title>
      )}
      {control.items.map((item) => (
        <Group key={item.workItemId} justify="space-between" gap="xs">
          <div>
            <Text fz="sm">{item.label}</Text>
            <Assignee who={item.assignee} />
          </div>
          <ReassignButton workItemIds={[item.workItemId]} />
        </Group>
      ))}
    </>
  );
}
