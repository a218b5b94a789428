import { Table, Text } from "@mantine/core";
import type { Difference } from "@/lib/work/schema";

/** Values as they were and as they are, field by field. */
export function Changes({ changes, since }: { changes: readonly Difference[]; since: string }) {
  if (changes.length === 0)
    return (
      <Text fz="sm" c="dimmed">
        Nothing that was shown then is different now.
      </Text>
    );
  return (
    <Table.ScrollContainer minWidth={280}>
      <Table fz="sm" verticalSpacing={6} aria-label={`Changed since ${since}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Field</Table.Th>
            <Table.Th>Then</Table.Th>
            <Table.Th>Now</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.map(({ label, before, after }) => (
            <Table.Tr key={`${label} ${after}`}>
              <Table.Td>{label}</Table.Td>
              <Table.Td c="dimmed">
                <s>{before || "–"}</s>
              </Table.Td>
              <Table.Td fw={550}>{after || "–"}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
