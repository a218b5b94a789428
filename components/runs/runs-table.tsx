import { Anchor, Group, Table, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import { StatusBadge } from "@/components/ui/status-badge";
import type { RunRow } from "@/lib/runs/schema/list";
import { RepairButton } from "./control/repair-button";
import { DebugBadge } from "./debug-badge";

/** Runs as rows: what it is about, where it stands and what holds it up, and for whoever may, a way to repair what stopped. */
export function RunsTable({ rows, mayRepair }: { rows: readonly RunRow[]; mayRepair: boolean }) {
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
          <Row key={row.runId} row={row} mayRepair={mayRepair} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

const isStuck = ({ status, stalledSince }: RunRow): boolean =>
  status === "error" || status === "suspended" || stalledSince !== null;

function Row({ row, mayRepair }: { row: RunRow; mayRepair: boolean }) {
  const trouble = row.error ?? row.stalledReason;
  return (
    <Table.Tr>
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
        {row.isDebug && <DebugBadge />}
      </Table.Td>
      <Table.Td>
        <Group gap={6}>
          <StatusBadge status={row.status === "suspended" ? row.status : (row.submissionStatus ?? row.status)} />
          {row.stalledSince && (
            <Group gap={4} wrap="nowrap">
              <IconAlertTriangle size={14} aria-hidden />
              <Text fz="xs">Stalled</Text>
            </Group>
          )}
          {mayRepair && isStuck(row) && <RepairButton row={row} />}
        </Group>
        {trouble && (
          <Text fz="xs" c="dimmed" lineClamp={3} maw={520} title={trouble}>
            {trouble}
          </Text>
        )}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text fz="sm">{row.stageLabel ?? "–"}</Text>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text fz="sm">{row.startedByName ?? "Automated Process"}</Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" style={{ whiteSpace: "nowrap" }}>
        <Moment at={row.startedAt} />
      </Table.Td>
    </Table.Tr>
  );
}
