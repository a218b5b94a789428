"use client";

import { Anchor, Group, Stack, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import Link from "next/link";
import { Empty } from "@/components/ui/empty";
import { AgeFilter, FilterBar, FilterSelect } from "@/components/ui/filter-bar";
import { LiveList } from "@/components/ui/live-list";
import { Moment } from "@/components/ui/moment";
import { StatusBadge } from "@/components/ui/status-badge";
import { useAddress } from "@/components/ui/use-address";
import { DISPLAY, RUN_STATUSES } from "@/lib/engine/status";
import type { RunFilter, RunRow } from "@/lib/runs/schema/list";

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
}: {
  first: Page;
  filter: RunFilter;
  processes: readonly { value: string; label: string }[];
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
        {(rows) => <RunsTable rows={rows} />}
      </LiveList>
    </Stack>
  );
}

function Filters({ filter, processes }: { filter: RunFilter; processes: readonly { value: string; label: string }[] }) {
  const { set, search, setSearch } = useAddress(filter.search ?? "");
  const statuses = [
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
        onChange={(definition) => set({ definition })}
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

function RunsTable({ rows }: { rows: readonly RunRow[] }) {
  return (
    <Table highlightOnHover verticalSpacing="sm" aria-label="Orchestration runs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Run</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th visibleFrom="sm">Stage</Table.Th>
          <Table.Th visibleFrom="md">Started by</Table.Th>
          <Table.Th visibleFrom="sm">Started</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.runId}>
            <Table.Td>
              <Anchor component={Link} href={`/runs/${row.runId}`} fw={600} fz="sm">
                {row.record?.name ?? row.label}
              </Anchor>
              <Text fz="xs" c="dimmed">
                {row.label}
              </Text>
              <Text fz="xs" c="dimmed" hiddenFrom="sm">
                {row.stageLabel}
              </Text>
            </Table.Td>
            <Table.Td>
              <Group gap={6}>
                <StatusBadge status={row.submissionStatus ?? row.status} />
                {row.stalledSince && (
                  <Group gap={4} wrap="nowrap">
                    <IconAlertTriangle size={14} aria-hidden />
                    <Text fz="xs">Stalled</Text>
                  </Group>
                )}
              </Group>
              {(row.error ?? row.stalledReason) && (
                <Text fz="xs" c="dimmed" lineClamp={2} maw={320}>
                  {row.error ?? row.stalledReason}
                </Text>
              )}
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Text fz="sm">{row.stageLabel ?? "–"}</Text>
            </Table.Td>
            <Table.Td visibleFrom="md">
              <Text fz="sm">{row.startedByName ?? "Automated Process"}</Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Moment at={row.startedAt} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
