import { wait } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { writeRows } from "../../../db/write-rows";
import type { Waits } from "../../engine/state";
import { newId } from "../../ids";
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
  const own = "wait.step_run_id is null and wait.resolved_at is null";
  writeRows(tx, [
    { table: wait, how: "update", by: ["runId"], only: own, rows: [{ runId, resolvedAt: at }] },
    {
      table: wait,
      how: "insert",
      rows: rowsOf(last.event).map((row) => ({ ...row, runId, waitId: newId("wait"), createdAt: at })),
    },
  ]);
}

const NOWHERE = { recordId: null, objectName: null, dueAt: null };

const rowsOf = ({ records, objects, dueAt, lock }: Waits): Row[] => [
  ...records.map((recordId): Row => ({ ...NOWHERE, kind: "event", recordId })),
  ...objects.map((objectName): Row => ({ ...NOWHERE, kind: "event", objectName })),
  ...(dueAt === null ? [] : [{ ...NOWHERE, kind: "timer", dueAt: new Date(dueAt) } as const]),
  ...(lock === null ? [] : [{ ...NOWHERE, kind: "lock", recordId: lock } as const]),
];
