import { eq } from "drizzle-orm";
import type { Database } from "../../db/client";
import { recordLock, run } from "../../db/schema";
import type { Person } from "../people/current-person";
import { type Refusal, refuse } from "../result";
import { mayEditFor } from "./queries/where-visible";

/** The run that keeps a record from being changed (A22), for the record's page. `since` is an ISO instant. */
export type HeldBy = { readonly runId: string; readonly label: string; readonly since: string };

/** Who holds the record, or null. Asked with the record's row locked, or by a page. */
export async function heldBy(db: Database, recordId: string): Promise<HeldBy | null> {
  const [row] = await db
    .select({ runId: recordLock.runId, label: run.label, since: recordLock.since })
    .from(recordLock)
    .innerJoin(run, eq(run.runId, recordLock.runId))
    .where(eq(recordLock.recordId, recordId));
  return row ? { ...row, since: row.since.toISOString() } : null;
}

/**
 * Why a save must wait: another run's lock. The run's own flows pass (`byRun`), and whoever has open work of that run that lets its
 * assignee edit. Refusal: `record-locked` with by, runId and since.
 */
export async function lockedAgainst(
  db: Database,
  who: Person | "system",
  { recordId, byRun }: { recordId: string; byRun: string | null },
): Promise<Refusal | null> {
  const held = await heldBy(db, recordId);
  if (!held || held.runId === byRun) return null;
  if (who !== "system" && (await mayEditFor(db, who, { recordId, runId: held.runId }))) return null;
  return refuse("record-locked", { details: { by: held.label, runId: held.runId, since: held.since } }).refusal;
}
