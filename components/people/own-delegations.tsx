"use client";

import { Button, Modal, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { SectionCard } from "@/components/ui/section-card";
import type { DelegationRow } from "@/lib/people/schema/delegation";
import { DelegationForm, type ProcessOption } from "./delegation-form";
import { DelegationLine } from "./delegation-row";

type Props = {
  readonly given: readonly DelegationRow[];
  readonly taken: readonly DelegationRow[];
  readonly processes: readonly ProcessOption[];
};

/** Who decides in one's place, and in whose place one decides. */
export function OwnDelegations({ given, taken, processes }: Props) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <Stack gap="lg" maw={760}>
      <Section
        id="given"
        title="Deciding in my place"
        text="While it is in force they decide what is yours to decide, in their own name and for you. Whoever asked is told."
        nothing="Nobody. Ask somebody before you are away."
        rows={given}
        titleOf={({ delegate }) => delegate.name}
        action={
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setOpen(true)}>
            Ask somebody
          </Button>
        }
      />
      <Section
        id="taken"
        title="I decide in the place of"
        text="You find their requests under My approvals, Delegated to me."
        nothing="Nobody."
        rows={taken}
        titleOf={({ delegator }) => delegator.name}
      />
      <Modal opened={isOpen} onClose={close} title="Ask somebody to decide in your place" size="lg">
        <DelegationForm processes={processes} onDone={close} />
      </Modal>
    </Stack>
  );
}

type SectionProps = {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly nothing: string;
  readonly rows: readonly DelegationRow[];
  readonly titleOf: (row: DelegationRow) => string;
  readonly action?: React.ReactNode;
};

function Section({ id, title, text, nothing, rows, titleOf, action }: SectionProps) {
  return (
    <SectionCard id={`${id}-title`} title={title} text={text} action={action}>
      {rows.length === 0 ? (
        <Text fz="sm" c="dimmed">
          {nothing}
        </Text>
      ) : (
        <Stack component="ul" gap="md" m={0} p={0} style={{ listStyle: "none" }}>
          {rows.map((row) => (
            <DelegationLine key={row.delegationId} row={row} title={titleOf(row)} />
          ))}
        </Stack>
      )}
    </SectionCard>
  );
}
