import { Badge, Card, Group, SimpleGrid, Stack, Table, Text, ThemeIcon, Title } from "@mantine/core";
import {
  IconBolt,
  IconCalculator,
  IconClockPause,
  IconDatabaseEdit,
  IconDatabaseMinus,
  IconDatabasePlus,
  IconDatabaseSearch,
  IconDiamond,
  IconForms,
  IconSitemap,
  type TablerIcon,
} from "@tabler/icons-react";
import type { Flow, FlowElement } from "@/lib/flow/definition";
import { linesOf, waysOf } from "./element-lines";
import { NextLine } from "./next-line";

const FACES: Readonly<Record<FlowElement["type"], { icon: TablerIcon; label: string }>> = {
  screen: { icon: IconForms, label: "Screen" },
  assignment: { icon: IconCalculator, label: "Assignment" },
  decision: { icon: IconDiamond, label: "Decision" },
  get_records: { icon: IconDatabaseSearch, label: "Get records" },
  create_records: { icon: IconDatabasePlus, label: "Create record" },
  update_records: { icon: IconDatabaseEdit, label: "Update record" },
  delete_records: { icon: IconDatabaseMinus, label: "Delete records" },
  action: { icon: IconBolt, label: "Action" },
  subflow: { icon: IconSitemap, label: "Subflow" },
  wait: { icon: IconClockPause, label: "Wait" },
};

/** A flow as one reads it: what it takes and gives, then its elements in their order with what each does and where it leads. */
export function FlowPicture({ flow }: { flow: Flow }) {
  const labels = new Map(flow.elements.map(({ name, label }) => [name, label]));
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Stack gap="sm" component="section" aria-label="Elements">
        <Title order={2} fz="md">
          Elements
        </Title>
        {[...flow.elements]
          .sort((a, b) => Number(b.name === flow.start) - Number(a.name === flow.start))
          .map((element) => (
            <ElementCard key={element.name} element={element} isStart={element.name === flow.start} labels={labels} />
          ))}
      </Stack>
      <Variables flow={flow} />
    </SimpleGrid>
  );
}

function ElementCard({
  element,
  isStart,
  labels,
}: {
  element: FlowElement;
  isStart: boolean;
  labels: ReadonlyMap<string, string>;
}) {
  const { icon: Icon, label } = FACES[element.type];
  const to = (next: string | null) => (next === null ? "End" : (labels.get(next) ?? next));
  return (
    <Card padding="sm">
      <Stack gap={6}>
        <Group gap={8} wrap="nowrap">
          <ThemeIcon variant="light" size="sm" aria-hidden>
            <Icon size={14} />
          </ThemeIcon>
          <Text fw={600} fz="sm" flex={1}>
            {element.label}
          </Text>
          {isStart && (
            <Badge size="sm" color="gray">
              First
            </Badge>
          )}
          <Text fz="xs" c="dimmed">
            {label}
          </Text>
        </Group>
        {linesOf(element).map((line) => (
          <Text key={line} fz="xs" style={{ overflowWrap: "anywhere" }}>
            {line}
          </Text>
        ))}
        {waysOf(element).map(({ key, next, when }) => (
          <NextLine key={key} to={to(next)} {...(when ? { when } : {})} />
        ))}
      </Stack>
    </Card>
  );
}

function Variables({ flow }: { flow: Flow }) {
  if (flow.variables.length === 0) return null;
  return (
    <Stack gap="sm" component="section" aria-label="Variables">
      <Title order={2} fz="md">
        Variables
      </Title>
      <Table verticalSpacing={6} fz="sm" aria-label="Variables">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Type</Table.Th>
            <Table.Th>Use</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {flow.variables.map(({ name, type, object, isInput, isOutput }) => (
            <Table.Tr key={name}>
              <Table.Td ff="monospace" fz="xs">
                {name}
              </Table.Td>
              <Table.Td>{object ? `${type.replaceAll("_", " ")} of ${object}` : type.replaceAll("_", " ")}</Table.Td>
              <Table.Td>{[isInput && "input", isOutput && "output"].filter(Boolean).join(", ") || "inside"}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
