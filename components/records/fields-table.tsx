"use client";

import { ActionIcon, Badge, Button, Drawer, Group, Stack, Table, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconPencil, IconPlus } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Empty } from "@/components/ui/empty";
import { useAct } from "@/components/ui/use-act";
import { moveFields } from "@/lib/records/actions";
import { FIELD_TYPE_LABELS, type FieldShape, type ObjectShape } from "@/lib/records/schema/object";
import { DeleteField } from "./delete-shape";
import { FieldForm } from "./field-form";
import { MoveButtons, moved } from "./move-buttons";
import classes from "./object-form.module.css";

type Props = { object: ObjectShape; targets: readonly { value: string; label: string }[] };

/** The fields of an object in their order on the page, and where they are added and changed. */
export function FieldsTable({ object, targets }: Props) {
  const router = useRouter();
  /** "new", the field that is open, or null. */
  const [open, setOpen] = useState<FieldShape | "new" | null>(null);
  const order = useAct(moveFields, { onDone: () => router.refresh() });
  const move = (at: number, by: number) => {
    const names = object.fields.map(({ name }) => name);
    void order.run({ object: object.name, names: moved(names, at, by) });
  };
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen("new")}>
      Add field
    </Button>
  );
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2}>Fields</Title>
        {object.fields.length > 0 && add}
      </Group>
      {object.fields.length === 0 ? (
        <Empty
          title="No fields yet"
          text={`Every record has a name and an owner. Add what else a ${object.label.toLowerCase()} holds.`}
          action={add}
        />
      ) : (
        <Table className={classes.fields ?? ""} aria-label={`Fields of ${object.label}`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Field</Table.Th>
              <Table.Th visibleFrom="xs">Type</Table.Th>
              <Table.Th w={120} ta="right">
                Order
              </Table.Th>
              <Table.Th w={48}>
                <VisuallyHidden>Edit</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {object.fields.map((field, at) => (
              <FieldRow
                key={field.name}
                field={field}
                at={at}
                count={object.fields.length}
                onMove={(by) => move(at, by)}
                onEdit={() => setOpen(field)}
              />
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Drawer
        opened={open !== null}
        onClose={() => setOpen(null)}
        position="right"
        size="md"
        title={open === "new" ? "New field" : open ? `Edit ${open.label}` : ""}
      >
        {open !== null && (
          <FieldForm
            key={open === "new" ? "" : open.name}
            object={object}
            field={open === "new" ? null : open}
            targets={targets}
            onSaved={() => setOpen(null)}
          />
        )}
        {open !== null && open !== "new" && (
          <Group mt="xl" pt="md" className={classes.danger ?? ""}>
            <DeleteField object={object} field={open} onDeleted={() => setOpen(null)} />
          </Group>
        )}
      </Drawer>
    </Stack>
  );
}

type RowProps = {
  field: FieldShape;
  at: number;
  count: number;
  onMove: (by: number) => void;
  onEdit: () => void;
};

function FieldRow({ field, at, count, onMove, onEdit }: RowProps) {
  const type = field.type === "lookup" ? `Lookup to ${field.options.object ?? "?"}` : FIELD_TYPE_LABELS[field.type];
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Text fz="sm" fw={600}>
            {field.label}
          </Text>
          {field.required && (
            <Badge size="sm" variant="default">
              Required
            </Badge>
          )}
        </Group>
        <Text fz="xs" c="dimmed" ff="monospace">
          {field.name}
        </Text>
        <Text fz="xs" c="dimmed" hiddenFrom="xs">
          {type}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="xs">
        <Text fz="sm">{type}</Text>
      </Table.Td>
      <Table.Td>
        <MoveButtons label={field.label} at={at} count={count} onMove={onMove} />
      </Table.Td>
      <Table.Td>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Edit ${field.label}`} onClick={onEdit}>
          <IconPencil size={16} />
        </ActionIcon>
      </Table.Td>
    </Table.Tr>
  );
}
