import { Card, Group, Text, Title } from "@mantine/core";
import { TextLink } from "@/components/ui/links";
import { Moment } from "@/components/ui/moment";
import type { ShownRelation } from "@/lib/records/loaders";
import { filterText } from "@/lib/records/schema/list";
import { ObjectIcon } from "./object-icon";
import classes from "./record-page.module.css";

/** Records whose lookup points at this one: the newest few, and the way to all of them. */
export function RelationCard({
  relation: { object, field, rows, hasMore },
  recordId,
}: {
  relation: ShownRelation;
  recordId: string;
}) {
  const headingId = `related-${object.name}-${field.name}`;
  const filter = filterText([{ field: field.name, operator: "equals", value: recordId }]);
  return (
    <Card padding="lg" component="section" aria-labelledby={headingId}>
      <Group justify="space-between" mb={rows.length > 0 ? 4 : 0} wrap="nowrap">
        <Group gap="xs" wrap="nowrap" miw={0}>
          <ObjectIcon name={object.icon} size={24} />
          <Title order={2} id={headingId} lineClamp={1}>
            {object.pluralLabel}
          </Title>
          <Text fz="xs" c="dimmed" truncate>
            by {field.label}
          </Text>
        </Group>
        {hasMore && (
          <TextLink fz="sm" href={`/records/${object.name}?filter=${encodeURIComponent(filter)}`}>
            Show all
          </TextLink>
        )}
      </Group>
      {rows.length === 0 && (
        <Text fz="sm" c="dimmed" mt="xs">
          None yet.
        </Text>
      )}
      {rows.map((row) => (
        <div key={row.id} className={classes.row}>
          <TextLink href={`/records/${object.name}/${row.id}`} fz="sm" fw={500} lineClamp={1}>
            {row.name}
          </TextLink>
          <Text span fz="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
            <Moment at={row.createdAt} />
          </Text>
        </div>
      ))}
    </Card>
  );
}
