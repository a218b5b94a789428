"use client";

import { Anchor, Badge, Button, Group, SegmentedControl, Stack, Table, Text } from "@mantine/core";
import {
  IconBinaryTree,
  IconBolt,
  IconForms,
  IconGavel,
  IconPlus,
  IconQuestionMark,
  type TablerIcon,
} from "@tabler/icons-react";
import { Empty } from "@/components/ui/empty";
import { FilterBar, FilterSelect } from "@/components/ui/filter-bar";
import { Link } from "@/components/ui/link";
import { LiveList } from "@/components/ui/live-list";
import { Moment } from "@/components/ui/moment";
import { useAddress } from "@/components/ui/use-address";
import type { DefinitionRow, DefinitionType, ListFilter } from "@/lib/definitions/schema";
import { DefinitionStatus } from "./definition-badges";
import { TYPE_WORDS } from "./words";

export const TYPE_ICONS: Readonly<Record<DefinitionType, TablerIcon>> = {
  orchestrator: IconBinaryTree,
  approval: IconGavel,
  screen: IconForms,
  autolaunched: IconBolt,
  evaluation: IconQuestionMark,
};

type Page = { readonly rows: readonly DefinitionRow[]; readonly next: string | null };

const VIEWS = [
  { value: "", label: "All" },
  { value: "orchestrations", label: "Orchestrations" },
  { value: "approvals", label: "Approvals" },
  { value: "flows", label: "Flows" },
];
const STATUSES = [
  { value: "active", label: "Active" },
  { value: "draft", label: "Draft" },
  { value: "inactive", label: "Inactive" },
];

/** Orchestrations, approval processes and flows; the filters live in the address. */
export function DefinitionsList({ first, filter }: { first: Page; filter: ListFilter }) {
  const { set, search, setSearch } = useAddress(filter.search ?? "");
  return (
    <Stack gap="md">
      <FilterBar label="Search definitions" search={search} onSearch={setSearch}>
        <SegmentedControl
          aria-label="Kind"
          data={VIEWS}
          value={filter.view ?? ""}
          onChange={(view) => set({ view: view || null })}
        />
        <FilterSelect
          label="Status"
          w={150}
          data={STATUSES}
          value={filter.status ?? null}
          onChange={(status) => set({ status })}
        />
      </FilterBar>
      <LiveList<DefinitionRow>
        name="definitions"
        first={first}
        query={{ ...filter }}
        topics={[]}
        keyOf={({ name }) => name}
        empty={<NoDefinitions isFiltered={Object.values(filter).some(Boolean)} />}
      >
        {(rows) => <Rows rows={rows} />}
      </LiveList>
    </Stack>
  );
}

function NoDefinitions({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered)
    return (
      <Empty
        title="Nothing matches"
        text="Take a filter away, or search for something else."
        action={
          <Anchor component={Link} href="/definitions" fz="sm">
            Clear search and filters
          </Anchor>
        }
      />
    );
  return (
    <Empty
      title="No definitions yet"
      text="An orchestration says who does what in which order. Its steps run flows."
      action={
        <Button component={Link} href="/definitions/new" leftSection={<IconPlus size={16} />}>
          New definition
        </Button>
      }
    />
  );
}

function Rows({ rows }: { rows: readonly DefinitionRow[] }) {
  return (
    <Table highlightOnHover aria-label="Definitions">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th visibleFrom="sm">Kind</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th visibleFrom="md">Active version</Table.Th>
          <Table.Th visibleFrom="sm">Last change</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Row key={row.name} row={row} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ row }: { row: DefinitionRow }) {
  const Icon = TYPE_ICONS[row.type];
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="sm" wrap="nowrap">
          <Icon size={18} stroke={1.6} aria-hidden style={{ flexShrink: 0, color: "var(--mantine-color-dimmed)" }} />
          <div>
            <Anchor component={Link} href={`/definitions/${row.name}`} fw={600} fz="sm" c="var(--mantine-color-text)">
              {row.label}
            </Anchor>
            <Text fz="xs" c="dimmed" hiddenFrom="sm">
              {TYPE_WORDS[row.type]}
            </Text>
            <Text fz="xs" c="dimmed" ff="monospace" visibleFrom="sm">
              {row.name}
            </Text>
          </div>
        </Group>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text fz="sm">{TYPE_WORDS[row.type]}</Text>
      </Table.Td>
      <Table.Td>
        <Group gap={6}>
          <DefinitionStatus status={row.status} />
          {row.hasDraft && <Badge color="orange">Newer draft</Badge>}
        </Group>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text fz="sm">{row.activeVersion ? `Version ${row.activeVersion}` : "–"}</Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text fz="sm">
          <Moment at={row.savedAt} />
        </Text>
        <Text fz="xs" c="dimmed">
          {row.savedByName}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
