import { and, eq, isNull } from "drizzle-orm";
import { wait } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import type { Waits } from "../../engine/state";
import { newId } from "../../ids";
import type { Happened } from "./history";

type Row = Omit<typeof wait.$inferInsert, "waitId">;

/** The run's own waits as its last such event says: a row for each record, one for the clock, one for a lock. What it waits for no longer is resolved. */
export async function recordWaits(tx: Tx, runId: string, happened: readonly Happened[]): Promise<void> {
  const last = happened.findLast(({ event }) => event.type === "waits-changed");
  if (last?.event.type !== "waits-changed") return;
  const at = new Date(last.at);
  await tx.db
    .update(wait)
    .set({ resolvedAt: at })
    .where(and(eq(wait.runId, runId), isNull(wait.stepRunId), isNull(wait.resolvedAt)));
  const rows = rowsOf(last.event).map((row) => ({ ...row, runId, waitId: newId("wait"), createdAt: at }));
  if (rows.length > 0) await tx.db.insert(wait).values(rows);
}

const rowsOf = ({ records, objects, dueAt, lock }: Waits): Omit<Row, "runId" | "createdAt">[] => [
  ...records.map((recordId) => ({ kind: "event" as const, recordId })),
  ...objects.map((objectName) => ({ kind: "event" as const, objectName })),
  ...(dueAt === null ? [] : [{ kind: "timer" as const, dueAt: new Date(dueAt) }]),
  ...(lock === null ? [] : [{ kind: "lock" as const, recordId: lock }]),
];
