"use client";

import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import type { Startable } from "@/lib/runs/loaders";
import { StartForm } from "./start-form";

type Props = {
  readonly startable: Pick<Startable, "definitionId" | "label" | "button" | "inputs">;
  readonly recordId: string | null;
};

/** Opens the form that starts it; whoever started a run may open its page, and is taken there. */
export function StartButton({ startable, recordId }: Props) {
  const router = useRouter();
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconPlayerPlay size={16} />} onClick={open}>
        {startable.button}
      </Button>
      <Modal opened={isOpen} onClose={close} title={startable.label}>
        <StartForm
          startable={startable}
          recordId={recordId}
          onStarted={(runId) => router.push(`/runs/${runId}`)}
          onCancel={close}
        />
      </Modal>
    </>
  );
}
