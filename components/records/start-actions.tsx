"use client";

import { Button, Group, Menu, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconGavel, IconPlayerPlay } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { RequestForm } from "@/components/approvals/request-form";
import { DebugBadge } from "@/components/runs/debug-badge";
import { StartForm } from "@/components/runs/start-form";
import { TextLink } from "@/components/ui/links";
import { useAct } from "@/components/ui/use-act";
import { startOrchestration } from "@/lib/runs/actions";
import type { RequestableApproval, Startable } from "@/lib/runs/loaders";

type Props = {
  readonly recordId: string;
  readonly orchestrations: readonly Startable[];
  readonly approvals: readonly RequestableApproval[];
};

/** Starts what is active for records of this object: orchestrations by a button each or a menu, approval processes by asking for them. */
export function StartActions({ recordId, orchestrations, approvals }: Props) {
  return (
    <>
      {approvals.length > 0 && <RequestApproval recordId={recordId} approvals={approvals} />}
      {orchestrations.length > 0 && <StartMenu recordId={recordId} orchestrations={orchestrations} />}
    </>
  );
}

function StartMenu({ recordId, orchestrations }: Pick<Props, "recordId" | "orchestrations">) {
  const router = useRouter();
  const act = useAct(startOrchestration, { onDone: () => router.refresh(), success: "Started" });
  const [asked, ask] = useState<Startable | null>(null);
  const start = (one: Startable) =>
    one.inputs.length > 0 ? ask(one) : void act.run({ definitionId: one.definitionId, recordId });
  const form = (
    <Modal opened={asked !== null} onClose={() => ask(null)} title={asked?.label}>
      {asked && (
        <StartForm
          startable={asked}
          recordId={recordId}
          onStarted={() => {
            ask(null);
            router.refresh();
          }}
          onCancel={() => ask(null)}
        />
      )}
    </Modal>
  );
  const [only] = orchestrations;
  if (only && orchestrations.length === 1) {
    return only.underWay ? (
      <UnderWay startable={only} text={`${only.label} is under way`} Icon={IconPlayerPlay} />
    ) : (
      <>
        {form}
        <Button
          variant="default"
          leftSection={<IconPlayerPlay size={16} />}
          loading={act.isPending}
          onClick={() => start(only)}
        >
          {only.button}
        </Button>
      </>
    );
  }
  return (
    <>
      {form}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconPlayerPlay size={16} />}
            rightSection={<IconChevronDown size={14} />}
            loading={act.isPending}
          >
            Start
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {orchestrations.map((one) => (
            <Menu.Item key={one.definitionId} disabled={one.underWay !== null} onClick={() => start(one)}>
              {one.button}
              {one.underWay && (
                <Text fz="xs" c="dimmed">
                  {one.underWay.isDebug ? "A debug run is under way for this record" : "Under way for this record"}
                </Text>
              )}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** Offers what is not under way for the record already, and says what is. */
function RequestApproval({ recordId, approvals }: Pick<Props, "recordId" | "approvals">) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const offered = approvals.filter(({ underWay }) => underWay === null);
  return (
    <>
      {approvals.map((approval) => (
        <UnderWay
          key={approval.definitionId}
          startable={approval}
          text={approvals.length === 1 ? "Approval is under way" : `${approval.label} is under way`}
          Icon={IconGavel}
        />
      ))}
      {offered.length > 0 && (
        <Button variant="default" leftSection={<IconGavel size={16} />} onClick={open}>
          Request approval
        </Button>
      )}
      <Modal opened={isOpen} onClose={close} title="Request approval" size="lg">
        <RequestForm key={offered[0]?.definitionId} recordId={recordId} approvals={offered} onClose={close} />
      </Modal>
    </>
  );
}

/** Stands where the button would, while the one run that a record may have goes on. */
function UnderWay({
  startable: { underWay },
  text,
  Icon,
}: {
  startable: Startable;
  text: string;
  Icon: typeof IconGavel;
}) {
  if (!underWay) return null;
  return (
    <Group gap={6} wrap="nowrap" px="xs" mih={36}>
      <Icon size={16} aria-hidden />
      {underWay.runId ? (
        <TextLink href={`/runs/${underWay.runId}`} fz="sm">
          {text}
        </TextLink>
      ) : (
        <Text fz="sm" c="dimmed">
          {text}
        </Text>
      )}
      {underWay.isDebug && <DebugBadge />}
    </Group>
  );
}
