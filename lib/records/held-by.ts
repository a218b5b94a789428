import { eq } from "drizzle-orm";
import type { Database } from "../../db/client";
import { recordLock, run } from "../../db/schema";
import type { Person } from "../people/current-person";
import { type Refusal, refuse } from "../result";
import { mayEditFor } from "./queries/where-visible";

/** The run that keeps a record from being changed (A22), for the record's page. `since` is an ISO instant. */
export type HeldBy = {
  readonly runId: string;
  readonly label: string;
  readonly since: string;
  /** Whom the run lets change it. */
  readonly editorId: string | null;
};

/** Who holds the record, or null. Asked with the record's row locked, or by a page. */
export async function heldBy(db: Database, recordId: string): Promise<HeldBy | null> {
  const [row] = await db
    .select({ runId: recordLock.runId, label: run.label, since: recordLock.since, editorId: recordLock.editorId })
    .from(recordLock)
    .innerJoin(run, eq(run.runId, recordLock.runId))
    .where(eq(recordLock.recordId, recordId));
  return row ? { ...row, since: row.since.toISOString() } : null;
}

type Asked = { readonly recordId: string; readonly byRun: string | null };

/**
 * Why a save must wait: another run's lock. The run's own flows pass (`byRun`), whom it names as editor, and whoever has
 * open work of that run that lets its assignee edit. Refusal: `record-locked` with by, runId and since.
 */
export const lockedAgainst = async (db: Database, who: Person | "system", asked: Asked): Promise<Refusal | null> =>
  mustWait(db, who, { ...asked, held: await heldBy(db, asked.recordId) });

/** The same where it is known who holds the record. */
export async function mustWait(
  db: Database,
  who: Person | "system",
  { recordId, byRun, held }: Asked & { readonly held: HeldBy | null },
): Promise<Refusal | null> {
  if (!held || held.runId === byRun) return null;
  if (who !== "system" && held.editorId === who.userId) return null;
  if (who !== "system" && (await mayEditFor(db, who, { recordId, runId: held.runId }))) return null;
  return refuse("record-locked", { details: { by: held.label, runId: held.runId, since: held.since } }).refusal;
}
