"use client";

import { Alert, Skeleton, Stack, Text, Timeline } from "@mantine/core";
import { IconAlertTriangle, IconUser, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { fetchAnswer } from "@/components/ui/fetch-answer";
import { StatusBadge } from "@/components/ui/status-badge";
import type { Preview, PreviewedStep } from "@/lib/approvals/schema";

type Props = {
  readonly definitionId: string;
  readonly recordId: string | null;
  readonly firstApprover: string | null;
};

/** Who would decide in turn if this were submitted now, asked of the process itself. */
export function ChainPreview({ definitionId, recordId, firstApprover }: Props) {
  const asked = new URLSearchParams({
    definitionId,
    ...(recordId && { recordId }),
    ...(firstApprover && { firstApprover }),
  });
  const preview = useQuery({
    queryKey: ["approvals", "preview", definitionId, recordId, firstApprover],
    queryFn: ({ signal }) => fetchAnswer<Preview>(`/api/lists/approvals/preview?${asked}`, signal),
    staleTime: 30_000,
    retry: false,
  });
  return (
    <Stack gap="xs" component="section" aria-labelledby="chain-preview" aria-busy={preview.isPending}>
      <Text fz="sm" fw={550} id="chain-preview">
        Who decides, if everybody approves
      </Text>
      {preview.isPending && <Skeleton h={56} />}
      {preview.isError && (
        <Alert color="orange" icon={<IconAlertTriangle size={18} />}>
          {preview.error.message}
        </Alert>
      )}
      {preview.data && <Chain preview={preview.data} />}
    </Stack>
  );
}

function Chain({ preview: { steps, ends, stops } }: { preview: Preview }) {
  const isLost = ends === "error" || steps.some(({ problem }) => problem !== null);
  return (
    <>
      {steps.length === 0 && ends !== "error" && (
        <Text fz="sm" c="dimmed">
          Nobody has to decide: no step of it applies to this record as it is.
        </Text>
      )}
      <Timeline bulletSize={24} lineWidth={2} color="gray">
        {steps.map((step) => (
          <Timeline.Item
            key={`${step.stageLabel} ${step.label} ${step.who}`}
            bullet={step.type === "user" ? <IconUser size={13} aria-hidden /> : <IconUsers size={13} aria-hidden />}
            title={
              <Text fz="sm" fw={550}>
                {step.who}
              </Text>
            }
          >
            <StepLines step={step} />
          </Timeline.Item>
        ))}
      </Timeline>
      {stops.map((stop) => (
        <Alert key={stop} color={isLost ? "red" : "gray"} icon={<IconAlertTriangle size={18} />} fz="sm">
          {stop}
        </Alert>
      ))}
      {ends !== null && ends !== "error" && (
        <Text fz="sm" component="div">
          Then it ends <StatusBadge status={ends} />
        </Text>
      )}
    </>
  );
}

function StepLines({ step: { stageLabel, label, rule, because, skipped, problem } }: { step: PreviewedStep }) {
  return (
    <>
      <Text fz="xs" c="dimmed">
        {stageLabel === label ? label : `${stageLabel} › ${label}`}, because {because}
      </Text>
      {rule && <Text fz="xs">{rule}.</Text>}
      {skipped && <Text fz="xs">{skipped}.</Text>}
      {problem && (
        <Text fz="xs" c="orange" fw={500}>
          {problem}
        </Text>
      )}
    </>
  );
}
