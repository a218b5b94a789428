import { Code, Table, Text, ThemeIcon, VisuallyHidden } from "@mantine/core";
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

/** Whether there is more to show of a condition than its verdict. */
export const hasProof = ({ requirements, formula, error }: ProofShape): boolean =>
  requirements.length > 0 || formula !== undefined || error !== undefined;

/** What a condition saw: its formula or logic and each requirement, with the values as they were and whether it held. */
export function Proof({ proof }: { proof: ProofShape }) {
  const { requirements, custom, formula, error, before } = proof;
  if (!hasProof(proof)) return null;
  const whole = formula ?? custom;
  return (
    <>
      {error !== undefined && (
        <Text c="var(--mantine-color-error)" fz="sm">
          {error}
        </Text>
      )}
      <Table verticalSpacing={4} fz="sm" aria-label="Requirements and the values they saw">
        <Table.Tbody>
          {whole !== undefined && (
            <Table.Tr>
              <Table.Td w={32}>
                <Verdict met={proof.met} />
              </Table.Td>
              <Table.Td>
                <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                  {whole}
                </Code>
              </Table.Td>
            </Table.Tr>
          )}
          {requirements.map((row, index) => (
            <Table.Tr key={`${row.left} ${row.operator} ${shownValue(row.rightValue)}`}>
              <Table.Td w={32}>{row.operator !== "reads" && <Verdict met={row.met} />}</Table.Td>
              <Table.Td>
                <Requirement row={row} number={custom === undefined ? null : index + 1} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {before && (
        <>
          <Text c="dimmed" fz="xs">
            Before the change, when it had to be otherwise, it {before.met ? "held" : "did not hold"}:
          </Text>
          <Proof proof={before} />
        </>
      )}
    </>
  );
}

/** The same behind a line that tells it. */
export function SeenProof({ title, proof }: { title: string; proof: ProofShape }) {
  return (
    <details>
      <summary>
        <Text span fz="xs">
          {title}
        </Text>
      </summary>
      <Proof proof={proof} />
    </details>
  );
}

function Verdict({ met }: { met: boolean }) {
  return (
    <>
      <ThemeIcon size="sm" variant="light" color={met ? "teal" : "orange"} aria-hidden>
        {met ? <IconCheck size={14} /> : <IconX size={14} />}
      </ThemeIcon>
      <VisuallyHidden>{met ? "holds" : "does not hold"}</VisuallyHidden>
    </>
  );
}

/** One row. Of a formula it is what was read; in custom logic it has its number. */
function Requirement({ row, number }: { row: ProofShape["requirements"][number]; number: number | null }) {
  const isRead = row.operator === "reads";
  return (
    <>
      {number !== null && (
        <Text span c="dimmed" fz="sm">
          {number}.{" "}
        </Text>
      )}
      <Text span fw={500} fz="sm">
        {row.left}
      </Text>{" "}
      {OPERATOR_WORDS[row.operator]}{" "}
      <Text span fw={500} fz="sm">
        {shownValue(isRead ? row.leftValue : row.rightValue)}
      </Text>
      {row.operator !== "returns_true" && !isRead && (
        <Text c="dimmed" fz="xs">
          now: {shownValue(row.leftValue)}
        </Text>
      )}
    </>
  );
}
