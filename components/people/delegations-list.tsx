"use client";

import { Button, Card, Modal, Stack, Switch } from "@mantine/core";
import { IconPlus, IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { Empty } from "@/components/ui/empty";
import { FilterBar } from "@/components/ui/filter-bar";
import { useAddress } from "@/components/ui/use-address";
import type { DelegationFilter, DelegationRow } from "@/lib/people/schema/delegation";
import { DelegationForm, type ProcessOption } from "./delegation-form";
import { DelegationLine } from "./delegation-row";
import { TurnPage } from "./turn-page";

type Props = {
  readonly rows: readonly DelegationRow[];
  readonly next: string | null;
  readonly filter: DelegationFilter;
  readonly processes: readonly ProcessOption[];
};

/** Everybody's delegations, newest first, with search in the address; an admin makes one for whoever cannot. */
export function DelegationsList({ rows, next, filter, processes }: Props) {
  const address = useAddress(filter.search ?? "");
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <Stack gap="md">
      <FilterBar label="Search by either name" search={address.search} onSearch={address.setSearch}>
        <Switch
          label="Hide those that are over"
          checked={filter.open === "1"}
          onChange={(event) => address.set({ open: event.currentTarget.checked ? "1" : null })}
        />
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen(true)}>
          New delegation
        </Button>
      </FilterBar>
      {rows.length === 0 ? (
        <Empty
          icon={<IconUsers size={24} stroke={1.5} />}
          title="No delegation"
          text="People ask others to decide in their place under their account; for those who cannot, make one here."
        />
      ) : (
        <Card padding="lg">
          <Stack component="ul" gap="lg" m={0} p={0} style={{ listStyle: "none" }} aria-label="Delegations">
            {rows.map((row) => (
              <DelegationLine
                key={row.delegationId}
                row={row}
                title={`${row.delegate.name} for ${row.delegator.name}`}
              />
            ))}
          </Stack>
        </Card>
      )}
      <TurnPage next={next} isFirst={!filter.cursor} />
      <Modal opened={isOpen} onClose={close} title="Let somebody decide in somebody's place" size="lg">
        <DelegationForm processes={processes} isAdmin onDone={close} />
      </Modal>
    </Stack>
  );
}
