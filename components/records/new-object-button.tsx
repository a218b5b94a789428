"use client";

import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { ObjectForm } from "./object-form";

export function NewObjectButton() {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button leftSection={<IconPlus size={16} />} onClick={open}>
        New object
      </Button>
      <Modal opened={isOpen} onClose={close} title="New object" size="lg">
        <ObjectForm object={null} onSaved={close} />
      </Modal>
    </>
  );
}
