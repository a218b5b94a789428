"use client";

import { Anchor, Checkbox, Group, Paper, Stack, Table, Text } from "@mantine/core";
import { IconFlag } from "@tabler/icons-react";
import { useState } from "react";
import { Assignee } from "@/components/runs/assignee";
import { DebugBadge } from "@/components/runs/debug-badge";
import { ITEM_FLAGS } from "@/components/runs/item-flags";
import { ReassignButton } from "@/components/runs/reassign-dialog";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { LiveList } from "@/components/ui/live-list";
import { Moment } from "@/components/ui/moment";
import { StatusBadge } from "@/components/ui/status-badge";
import type { ItemFilter, ItemRow } from "@/lib/work/schema";
import { ItemFilters } from "./item-filters";

type Page = { readonly rows: readonly ItemRow[]; readonly next: string | null };
type Option = { value: string; label: string };

/** Orchestration Work Items: everybody's, with filters in the address and reassignment of one or many at once. */
export function ItemsList({
  first,
  filter,
  processes,
  assigneeName,
}: {
  first: Page;
  filter: ItemFilter;
  processes: readonly Option[];
  assigneeName: string | null;
}) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) =>
    setSelected((before) =>
      before.has(id) ? new Set([...before].filter((each) => each !== id)) : new Set([...before, id]),
    );
  const isFiltered = Object.values(filter).some(Boolean);
  return (
    <Stack gap="md">
      <ItemFilters filter={filter} processes={processes} assigneeName={assigneeName} />
      <LiveList<ItemRow>
        name="items"
        first={first}
        query={{ ...filter }}
        topics={["items"]}
        keyOf={(row) => row.workItemId}
        empty={
          isFiltered ? (
            <Empty
              title="No work item matches these filters"
              text="Take a filter away to see more."
              action={
                <Anchor component={Link} href="/items">
                  Clear the filters
                </Anchor>
              }
            />
          ) : (
            <Empty title="No work items yet" text="An item appears when an interactive or approval step starts." />
          )
        }
      >
        {(rows) => {
          const chosen = rows
            .filter((row) => row.status === "assigned" && selected.has(row.workItemId))
            .map((row) => row.workItemId);
          return (
            <>
              <ItemsTable rows={rows} selected={selected} toggle={toggle} setAll={setSelected} />
              {chosen.length > 0 && <Tray ids={chosen} onDone={(failed) => setSelected(new Set(failed))} />}
            </>
          );
        }}
      </LiveList>
    </Stack>
  );
}

/** Appears once something is selected, and says how much. */
function Tray({ ids, onDone }: { ids: readonly string[]; onDone: (failed: readonly string[]) => void }) {
  return (
    <Paper withBorder shadow="md" p="sm" pos="sticky" bottom={12} role="region" aria-label="Selected work items">
      <Group justify="space-between">
        <Text fz="sm" fw={500}>
          {ids.length === 1 ? "1 work item selected" : `${ids.length} work items selected`}
        </Text>
        <ReassignButton workItemIds={ids} onDone={onDone} />
      </Group>
    </Paper>
  );
}

function ItemsTable({
  rows,
  selected,
  toggle,
  setAll,
}: {
  rows: readonly ItemRow[];
  selected: ReadonlySet<string>;
  toggle: (id: string) => void;
  setAll: (ids: ReadonlySet<string>) => void;
}) {
  const open = rows.filter((row) => row.status === "assigned");
  const allChosen = open.length > 0 && open.every((row) => selected.has(row.workItemId));
  return (
    <Table highlightOnHover verticalSpacing="sm" aria-label="Orchestration work items">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={40}>
            <Checkbox
              aria-label="Select every open work item shown"
              checked={allChosen}
              disabled={open.length === 0}
              indeterminate={!allChosen && open.some((row) => selected.has(row.workItemId))}
              onChange={() => setAll(allChosen ? new Set() : new Set(open.map((row) => row.workItemId)))}
            />
          </Table.Th>
          <Table.Th>Work item</Table.Th>
          <Table.Th>Assignee</Table.Th>
          <Table.Th visibleFrom="md">Process</Table.Th>
          <Table.Th visibleFrom="sm">Status</Table.Th>
          <Table.Th visibleFrom="sm">Assigned</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <ItemTableRow key={row.workItemId} row={row} isSelected={selected.has(row.workItemId)} toggle={toggle} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ItemTableRow({
  row,
  isSelected,
  toggle,
}: {
  row: ItemRow;
  isSelected: boolean;
  toggle: (id: string) => void;
}) {
  return (
    <Table.Tr>
      <Table.Td>
        {row.status === "assigned" && (
          <Checkbox aria-label={`Select ${row.label}`} checked={isSelected} onChange={() => toggle(row.workItemId)} />
        )}
      </Table.Td>
      <Table.Td>
        <Anchor component={Link} href={`/runs/${row.runId}`} fw={600} fz="sm">
          {row.label}
        </Anchor>
        {row.isDebug && (
          <>
            {" "}
            <DebugBadge />
          </>
        )}
        {row.record && (
          <Text fz="xs" c="dimmed">
            <Anchor component={Link} c="dimmed" href={`/records/${row.record.object}/${row.record.id}`}>
              {row.record.name}
            </Anchor>
          </Text>
        )}
        <Group gap={6} hiddenFrom="sm" mt={4}>
          <StatusBadge status={row.status} />
          <Text fz="xs" c="dimmed">
            <Moment at={row.assignedAt} />
          </Text>
        </Group>
      </Table.Td>
      <Table.Td maw={{ base: 130, sm: 260 }}>
        <Assignee who={row.assignee} claimedByName={row.claimedByName} />
        {row.flag && (
          <Group gap={4} wrap="nowrap">
            <IconFlag size={13} aria-hidden />
            <Text fz="xs" c="dimmed" title={ITEM_FLAGS[row.flag].sentence}>
              {ITEM_FLAGS[row.flag].short}
            </Text>
          </Group>
        )}
        {row.completedByName && (
          <Text fz="xs" c="dimmed">
            done by {row.completedByName}
          </Text>
        )}
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text fz="sm">{row.processLabel}</Text>
        <Text fz="xs" c="dimmed">
          {row.stageLabel}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <StatusBadge status={row.status} />
        {row.completionKind === "withdrawn" && (
          <Text fz="xs" c="dimmed">
            withdrawn
          </Text>
        )}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Moment at={row.assignedAt} />
      </Table.Td>
    </Table.Tr>
  );
}
