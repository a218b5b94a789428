"use client";

import { Group, Select, Switch, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { AssigneePicker } from "@/components/people/assignee-picker";
import { useAddress } from "@/components/ui/use-address";
import type { ItemFilter } from "@/lib/work/schema";

type Option = { value: string; label: string };

const AGES = [
  { value: "24", label: "Assigned over a day ago" },
  { value: "72", label: "Assigned over 3 days ago" },
  { value: "168", label: "Assigned over a week ago" },
];
const STATUSES = [
  { value: "assigned", label: "Assigned" },
  { value: "completed", label: "Completed" },
];

/** The filters of Orchestration Work Items. */
export function ItemFilters({
  filter,
  processes,
  assigneeName,
}: {
  filter: ItemFilter;
  processes: readonly Option[];
  assigneeName: string | null;
}) {
  const { set, search, setSearch } = useAddress(filter.search ?? "");
  return (
    <Group gap="sm" wrap="wrap">
      <TextInput
        flex="1 1 200px"
        type="search"
        aria-label="Search work items"
        placeholder="Search work item or record"
        leftSection={<IconSearch size={16} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Select
        aria-label="Status"
        placeholder="Any status"
        clearable
        w={150}
        data={STATUSES}
        value={filter.status ?? null}
        onChange={(status) => set({ status })}
      />
      <AssigneePicker
        aria-label="Assignee"
        placeholder="Any assignee"
        clearable
        w={200}
        value={filter.assignee ?? null}
        valueLabel={assigneeName}
        onChange={(assignee) => set({ assignee })}
      />
      <Select
        aria-label="Process"
        placeholder="Any process"
        clearable
        searchable
        w={200}
        data={[...processes]}
        value={filter.definition ?? null}
        onChange={(definition) => set({ definition })}
      />
      <Select
        aria-label="Age"
        placeholder="Any age"
        clearable
        w={190}
        data={AGES}
        value={filter.olderThanHours ? String(filter.olderThanHours) : null}
        onChange={(olderThanHours) => set({ olderThanHours })}
      />
      <Switch
        label="Needs a look"
        checked={filter.flagged ?? false}
        onChange={(event) => set({ flagged: event.currentTarget.checked ? "1" : null })}
      />
    </Group>
  );
}
