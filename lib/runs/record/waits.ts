import { wait } from "../../../db/schema";
import { later, type Tx } from "../../../db/transaction";
import type { Waits } from "../../engine/state";
import { newId } from "../../ids";
import { writeRows } from "../write-rows";
import type { Happened } from "./history";

type Row = Pick<typeof wait.$inferInsert, "kind" | "recordId" | "objectName" | "dueAt">;

/**
 * The run's own waits as its last such event says: a row for each record, one for the clock, one for a lock. What it waits for no longer is
 * resolved. Sent and not awaited.
 */
export function recordWaits(tx: Tx, runId: string, happened: readonly Happened[]): void {
  const last = happened.findLast(({ event }) => event.type === "waits-changed");
  if (last?.event.type !== "waits-changed") return;
  const { at } = last;
  later(
    tx,
    tx.sql`
      update wait set resolved_at = ${at}::text::timestamptz
      where run_id = ${runId} and step_run_id is null and resolved_at is null`,
  );
  const rows = rowsOf(last.event).map((row) => ({ ...row, runId, waitId: newId("wait"), createdAt: at }));
  writeRows(tx, [{ table: wait, how: "insert", rows }]);
}

const NOWHERE = { recordId: null, objectName: null, dueAt: null };

const rowsOf = ({ records, objects, dueAt, lock }: Waits): Row[] => [
  ...records.map((recordId): Row => ({ ...NOWHERE, kind: "event", recordId })),
  ...objects.map((objectName): Row => ({ ...NOWHERE, kind: "event", objectName })),
  ...(dueAt === null ? [] : [{ ...NOWHERE, kind: "timer", dueAt: new Date(dueAt) } as const]),
  ...(lock === null ? [] : [{ ...NOWHERE, kind: "lock", recordId: lock } as const]),
];
