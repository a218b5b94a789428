import { Alert, Divider, Drawer, Group, Stack, Text, Title } from "@mantine/core";
import { TextLink } from "@/components/ui/links";
import { Moment } from "@/components/ui/moment";
import { StatusBadge } from "@/components/ui/status-badge";
import { unlessCovered } from "@/components/ui/unless-covered";
import type { RunPage, RunPageItem, RunPageStep } from "@/lib/runs/schema/run-page";
import { Assignee } from "./assignee";
import { StepActions } from "./control/step-actions";
import { ITEM_FLAGS } from "./item-flags";
import { hasProof, Proof } from "./proof";
import { ReassignButton } from "./reassign-dialog";
import { STEP_KINDS } from "./step-card";
import { StepTrouble } from "./step-trouble";
import { entriesOf, Values } from "./values";

type Of = { readonly step: RunPageStep; readonly page: Pick<RunPage, "mayReassign" | "known" | "control"> };

/** Everything of one step: why it waits, who has it, what went in and came out. */
export function StepDrawer({
  step,
  page,
  onClose,
}: {
  step: RunPageStep | null;
  page: Of["page"];
  onClose: () => void;
}) {
  return (
    <Drawer
      opened={step !== null}
      onClose={unlessCovered(onClose)}
      position="right"
      size="lg"
      title={step?.label ?? ""}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {step && <StepDetails step={step} page={page} />}
    </Drawer>
  );
}

function StepDetails({ step, page }: Of) {
  const { run } = step;
  const control = page.control.steps.find(({ stepRunId }) => stepRunId === run?.stepRunId);
  return (
    <Stack gap="md">
      <Group gap="sm">
        {run && <StatusBadge status={run.status} />}
        <Text fz="sm" c="dimmed">
          {STEP_KINDS[step.kind].label}
          {run && step.kind === "background" ? (run.isAsynchronous ? ", asynchronous" : ", synchronous") : ""}
        </Text>
      </Group>
      {control && <StepActions runId={page.control.runId} step={control} />}
      {step.flow && (
        <Text fz="sm">
          Flow{" "}
          <Text span fw={500} fz="sm" title={step.flow}>
            {step.flowLabel}
          </Text>
          {step.flowVersion ? `, version ${step.flowVersion}` : ""}
          {run && run.attempt > 1 ? `, attempt ${run.attempt}` : ""}
        </Text>
      )}
      {run?.startedAt && step.kind === "background" && (
        <Text fz="sm">
          Runs as{" "}
          <Text span fw={500} fz="sm">
            {run.runAsName ?? "Automated Process"}
          </Text>
        </Text>
      )}
      {run?.startedAt && (
        <Text fz="sm">
          Started <Moment at={run.startedAt} />
          {run.endedAt && (
            <>
              , ended <Moment at={run.endedAt} />
            </>
          )}
        </Text>
      )}
      {run && <StepTrouble run={run} known={page.known} />}
      {step.why && (
        <Alert color="accent" title={run?.startedAt ? "Why it has not ended" : "Why it has not started"}>
          {step.why}
        </Alert>
      )}
      {step.proof && hasProof(step.proof) && (
        <>
          <Divider
            label={
              step.why ? "Its condition, with the values as they are" : "Its condition, with the values that it saw"
            }
            labelPosition="left"
          />
          <Proof proof={step.proof} />
        </>
      )}
      {run?.items.map((item) => (
        <ItemDetails key={item.workItemId} item={item} mayReassign={page.mayReassign} />
      ))}
      {run && <InAndOut run={run} known={page.known} />}
    </Stack>
  );
}

function InAndOut({ run, known }: { run: NonNullable<RunPageStep["run"]>; known: RunPage["known"] }) {
  const none = run.outputs
    ? "No outputs."
    : run.endedAt
      ? "None: it ended without any."
      : "None yet: the step has not ended.";
  return (
    <>
      <Divider label="Inputs" labelPosition="left" />
      <Values of={entriesOf(run.inputs)} known={known} label="Inputs" empty="No inputs." />
      <Divider label="Outputs" labelPosition="left" />
      <Values of={entriesOf(run.outputs ?? {})} known={known} label="Outputs" empty={none} />
    </>
  );
}

const ITEM_KINDS = {
  interactive: "Work item",
  approval: "Approval",
  question: "Question",
  revision: "Sent back",
} as const;

function ItemDetails({ item, mayReassign }: { item: RunPageItem; mayReassign: boolean }) {
  return (
    <Stack gap={6}>
      <Group justify="space-between">
        <Title order={3} fz="sm">
          {ITEM_KINDS[item.kind]}
        </Title>
        {mayReassign && item.status === "assigned" && <ReassignButton workItemIds={[item.workItemId]} />}
      </Group>
      <Group gap="sm">
        <StatusBadge status={item.status} />
        <Assignee who={item.assignee} claimedByName={item.claimedByName} />
      </Group>
      <Text fz="sm" c="dimmed">
        Assigned <Moment at={item.assignedAt} />
        {item.closedAt && (
          <>
            , {item.completionKind === "done" ? `done by ${item.completedByName ?? "somebody"}` : "withdrawn"}{" "}
            <Moment at={item.closedAt} />
          </>
        )}
      </Text>
      {item.isMine && (
        <TextLink href={`/work?item=${item.workItemId}`} fz="sm">
          It is yours to do: open it
        </TextLink>
      )}
      {item.comments && (
        <Text fz="sm" style={{ whiteSpace: "pre-wrap" }}>
          {item.comments}
        </Text>
      )}
      {item.faults.map(({ personName, error, at }) => (
        <Alert key={personName} color="orange" title={`The form failed for ${personName}`}>
          {error} <Moment at={at} />
        </Alert>
      ))}
      {item.flag && <Alert color="orange">{ITEM_FLAGS[item.flag].sentence}</Alert>}
    </Stack>
  );
}
