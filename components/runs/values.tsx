import { Table, Text } from "@mantine/core";
import { Fragment } from "react";
import type { Value } from "@/lib/logic/value";
import { shownValue } from "./proof";

/** Names with their values, for inputs, outputs and variables. */
export function Values({
  of,
  known,
  label,
  empty,
}: {
  of: readonly { name: string; value: Value }[];
  known: Readonly<Record<string, string>>;
  label: string;
  empty: string;
}) {
  if (of.length === 0)
    return (
      <Text c="dimmed" fz="sm">
        {empty}
      </Text>
    );
  return (
    <Table verticalSpacing={6} fz="sm" aria-label={label} layout="fixed">
      <Table.Tbody>
        {of.map(({ name, value }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={500} w="42%" style={{ overflowWrap: "anywhere" }}>
              <Breakable name={name} />
            </Table.Th>
            <Table.Td style={{ overflowWrap: "anywhere" }}>
              <Text span fz="sm" {...(value === null && { c: "dimmed" })}>
                {shownValue(value, known)}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** An API name, which may be broken between its words. */
const Breakable = ({ name }: { name: string }) =>
  [...name.matchAll(/[A-Z]*[^A-Z]+|[A-Z]+/g)].map(({ index, 0: word }) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {word}
    </Fragment>
  ));

export const entriesOf = (values: Readonly<Record<string, Value>>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }));
