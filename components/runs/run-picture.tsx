"use client";

import { Badge, Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowRight, IconDiamond } from "@tabler/icons-react";
import { useState } from "react";
import { StatusBadge } from "@/components/ui/status-badge";
import type { RunPage, RunPageStage } from "@/lib/runs/schema/run-page";
import classes from "./run-picture.module.css";
import { StageRounds, StageWays } from "./stage-ways";
import { StepCard } from "./step-card";
import { StepDrawer } from "./step-drawer";

/** The run as a picture: its stages from left to right (top to bottom on a phone), each with its steps and who has what. */
export function RunPicture({ page }: { page: RunPage }) {
  const [opened, setOpened] = useState<{ stage: string; step: string } | null>(null);
  const step =
    page.stages.find(({ name }) => name === opened?.stage)?.steps.find(({ name }) => name === opened?.step) ?? null;
  return (
    <>
      {page.decisions.length > 0 && <Decisions decisions={page.decisions} isOver={page.run.endedAt !== null} />}
      <section className={classes.board} aria-label="Stages and steps">
        {page.stages.map((stage) => (
          <StageColumn key={stage.name} stage={stage} onOpen={(name) => setOpened({ stage: stage.name, step: name })} />
        ))}
      </section>
      <StepDrawer step={step} page={page} onClose={() => setOpened(null)} />
    </>
  );
}

function StageColumn({ stage, onOpen }: { stage: RunPageStage; onOpen: (step: string) => void }) {
  return (
    <section className={classes.stage} data-status={stage.status ?? "unreached"} aria-label={`Stage ${stage.label}`}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} fz="sm" fw={700}>
            {stage.label}
          </Title>
          <Group gap={6} wrap="nowrap">
            {stage.round > 1 && (
              <Badge variant="default" size="sm">
                Round {stage.round}
              </Badge>
            )}
            {stage.status ? (
              <StatusBadge status={stage.status} />
            ) : (
              <Text fz="xs" c="dimmed">
                Not reached
              </Text>
            )}
          </Group>
        </Group>
        {stage.steps.map((step) => (
          <StepCard key={step.name} step={step} onOpen={() => onOpen(step.name)} />
        ))}
        {stage.why && (
          <Text fz="xs" c="dimmed">
            {stage.why}
          </Text>
        )}
        <StageRounds stage={stage} />
        <StageWays stage={stage} />
      </Stack>
    </section>
  );
}

function Decisions({ decisions, isOver }: { decisions: RunPage["decisions"]; isOver: boolean }) {
  return (
    <Group gap="lg" mb="sm">
      {decisions.map((decision) => (
        <Group key={decision.name} gap={6}>
          <IconDiamond size={16} stroke={1.7} aria-hidden />
          <Text fz="sm" fw={500}>
            {decision.label}
          </Text>
          <IconArrowRight size={14} aria-hidden />
          {decision.taken ? (
            <Text fz="sm">{decision.taken}</Text>
          ) : (
            <Text fz="sm" c="dimmed">
              {isOver ? "not reached" : "not decided yet"}
            </Text>
          )}
        </Group>
      ))}
    </Group>
  );
}
