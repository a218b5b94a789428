"use client";

import { Alert, Badge, Button, Group, Modal, Stack, Switch, Table, Text, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAct } from "@/components/ui/use-act";
import { decideManyItems } from "@/lib/approvals/actions";
import type { DecidedReport } from "@/lib/approvals/schema";
import { workKeys } from "@/lib/work/keys";
import type { ApprovalRow } from "@/lib/work/schema";
import { type Compared, compareFacts } from "@/lib/work/schema/compare-facts";
import type { Choice } from "./use-quick-decisions";

type Props = {
  readonly rows: readonly ApprovalRow[];
  /** Ids that are done and no longer selected. */
  readonly onDone: (ids: readonly string[]) => void;
  readonly onClose: () => void;
};

/** Many requests side by side: what differs, what stands out, one reason for all or each its own, and what became of every one. */
export function DecideMany({ rows, onDone, onClose }: Props) {
  const client = useQueryClient();
  const [isEach, setEach] = useState(false);
  const [common, setCommon] = useState("");
  const [own, setOwn] = useState<Readonly<Record<string, string>>>({});
  const [report, setReport] = useState<DecidedReport | null>(null);
  const [missing, setMissing] = useState<Choice | null>(null);
  const act = useAct(decideManyItems, {
    onDone: (told) => {
      setReport(told);
      onDone(told.done);
      void client.invalidateQueries({ queryKey: workKeys.all });
    },
  });
  const commentsOf = (id: string): string => (isEach ? (own[id] ?? "") : common).trim();
  const send = (decision: Choice) => {
    const isBlank = rows.some((row) => row.needsReason[decision] && commentsOf(row.workItemId) === "");
    setMissing(isBlank ? decision : null);
    if (isBlank) return;
    const items = rows.map(({ workItemId, shownAs }) => ({ workItemId, comments: commentsOf(workItemId), shownAs }));
    void act.run({ decision, items });
  };
  const message = (id: string) => report?.failed.find(({ workItemId }) => workItemId === id)?.message ?? null;
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={
        rows.length === 0 ? "All are decided" : `Decide ${rows.length} ${rows.length === 1 ? "request" : "requests"}`
      }
    >
      <Stack gap="md">
        {report && <Outcome report={report} />}
        {rows.length > 0 && (
          <>
            <Comparison
              rows={rows}
              message={message}
              own={isEach ? own : null}
              onOwn={(id, text) => setOwn({ ...own, [id]: text })}
            />
            <Switch
              label="A reason for each"
              checked={isEach}
              onChange={(event) => setEach(event.currentTarget.checked)}
            />
            {!isEach && (
              <Textarea
                label="Reason for all"
                description={`Kept in the history of each.${neededFor(rows)}`}
                autosize
                minRows={2}
                maxLength={4_000}
                value={common}
                onChange={(event) => setCommon(event.currentTarget.value)}
              />
            )}
            {missing && (
              <Text fz="sm" c="red" role="alert">
                {missing === "reject"
                  ? "Say why you reject them, so that the requesters can act on it."
                  : "Say why, which the process asks for."}
              </Text>
            )}
            <Group justify="flex-end">
              <Button variant="default" loading={act.isPending} onClick={() => send("reject")}>
                Reject all {rows.length}
              </Button>
              <Button loading={act.isPending} onClick={() => send("approve")}>
                Approve all {rows.length}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}

/** For which decision a reason is asked by any of them, as a sentence. */
function neededFor(rows: readonly ApprovalRow[]): string {
  const asks = (choice: Choice) => rows.some(({ needsReason }) => needsReason[choice]);
  const needed = [asks("approve") && "approve", asks("reject") && "reject"].filter(Boolean);
  return needed.length > 0 ? ` Needed to ${needed.join(" and to ")}.` : "";
}

function Outcome({ report: { done, failed } }: { report: DecidedReport }) {
  return (
    <Alert color={failed.length > 0 ? "orange" : "teal"} role="status">
      {`${done.length} decided.`}
      {failed.length > 0 && ` ${failed.length} could not be, and stay selected; nothing was done to them.`}
    </Alert>
  );
}

type ComparisonProps = {
  readonly rows: readonly ApprovalRow[];
  readonly message: (id: string) => string | null;
  readonly own: Readonly<Record<string, string>> | null;
  readonly onOwn: (id: string, text: string) => void;
};

/** Only what differs, a column each; what stands out is marked in words. */
function Comparison({ rows, message, own, onOwn }: ComparisonProps) {
  const columns = compareFacts(rows.map(({ facts }) => facts));
  return (
    <Table.ScrollContainer minWidth={480} mah={360}>
      <Table aria-label="What differs" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Request</Table.Th>
            {columns.map(({ label }) => (
              <Table.Th key={label}>{label}</Table.Th>
            ))}
            {own && <Table.Th>Reason</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, index) => (
            <Table.Tr key={row.workItemId}>
              <Table.Td>
                <Text fz="sm" fw={500}>
                  {row.record?.name ?? row.label}
                </Text>
                <Text fz="xs" c="dimmed">
                  {[row.label, row.requesterName].filter(Boolean).join(" · ")}
                </Text>
                {message(row.workItemId) && (
                  <Text fz="xs" c="red" role="alert">
                    {message(row.workItemId)}
                  </Text>
                )}
              </Table.Td>
              {columns.map((column) => (
                <FactCell key={column.label} column={column} index={index} />
              ))}
              {own && (
                <Table.Td>
                  <TextInput
                    size="xs"
                    aria-label={`Reason for ${row.record?.name ?? row.label}`}
                    maxLength={4_000}
                    value={own[row.workItemId] ?? ""}
                    onChange={(event) => onOwn(row.workItemId, event.currentTarget.value)}
                  />
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function FactCell({ column: { values, marks }, index }: { column: Compared; index: number }) {
  const mark = marks[index];
  return (
    <Table.Td>
      <Text fz="sm" fw={mark ? 650 : 400}>
        {values[index] || "–"}
      </Text>
      {mark && (
        <Badge size="sm" color="orange" variant="light" tt="none">
          {mark}
        </Badge>
      )}
    </Table.Td>
  );
}
