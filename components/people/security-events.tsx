"use client";

import { Anchor, Badge, Group, Stack, Switch, Table, Text } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { Empty } from "@/components/ui/empty";
import { FilterSelect, Filters } from "@/components/ui/filter-bar";
import { Link } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import { useAddress } from "@/components/ui/use-address";
import type { SecurityEventLine, SecurityFilter } from "@/lib/audit/schema";
import { AssigneePicker } from "./assignee-picker";
import { TurnPage } from "./turn-page";

type Props = {
  readonly rows: readonly SecurityEventLine[];
  readonly next: string | null;
  readonly actions: readonly string[];
  readonly actorName: string | null;
  readonly filter: SecurityFilter;
};

/** `person-deactivate` and `object.add-field` in words. */
const inWords = (action: string): string => {
  const words = action.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/[-.]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
};

/** Who did, or was refused, what: newest first, a page at a time, with filters that live in the address. */
export function SecurityEvents({ rows, next, actions, actorName, filter }: Props) {
  return (
    <Stack gap="md">
      <EventFilters actions={actions} actorName={actorName} filter={filter} />
      {rows.length === 0 ? (
        <Empty
          icon={<IconShieldCheck size={24} stroke={1.5} />}
          title="No event matches"
          text="Take a filter away to see more."
          action={
            <Anchor component={Link} href="/admin/security" fz="sm">
              Clear the filters
            </Anchor>
          }
        />
      ) : (
        <Table highlightOnHover verticalSpacing="xs" aria-label="Security events">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th visibleFrom="sm">Who</Table.Th>
              <Table.Th visibleFrom="sm">About</Table.Th>
              <Table.Th visibleFrom="md" ta="right">
                Number
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <EventRow key={row.eventId} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      <TurnPage next={next} isFirst={!filter.cursor} />
    </Stack>
  );
}

function EventFilters({ actions, actorName, filter }: Pick<Props, "actions" | "actorName" | "filter">) {
  const { set } = useAddress("");
  return (
    <Filters label="Filter security events">
      <FilterSelect
        label="Action"
        searchable
        w={240}
        data={actions.map((value) => ({ value, label: inWords(value) }))}
        value={filter.action ?? null}
        onChange={(action) => set({ action })}
      />
      <AssigneePicker
        aria-label="Who"
        placeholder="Anybody"
        clearable
        only="user"
        w={220}
        value={filter.actor ?? null}
        valueLabel={actorName}
        onChange={(actor) => set({ actor })}
      />
      <Switch
        label="Refused only"
        checked={filter.refused === "1"}
        onChange={(event) => set({ refused: event.currentTarget.checked ? "1" : null })}
      />
    </Filters>
  );
}

function EventRow({ row: { seq, at, action, actorName, object, allowed, details } }: { row: SecurityEventLine }) {
  const who = actorName ?? "Nobody signed in";
  return (
    <Table.Tr>
      <Table.Td style={{ verticalAlign: "top", whiteSpace: "nowrap" }}>
        <Text fz="sm">
          <Moment at={at} />
        </Text>
      </Table.Td>
      <Table.Td style={{ verticalAlign: "top" }}>
        <Group gap={8}>
          <Text fz="sm" fw={500}>
            {inWords(action)}
          </Text>
          {!allowed && (
            <Badge size="sm" color="red" variant="light">
              Refused
            </Badge>
          )}
        </Group>
        {details && (
          <Text fz="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {details}
          </Text>
        )}
        <Text fz="xs" c="dimmed" hiddenFrom="sm" style={{ overflowWrap: "anywhere" }}>
          {who}
          {object && object !== actorName ? ` · ${object}` : ""}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" style={{ verticalAlign: "top" }}>
        <Text fz="sm" {...(actorName === null ? { c: "dimmed" } : {})}>
          {who}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" style={{ verticalAlign: "top" }}>
        <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
          {object ?? "–"}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="md" ta="right" style={{ verticalAlign: "top" }}>
        <Text fz="sm" c="dimmed" style={{ fontVariantNumeric: "tabular-nums" }}>
          {seq ?? "Not sealed yet"}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
