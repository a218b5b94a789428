import { and, eq, isNull, ne, sql } from "drizzle-orm";
import { job } from "../../db/schema/queue";
import { record as recordTable } from "../../db/schema/records";
import { wait } from "../../db/schema/runs";
import { databaseNow, type Tx } from "../../db/transaction";
import type { Answer, AwaitedEvent, Values } from "../flow/interview";
import { newId } from "../ids";
import type { Work } from "./carry-on";
import { lookAtRecord } from "./look-at-record";
import { lookLater, type WaitDetail } from "./open-waits";
import { readSaved } from "./read-saved";
import type { RunAccess } from "./run-access";

/** What a job says that may have happened. */
export type Happening = { readonly waitId: string; readonly recordId: string | null };

type WaitRow = typeof wait.$inferSelect;

/**
 * Whether what a flow waits for has happened, as a job says. The first event wins: with it all waits of the step are resolved, and the jobs
 * that others left for them are void. Null: it is over, or not yet so. A record that was deleted is waited for no more; when nothing else is
 * left to come, the element fails.
 */
export async function takeEvent(
  tx: Tx,
  { work, access, jobId }: { readonly work: Work; readonly access: RunAccess; readonly jobId: string },
  { waitId, recordId }: Happening,
): Promise<Answer | null> {
  const [row] = await tx.db
    .select()
    .from(wait)
    .where(and(eq(wait.runId, work.runId), eq(wait.waitId, waitId), isNull(wait.resolvedAt)));
  if (!row?.event) return null;
  const { event } = row.detail as WaitDetail;
  let record: Values | null = null;
  if (event.type === "condition") {
    if (await isGone(tx, event.record)) return forget(tx, work, event);
    if (!(await conditionHolds(tx, row, { work, access }))) return null;
  } else if (event.type === "record_change") {
    if (recordId === null) return event.record && (await isGone(tx, event.record)) ? forget(tx, work, event) : null;
    record = await readSaved(tx, access, { object: event.object, recordId });
    // It was saved as it was waited for, whatever became of it.
    if (record === null && !(await isGone(tx, recordId))) return null;
  } else if (!(await isDue(tx, row))) return null;
  await resolveWaits(tx, { ...work, exceptJob: jobId });
  return { type: "event", event: row.event, record };
}

async function isGone(tx: Tx, recordId: string): Promise<boolean> {
  const its = eq(recordTable.recordId, recordId);
  const rows = await tx.db.select({ id: recordTable.recordId }).from(recordTable).where(its);
  return rows.length === 0;
}

/** Waits no more for an event that cannot come; the failure of the element when no other can. */
async function forget(tx: Tx, { runId, stepRunId }: Work, { name, label }: AwaitedEvent): Promise<Answer | null> {
  const open = and(eq(wait.runId, runId), eq(wait.stepRunId, stepRunId), isNull(wait.resolvedAt));
  await tx.db
    .update(wait)
    .set({ resolvedAt: sql`clock_timestamp()` })
    .where(and(open, eq(wait.event, name)));
  const [other] = await tx.db.select({ id: wait.waitId }).from(wait).where(open).limit(1);
  return other ? null : { type: "failed", message: `${label} waits for a record that was deleted.` };
}

/** Looks again; where its path now leads over other records, the flow waits for these too, and for when the clock may change the answer. */
async function conditionHolds(
  tx: Tx,
  row: WaitRow,
  { work, access }: { work: Work; access: RunAccess },
): Promise<boolean> {
  const { event } = row.detail as WaitDetail;
  if (event.type !== "condition") return false;
  const { met, records, mayChangeAt } = await lookAtRecord(tx, event, { access, clock: work.clock });
  if (met) return true;
  const { runId, stepRunId } = work;
  const its = and(
    eq(wait.runId, runId),
    eq(wait.stepRunId, stepRunId),
    eq(wait.event, event.name),
    isNull(wait.resolvedAt),
  );
  const known = new Set((await tx.db.select({ id: wait.recordId }).from(wait).where(its)).map(({ id }) => id));
  const more = [...records].filter((id) => !known.has(id));
  const createdAt = new Date(work.clock.now);
  if (more.length > 0)
    await tx.db.insert(wait).values(more.map((recordId) => ({ ...row, waitId: newId("wait"), recordId, createdAt })));
  const { waitId } = row;
  if (mayChangeAt !== null) await lookLater(tx, { runId, stepRunId, event: event.name, waitId, at: mayChangeAt });
  return false;
}

/** A timer that is looked at early, because a clock was set back, is looked at again when it is due. */
async function isDue(tx: Tx, { runId, stepRunId, waitId, event, dueAt }: WaitRow): Promise<boolean> {
  if (dueAt === null || stepRunId === null || event === null) return false;
  if (dueAt <= (await databaseNow(tx))) return true;
  await lookLater(tx, { runId, stepRunId, waitId, event, at: dueAt.getTime() });
  return false;
}

/** Ends all waits of a step, and voids the jobs that were to look at them. */
export async function resolveWaits(
  tx: Tx,
  { runId, stepRunId, exceptJob }: { readonly runId: string; readonly stepRunId: string; readonly exceptJob?: string },
): Promise<void> {
  await tx.db
    .update(wait)
    .set({ resolvedAt: sql`clock_timestamp()` })
    .where(and(eq(wait.runId, runId), eq(wait.stepRunId, stepRunId), isNull(wait.resolvedAt)));
  await tx.db
    .update(job)
    .set({ status: "done", endedAt: sql`clock_timestamp()`, lastError: "the flow does not wait any more" })
    .where(
      and(
        eq(job.runId, runId),
        eq(job.stepRunId, stepRunId),
        eq(job.kind, "resume_flow"),
        eq(job.status, "queued"),
        exceptJob === undefined ? undefined : ne(job.jobId, exceptJob),
      ),
    );
}
