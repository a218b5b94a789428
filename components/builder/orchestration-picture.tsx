import { Group, Stack, Text, Title } from "@mantine/core";
import { IconDiamond, IconPlayerPlay } from "@tabler/icons-react";
import type { DecisionDefinition, Orchestration, StageDefinition } from "@/lib/engine/definition";
import { isOneAtATime } from "@/lib/engine/find";
import { DefinitionStepCard } from "./definition-step-card";
import { NextLine } from "./next-line";
import classes from "./orchestration-picture.module.css";
import { assigneeText, conditionText, gateText } from "./words";

type Labels = ReadonlyMap<string, string>;
type Names = Readonly<Record<string, string>>;

/** An orchestration as one reads it: how it starts, its stages with their steps from left to right, and where decisions lead. */
export function OrchestrationPicture({ definition, names }: { definition: Orchestration; names: Names }) {
  const labels: Labels = new Map(
    definition.elements.flatMap((element) => [
      [element.name, element.label] as const,
      ...(element.type === "stage" ? element.steps.map((step) => [step.name, step.label] as const) : []),
    ]),
  );
  return (
    <section className={classes.board} aria-label="Stages and steps">
      <Start definition={definition} labels={labels} names={names} />
      {definition.elements.map((element) =>
        element.type === "stage" ? (
          <StageColumn key={element.name} stage={element} labels={labels} names={names} />
        ) : (
          <Decision key={element.name} decision={element} labels={labels} />
        ),
      )}
    </section>
  );
}

const leadsTo = (next: string | null, labels: Labels): string => (next === null ? "End" : (labels.get(next) ?? next));

function Start({ definition, labels, names }: { definition: Orchestration; labels: Labels; names: Names }) {
  const { start, processType, fallbackAssignee } = definition;
  const how = { create: "is created", update: "is changed", create_or_update: "is created or changed" };
  return (
    <section className={classes.narrow} aria-label="Start">
      <Stack gap={6}>
        <Group gap={6} wrap="nowrap">
          <IconPlayerPlay size={16} aria-hidden />
          <Title order={2} fz="sm">
            Start
          </Title>
        </Group>
        {start.type === "record_triggered" ? (
          <Text fz="sm">
            When a record of {start.object} {how[start.on]}
            {start.when ? ` and ${conditionText(start.when)}` : ""}
            {start.onlyWhenChangedToMeet ? " since this change" : ""}.
          </Text>
        ) : (
          <Text fz="sm">
            {processType === "approval" ? "When approval is requested" : "When somebody starts it"}
            {start.object ? ` for a record of ${start.object}` : ""}
            {start.when ? ` where ${conditionText(start.when)}` : ""}.
          </Text>
        )}
        {isOneAtATime(definition) && (
          <Text fz="xs" c="dimmed">
            One open run for a record
          </Text>
        )}
        {fallbackAssignee && (
          <Text fz="xs" c="dimmed">
            Work that finds nobody goes to{" "}
            {assigneeText({ type: fallbackAssignee.type, value: { literal: fallbackAssignee.value } }, names)}
          </Text>
        )}
        <NextLine to={leadsTo(start.next, labels)} />
      </Stack>
    </section>
  );
}

function StageColumn({ stage, labels, names }: { stage: StageDefinition; labels: Labels; names: Names }) {
  return (
    <section className={classes.stage} aria-label={`Stage ${stage.label}`}>
      <Stack gap="sm">
        <div>
          <Title order={2} fz="sm" fw={700}>
            {stage.label}
          </Title>
          {stage.description && (
            <Text fz="xs" c="dimmed">
              {stage.description}
            </Text>
          )}
        </div>
        {stage.steps.map((step) => (
          <DefinitionStepCard key={step.name} step={step} labels={labels} names={names} />
        ))}
        {stage.exit.type !== "all_steps_completed" && (
          <Text fz="xs" c="dimmed">
            Ends {gateText(stage.exit)}
          </Text>
        )}
        <NextLine to={leadsTo(stage.next, labels)} />
        {stage.faultNext !== undefined && <NextLine to={leadsTo(stage.faultNext, labels)} when="on error" isFault />}
      </Stack>
    </section>
  );
}

function Decision({ decision, labels }: { decision: DecisionDefinition; labels: Labels }) {
  return (
    <section className={classes.narrow} aria-label={`Decision ${decision.label}`}>
      <Stack gap={8}>
        <Group gap={6} wrap="nowrap">
          <IconDiamond size={16} aria-hidden />
          <Title order={2} fz="sm">
            {decision.label}
          </Title>
        </Group>
        {decision.outcomes.map((outcome) => (
          <div key={outcome.name}>
            <NextLine to={leadsTo(outcome.next, labels)} when={outcome.label} />
            <Text fz="xs" c="dimmed" pl={20} style={{ overflowWrap: "anywhere" }}>
              {conditionText(outcome.when)}
              {outcome.onlyWhenChangedToMeet ? " since the change that started the run" : ""}
            </Text>
          </div>
        ))}
        <NextLine to={leadsTo(decision.defaultNext, labels)} when={decision.defaultLabel} />
      </Stack>
    </section>
  );
}
