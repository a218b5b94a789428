"use client";

import { Alert, Group, List, Stack, Table, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconHandStop } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { StatusBadge } from "@/components/ui/status-badge";
import type { DebugTrace } from "@/lib/runs/schema/debug";
import { shownValue } from "../proof";
import { RunNotes } from "../run-notes";
import { RunPicture } from "../run-picture";
import { Section } from "../section";
import { Timeline } from "../timeline";
import { FlowTrace } from "./flow-trace";

/** What a run that was undone did: where it stopped, its picture, every event with what its condition saw, and what it would have written. */
export function DebugTraceView({ trace }: { trace: DebugTrace }) {
  const { page, stops, flows, records, mails } = trace;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Stack gap="lg" component="section" aria-label="What it did">
      <Group gap="sm">
        <Title order={2} ref={heading} tabIndex={-1}>
          What it did
        </Title>
        <StatusBadge status={page.run.status} />
        <Text fz="sm" c="dimmed">
          Everything was undone.
        </Text>
      </Group>
      {stops.length > 0 ? (
        <Alert color="orange" icon={<IconHandStop />} title="Where it stopped">
          <List size="sm">
            {stops.map((stop) => (
              <List.Item key={stop}>{stop}</List.Item>
            ))}
          </List>
        </Alert>
      ) : (
        page.run.status === "completed" && (
          <Alert color="teal" icon={<IconCircleCheck />} title="It went on to its end" />
        )
      )}
      <RunNotes page={{ ...page, run: { ...page.run, playedByName: null }, waits: null }} />
      <RunPicture page={page} />
      {records.length > 0 && <Records records={records} known={page.known} />}
      {mails.length > 0 && (
        <Section title="Mails it would have sent">
          <List size="sm">
            {mails.map(({ to, subject }) => (
              <List.Item key={`${to} ${subject}`}>
                {subject}
                {to && `, to ${to}`}
              </List.Item>
            ))}
          </List>
        </Section>
      )}
      {flows.map((flow) => (
        <FlowTrace key={flow.key} of={flow} known={page.known} />
      ))}
      <Section title="Every event">
        <Timeline events={page.events} />
      </Section>
    </Stack>
  );
}

function Records({ records, known }: Pick<DebugTrace, "records"> & { known: DebugTrace["page"]["known"] }) {
  return (
    <Section title="Records it would have written">
      <Table fz="sm" verticalSpacing={6} aria-label="Records it would have written">
        <Table.Tbody>
          {records.map(({ seq, object, name, change, fields }) => (
            <Table.Tr key={seq}>
              <Table.Th scope="row" fw={500} style={{ verticalAlign: "top" }}>
                {name ?? `A record of ${object}`} {change}
              </Table.Th>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                {fields.map((field) => (
                  <Text key={field.name} fz="sm">
                    {field.name}: {shownValue(field.before, known)} → {shownValue(field.after, known)}
                  </Text>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}
