import { Anchor, Badge, Group, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconArrowRight, IconBolt, IconClockPlay, IconDiamond, IconFlag, IconForms, IconGavel, IconPlayerPlay, IconUser } from "@tabler/icons-react";
import Link from "next/link";
import type { DecisionDefinition, Orchestration, StageDefinition, StepDefinition } from "@/lib/engine/definition";
import classes from "./orchestration-picture.module.css";
import { assigneeText, conditionText, gateText } from "./words";

const KINDS = {
  interactive: { icon: IconForms, label: "Interactive step" },
  approval: { icon: IconGavel, label: "Approval step" },
  background: { icon: IconBolt, label: "Background step" },
} as const;

type Labels = ReadonlyMap<string, string>;
type Names = Readonly<Record<string, string>>;

/** An orchestration as one reads it: how it starts, its stages with their steps from left to right, and where decisions lead. */
export function OrchestrationPicture({ definition, names }: { definition: Orchestration; names: Names }) {
  const labels: Labels = new Map(definition.elements.flatMap((element) => [
    [element.name, element.label] as const,
    ...(element.type === "stage" ? element.steps.map((step) => [step.name, step.label] as const) : []),
  ]));
  return (
    <section className={classes.board} aria-label="Stages and steps">
      <Start definition={definition} labels={labels} names={names} />
      {definition.elements.map((element) =>
        element.type === "stage" ? <StageColumn key={element.name} stage={element} labels={labels} names={names} /> : <Decision key={element.name} decision={element} labels={labels} />)}
    </section>
  );
}

const leadsTo = (next: string | null, labels: Labels): string => (next === null ? "End" : (labels.get(next) ?? next));

function Start({ definition: { start, processType, fallbackAssignee }, labels, names }: { definition: Orchestration; labels: Labels; names: Names }) {
  const how = { create: "is created", update: "is changed", create_or_update: "is created or changed" };
  return (
    <section className={classes.narrow} aria-label="Start">
      <Stack gap={6}>
        <Group gap={6} wrap="nowrap"><IconPlayerPlay size={16} aria-hidden /><Title order={3} fz="sm">Start</Title></Group>
        {start.type === "record_triggered" ? (
          <Text fz="sm">When a record of {start.object} {how[start.on]}{start.when ? ` and ${conditionText(start.when)}` : ""}{start.onlyWhenChangedToMeet ? " since this change" : ""}.</Text>
        ) : (
          <Text fz="sm">{processType === "approval" ? "When approval is requested" : "When somebody starts it"}{start.object ? ` for a record of ${start.object}` : ""}.</Text>
        )}
        {start.oneOpenRun && <Text fz="xs" c="dimmed">One open run for a record</Text>}
        {fallbackAssignee && <Text fz="xs" c="dimmed">Work that finds nobody goes to {assigneeText({ type: fallbackAssignee.type, value: { literal: fallbackAssignee.value } }, names)}</Text>}
        <Next to={leadsTo(start.next, labels)} />
      </Stack>
    </section>
  );
}

function Next({ to, when }: { to: string; when?: string }) {
  const Icon = to === "End" ? IconFlag : IconArrowRight;
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <Icon size={14} aria-hidden style={{ flexShrink: 0, marginTop: 3 }} />
      <Text fz="xs">{when && <Text span fz="xs" c="dimmed">{when}: </Text>}<Text span fz="xs" fw={600}>{to}</Text></Text>
    </Group>
  );
}

function StageColumn({ stage, labels, names }: { stage: StageDefinition; labels: Labels; names: Names }) {
  return (
    <section className={classes.stage} aria-label={`Stage ${stage.label}`}>
      <Stack gap="sm">
        <div>
          <Title order={3} fz="sm" fw={700}>{stage.label}</Title>
          {stage.description && <Text fz="xs" c="dimmed">{stage.description}</Text>}
        </div>
        {stage.steps.map((step) => <StepCard key={step.name} step={step} labels={labels} names={names} />)}
        {stage.exit.type !== "all_steps_completed" && <Text fz="xs" c="dimmed">Ends {gateText(stage.exit)}</Text>}
        <Next to={leadsTo(stage.next, labels)} />
      </Stack>
    </section>
  );
}

function StepCard({ step, labels, names }: { step: StepDefinition; labels: Labels; names: Names }) {
  const { icon: Icon, label } = KINDS[step.kind];
  return (
    <div className={classes.step}>
      <Stack gap={4}>
        <Group gap={8} wrap="nowrap">
          <ThemeIcon variant="light" size="sm" aria-label={label}><Icon size={14} aria-hidden /></ThemeIcon>
          <Text fw={600} fz="sm" flex={1}>{step.label}</Text>
          {step.optional && <Badge size="sm" color="gray">Optional</Badge>}
        </Group>
        {step.kind !== "background" && (
          <Group gap={6} wrap="nowrap"><IconUser size={14} aria-hidden /><Text fz="xs" style={{ overflowWrap: "anywhere" }}>{assigneeText(step.assignee, names)}</Text></Group>
        )}
        {step.entry.type !== "stage_starts" && (
          <Group gap={6} wrap="nowrap" align="flex-start"><IconClockPlay size={14} aria-hidden style={{ flexShrink: 0, marginTop: 2 }} /><Text fz="xs" style={{ overflowWrap: "anywhere" }}>{gateText(step.entry, labels)}</Text></Group>
        )}
        {step.flow ? <Anchor component={Link} href={`/definitions/${step.flow}`} fz="xs">{step.flow}</Anchor> : <Text fz="xs" c="dimmed">Approve or Reject with a comment</Text>}
      </Stack>
    </div>
  );
}

function Decision({ decision, labels }: { decision: DecisionDefinition; labels: Labels }) {
  return (
    <section className={classes.narrow} aria-label={`Decision ${decision.label}`}>
      <Stack gap={8}>
        <Group gap={6} wrap="nowrap"><IconDiamond size={16} aria-hidden /><Title order={3} fz="sm">{decision.label}</Title></Group>
        {decision.outcomes.map((outcome) => (
          <div key={outcome.name}>
            <Next to={leadsTo(outcome.next, labels)} when={outcome.label} />
            <Text fz="xs" c="dimmed" pl={20} style={{ overflowWrap: "anywhere" }}>{conditionText(outcome.when)}</Text>
          </div>
        ))}
        <Next to={leadsTo(decision.defaultNext, labels)} when={decision.defaultLabel} />
      </Stack>
    </section>
  );
}
