"use client";

import { Anchor, Stack } from "@mantine/core";
import { Empty } from "@/components/ui/empty";
import { AgeFilter, FilterBar, FilterSelect } from "@/components/ui/filter-bar";
import { Link } from "@/components/ui/link";
import { LiveList } from "@/components/ui/live-list";
import { useAddress } from "@/components/ui/use-address";
import { DISPLAY, RUN_STATUSES } from "@/lib/engine/status";
import type { RunFilter, RunRow } from "@/lib/runs/schema/list";
import { RunsTable } from "./runs-table";

type Page = { readonly rows: readonly RunRow[]; readonly next: string | null };

const AGES = [
  { value: "24", label: "Started over a day ago" },
  { value: "168", label: "Started over a week ago" },
  { value: "720", label: "Started over 30 days ago" },
];

/** Orchestration Runs: every run, newest first, with filters that live in the address. */
export function RunsList({
  first,
  filter,
  processes,
  mayRepair,
}: {
  first: Page;
  filter: RunFilter;
  processes: readonly { value: string; label: string }[];
  mayRepair: boolean;
}) {
  return (
    <Stack gap="md">
      <Filters filter={filter} processes={processes} />
      <LiveList<RunRow>
        name="runs"
        first={first}
        query={{ ...filter }}
        topics={["runs"]}
        keyOf={(row) => row.runId}
        empty={<NoRuns isFiltered={Object.values(filter).some(Boolean)} />}
      >
        {(rows) => <RunsTable rows={rows} mayRepair={mayRepair} />}
      </LiveList>
    </Stack>
  );
}

function Filters({ filter, processes }: { filter: RunFilter; processes: readonly { value: string; label: string }[] }) {
  const { set, search, setSearch } = useAddress(filter.search ?? "");
  const statuses = [
    { value: "open", label: "Not ended" },
    ...RUN_STATUSES.map((value) => ({ value: value as string, label: DISPLAY[value] })),
    { value: "stalled", label: "Stalled" },
  ];
  return (
    <FilterBar label="Search runs" placeholder="Search record or process" search={search} onSearch={setSearch}>
      <FilterSelect
        label="Status"
        w={160}
        data={statuses}
        value={filter.status ?? null}
        onChange={(status) => set({ status })}
      />
      <FilterSelect
        label="Process"
        searchable
        w={220}
        data={[...processes]}
        value={filter.definition ?? null}
        onChange={(definition) => set({ definition, version: null })}
      />
      {filter.version && (
        <FilterSelect
          label="Version"
          w={140}
          data={[{ value: String(filter.version), label: `Version ${filter.version}` }]}
          value={String(filter.version)}
          onChange={(version) => set({ version })}
        />
      )}
      <FilterSelect
        label="Debug runs"
        placeholder="With debug runs"
        w={170}
        data={[
          { value: "none", label: "No debug runs" },
          { value: "only", label: "Only debug runs" },
        ]}
        value={filter.debug ?? null}
        onChange={(debug) => set({ debug })}
      />
      <AgeFilter hours={filter.olderThanHours} labels={AGES} onChange={(olderThanHours) => set({ olderThanHours })} />
    </FilterBar>
  );
}

function NoRuns({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <Empty
      title="No run matches these filters"
      text="Take a filter away to see more."
      action={
        <Anchor component={Link} href="/runs">
          Clear the filters
        </Anchor>
      }
    />
  ) : (
    <Empty
      title="No runs yet"
      text="A run starts when a record meets the entry criteria of an active orchestration, or when somebody starts one on a record's page."
    />
  );
}
