import { Table, Text, ThemeIcon, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { OPERATOR_WORDS } from "@/lib/logic/operator-words";
import type { Proof as ProofShape } from "@/lib/logic/schema";
import type { Value } from "@/lib/logic/value";

/** A value as text for people: nothing is "no value", lists are joined, ids with a known name are shown as that. */
export function shownValue(value: Value, known: Readonly<Record<string, string>> = {}): string {
  if (value === null || value === "") return "no value";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (Array.isArray(value)) return value.map((each) => shownValue(each, known)).join(", ");
  if (typeof value === "string") return Object.hasOwn(known, value) ? (known[value] ?? value) : value;
  return typeof value === "object" ? JSON.stringify(value) : value.toLocaleString("en");
}

/** What a condition saw: each requirement with the values as they were, and whether it held. */
export function Proof({ proof }: { proof: ProofShape }) {
  if (proof.requirements.length === 0) return null;
  return (
    <Table verticalSpacing={4} fz="sm" aria-label="Requirements and the values they saw">
      <Table.Tbody>
        {proof.requirements.map((row) => (
          <Table.Tr key={`${row.left} ${row.operator} ${shownValue(row.rightValue)}`}>
            <Table.Td w={32}>
              <ThemeIcon size="sm" variant="light" color={row.met ? "teal" : "orange"} aria-hidden>
                {row.met ? <IconCheck size={14} /> : <IconX size={14} />}
              </ThemeIcon>
              <VisuallyHidden>{row.met ? "holds" : "does not hold"}</VisuallyHidden>
            </Table.Td>
            <Table.Td>
              <Text span fw={500} fz="sm">
                {row.left}
              </Text>{" "}
              {OPERATOR_WORDS[row.operator]}{" "}
              <Text span fw={500} fz="sm">
                {shownValue(row.rightValue)}
              </Text>
              {row.operator !== "returns_true" && (
                <Text c="dimmed" fz="xs">
                  now: {shownValue(row.leftValue)}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
