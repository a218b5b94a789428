import { Box, Card, SimpleGrid, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Moment } from "@/components/ui/moment";
import type { ShownRecord } from "@/lib/records/loaders";
import type { FieldShape, ObjectShape } from "@/lib/records/schema/object";
import { FieldValue } from "./field-value";
import classes from "./record-page.module.css";

/** The fields of a record in two columns; long texts across both. */
export function RecordDetails({ object, record }: { object: ObjectShape; record: ShownRecord }) {
  const nameOf = (id: string) => record.names[id] ?? "Automated Process";
  return (
    <Card padding="lg" component="section" aria-labelledby="details">
      <Title order={2} id="details" mb="md">
        Details
      </Title>
      <SimpleGrid component="dl" cols={{ base: 1, xs: 2 }} spacing="xl" verticalSpacing="md" m={0}>
        {object.fields.map((field) => (
          <Detail key={field.name} field={field} record={record} />
        ))}
        <Fact label="Created">
          <By name={nameOf(record.createdBy)} at={record.createdAt} />
        </Fact>
        <Fact label="Last change">
          <By name={nameOf(record.updatedBy)} at={record.updatedAt} />
        </Fact>
      </SimpleGrid>
    </Card>
  );
}

function Detail({ field, record }: { field: FieldShape; record: ShownRecord }) {
  return (
    <Fact label={field.label} isWide={field.type === "long_text"}>
      <FieldValue field={field} value={record.values[field.name]} names={record.names} />
    </Fact>
  );
}

function Fact({ label, isWide = false, children }: { label: string; isWide?: boolean; children: ReactNode }) {
  return (
    <Box miw={0} className={isWide ? (classes.across ?? "") : ""}>
      <Text component="dt" fz="xs" c="dimmed" mb={2}>
        {label}
      </Text>
      <Box component="dd" m={0}>
        {children}
      </Box>
    </Box>
  );
}

const By = ({ name, at }: { name: string; at: string }) => (
  <Text span fz="sm">
    <Moment at={at} tabStop />{" "}
    <Text span inherit c="dimmed">
      by {name}
    </Text>
  </Text>
);
