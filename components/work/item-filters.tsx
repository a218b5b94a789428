"use client";

import { Switch } from "@mantine/core";
import { AssigneePicker } from "@/components/people/assignee-picker";
import { AgeFilter, FilterBar, FilterSelect } from "@/components/ui/filter-bar";
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
    <FilterBar label="Search work items" placeholder="Search work item or record" search={search} onSearch={setSearch}>
      <FilterSelect
        label="Status"
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
      <FilterSelect
        label="Process"
        searchable
        w={200}
        data={[...processes]}
        value={filter.definition ?? null}
        onChange={(definition) => set({ definition })}
      />
      <AgeFilter hours={filter.olderThanHours} labels={AGES} onChange={(olderThanHours) => set({ olderThanHours })} />
      <Switch
        label="Needs a look"
        checked={filter.flagged ?? false}
        onChange={(event) => set({ flagged: event.currentTarget.checked ? "1" : null })}
      />
    </FilterBar>
  );
}
