"use client";

import { Anchor, Box, Button, Group, Stack, Table, Text, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus } from "@tabler/icons-react";
import { Empty } from "@/components/ui/empty";
import { FilterBar } from "@/components/ui/filter-bar";
import { Link } from "@/components/ui/link";
import { LiveList } from "@/components/ui/live-list";
import { Moment } from "@/components/ui/moment";
import { useAddress } from "@/components/ui/use-address";
import type { RecordList, ShownRecord } from "@/lib/records/loaders";
import { listedFields } from "@/lib/records/schema/columns";
import { filterText, type ListQuery, type ListSort, listParams, sortText } from "@/lib/records/schema/list";
import type { FieldShape, ObjectShape } from "@/lib/records/schema/object";
import { FieldValue, PersonName } from "./field-value";
import { AddFilter, FilterChips } from "./filter-chips";
import classes from "./records-list.module.css";

/** The records of one object: search, sort and filters live in the address; further pages follow by key. */
export function RecordsList({ object, first, filterNames, query }: RecordList & { query: ListQuery }) {
  const { set, search, setSearch } = useAddress(query.search);
  const setFilters = (filters: ListQuery["filters"]) => set({ filter: filterText(filters) || null });
  const isFiltered = query.search !== "" || query.filters.length > 0;
  return (
    <Stack gap="md">
      <FilterBar label={`Search ${object.pluralLabel.toLowerCase()}`} search={search} onSearch={setSearch}>
        <AddFilter object={object} onAdd={(filter) => setFilters([...query.filters, filter])} />
      </FilterBar>
      <FilterChips object={object} filters={query.filters} names={filterNames} onChange={setFilters} />
      <LiveList<ShownRecord>
        name="records"
        first={first}
        query={{ object: object.name, ...listParams(query) }}
        topics={[`records:${object.name}`]}
        keyOf={(row) => row.id}
        empty={<NoRecords object={object} isFiltered={isFiltered} />}
      >
        {(rows) => (
          <RecordsTable
            object={object}
            rows={rows}
            sort={query.sort}
            onSort={(sort) => set({ sort: sortText(sort) })}
          />
        )}
      </LiveList>
    </Stack>
  );
}

function NoRecords({ object, isFiltered }: { object: ObjectShape; isFiltered: boolean }) {
  const plural = object.pluralLabel.toLowerCase();
  return isFiltered ? (
    <Empty
      title={`No ${plural} match`}
      text="Take a filter away, or search for something else."
      action={
        <Anchor component={Link} href={`/records/${object.name}`} fz="sm">
          Clear search and filters
        </Anchor>
      }
    />
  ) : (
    <Empty
      title={`No ${plural} yet`}
      text={`The ${plural} that you own, that are shared with everybody, or that you have work on appear here.`}
      action={
        <Button component={Link} href={`/records/${object.name}/new`} leftSection={<IconPlus size={16} />}>
          New {object.label.toLowerCase()}
        </Button>
      }
    />
  );
}

const SORTABLE = new Set(["text", "number", "currency", "date", "datetime", "email", "picklist"]);

type TableProps = {
  object: ObjectShape;
  rows: readonly ShownRecord[];
  sort: ListSort;
  onSort: (sort: ListSort) => void;
};

function RecordsTable({ object, rows, sort, onSort }: TableProps) {
  const fields = listedFields(object);
  const [second] = fields;
  return (
    <Box className={classes.scroll ?? ""}>
      <Table highlightOnHover aria-label={object.pluralLabel}>
        <Table.Thead>
          <Table.Tr>
            <SortHead field="Name" label={object.nameLabel} sort={sort} onSort={onSort} />
            {fields.map((field) => (
              <FieldHead key={field.name} field={field} sort={sort} onSort={onSort} />
            ))}
            <Table.Th visibleFrom="md">Owner</Table.Th>
            <SortHead field="UpdatedAt" label="Last change" sort={sort} onSort={onSort} visibleFrom="sm" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td className={classes.cell ?? ""} maw={320}>
                <Anchor
                  component={Link}
                  href={`/records/${object.name}/${row.id}`}
                  fw={600}
                  fz="sm"
                  c="var(--mantine-color-text)"
                >
                  {row.name}
                </Anchor>
                {second && (
                  <Box hiddenFrom="sm" mt={2}>
                    <FieldValue inRow field={second} value={row.values[second.name]} names={row.names} />
                  </Box>
                )}
              </Table.Td>
              {fields.map((field) => (
                <Table.Td
                  key={field.name}
                  visibleFrom="sm"
                  className={classes.cell ?? ""}
                  maw={220}
                  ta={isNumeric(field) ? "right" : "left"}
                >
                  <FieldValue inRow field={field} value={row.values[field.name]} names={row.names} />
                </Table.Td>
              ))}
              <Table.Td visibleFrom="md" maw={180}>
                <PersonName name={row.names[row.ownerId] ?? "Automated Process"} />
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Text span fz="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
                  <Moment at={row.updatedAt} />
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}

const isNumeric = ({ type }: FieldShape): boolean => type === "number" || type === "currency";

function FieldHead({ field, sort, onSort }: { field: FieldShape; sort: ListSort; onSort: (sort: ListSort) => void }) {
  if (!SORTABLE.has(field.type)) return <Table.Th visibleFrom="sm">{field.label}</Table.Th>;
  return (
    <SortHead
      field={field.name}
      label={field.label}
      sort={sort}
      onSort={onSort}
      visibleFrom="sm"
      isRight={isNumeric(field)}
    />
  );
}

type HeadProps = {
  field: string;
  label: string;
  sort: ListSort;
  onSort: (sort: ListSort) => void;
  visibleFrom?: "sm";
  isRight?: boolean;
};

function SortHead({ field, label, sort, onSort, visibleFrom, isRight = false }: HeadProps) {
  const isSorted = sort.field === field;
  const Arrow = sort.direction === "ascending" ? IconArrowUp : IconArrowDown;
  const next = isSorted && sort.direction === "ascending" ? "descending" : "ascending";
  return (
    <Table.Th aria-sort={isSorted ? sort.direction : "none"} {...(visibleFrom ? { visibleFrom } : {})}>
      <UnstyledButton className={classes.sort ?? ""} onClick={() => onSort({ field, direction: next })}>
        <Group gap={4} wrap="nowrap" justify={isRight ? "flex-end" : "flex-start"}>
          {label}
          <Arrow size={14} aria-hidden style={{ visibility: isSorted ? "visible" : "hidden" }} />
        </Group>
      </UnstyledButton>
    </Table.Th>
  );
}
