import { eq, inArray, sql } from "drizzle-orm";
import {
  AUTOMATED_USER_ID,
  assignment,
  command,
  history,
  record as recordTable,
  run,
  stageRun,
  stepRun,
  submission,
  workItem,
} from "../../db/schema";
import type { Tx } from "../../db/transaction";
import type { Pinned } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import { stageNamed } from "../engine/find";
import type { RunState } from "../engine/state";
import type { RunRow } from "./load-state";
import { assignmentRows, chained, type Happened, type Head } from "./record/history";
import { itemRow, stageRow, stepRow, submissionRow, type Words } from "./record/rows";
import { recordWaits } from "./record/waits";
import { upsert } from "./upsert";

export type Change = {
  readonly pinned: Pinned<Orchestration>;
  /** The run's row and state as they were; null for a run that begins. */
  readonly before: { readonly row: RunRow; readonly state: RunState } | null;
  readonly after: RunState;
  readonly happened: readonly Happened[];
};

/**
 * Writes one command's effect on a run: its history first numbered and chained, and the rows that it changed. Rows keep their identity in
 * the state as long as nothing happens to them, so what changed is what is another object.
 */
export async function record(tx: Tx, change: Change): Promise<void> {
  const { pinned, before, after, happened } = change;
  const runId = after.run.id;
  const words: Words = { definition: pinned.body, recordNames: await namesOfRecords(tx, change) };
  const old = before?.state;
  const isNew =
    <T>(rows: readonly T[] | undefined) =>
    (row: T) =>
      !rows?.includes(row);
  const { rows, head } = chained({ runId, head: headOf(before?.row), happened }, tx.commandId);
  // Its rows point at it, and what is sent together has no order that one could rely on.
  await writeRun(tx, change, { head, words });
  await Promise.all([
    upsert(tx, stageRun, { rows: after.stages.filter(isNew(old?.stages)).map((row) => stageRow(runId, row)) }),
    upsert(tx, stepRun, { rows: after.steps.filter(isNew(old?.steps)).map((row) => stepRow(after, row, words)) }),
    upsert(tx, workItem, {
      rows: after.items.filter(isNew(old?.items)).map((row) => itemRow(after, row, words)),
      keep: ["record_name"],
    }),
    upsert(tx, submission, {
      rows: [after.submission].flatMap((row) => (row && row !== old?.submission ? [submissionRow(after, row)] : [])),
    }),
    insertAll(tx, assignment, assignmentRows(runId, happened)),
    insertAll(tx, history, rows),
    tx.db
      .update(command)
      .set({ runId: sql`coalesce(${command.runId}, ${runId})` })
      .where(eq(command.commandId, tx.commandId)),
  ]);
  await recordWaits(tx, runId, happened);
}

const headOf = (row: RunRow | undefined): Head =>
  row ? { seq: row.headSeq, hash: row.headHash } : { seq: 0, hash: "0".repeat(64) };

async function insertAll<T extends typeof assignment | typeof history>(
  tx: Tx,
  table: T,
  rows: readonly T["$inferInsert"][],
): Promise<void> {
  if (rows.length > 0) await tx.db.insert(table).values([...rows] as never);
}

async function writeRun(
  tx: Tx,
  { pinned, before, after, happened }: Change,
  { head, words }: { head: Head; words: Words },
): Promise<void> {
  const { run: now } = after;
  const stage = after.stages.at(-1);
  const changing = {
    status: now.status,
    endedAt: now.endedAt === null ? null : new Date(now.endedAt),
    stalledSince: now.stalledSince === null ? null : new Date(now.stalledSince),
    stalledReason: now.stalledReason,
    error: now.error,
    variables: now.variables,
    faultMessage: now.faultMessage,
    waits: now.waits,
    holdsLock: now.holdsLock,
    taken: now.taken,
    stageLabel: stage ? stageNamed(pinned.body, stage.name).label : null,
    headSeq: head.seq,
    headHash: head.hash,
    lastEventAt: new Date(happened.at(-1)?.at ?? now.startedAt),
    lastCommandId: tx.commandId,
  };
  if (before) {
    // One command may come to the same run twice; it counts once (I27).
    const version = before.row.lastCommandId === tx.commandId ? before.row.version : before.row.version + 1;
    await tx.db
      .update(run)
      .set({ ...changing, version })
      .where(eq(run.runId, now.id));
    return;
  }
  await tx.db.insert(run).values({
    ...changing,
    runId: now.id,
    definitionId: pinned.definitionId,
    definitionVersion: pinned.version,
    definitionHash: pinned.hash,
    processType: pinned.body.processType,
    label: pinned.body.label,
    kind: now.kind,
    recordType: now.record?.object ?? null,
    recordId: now.record?.id ?? null,
    recordName: now.record ? (words.recordNames[now.record.id] ?? null) : null,
    version: 1,
    startedBy: now.startedBy,
    runAs: AUTOMATED_USER_ID,
    startedAt: new Date(now.startedAt),
    recordPrior: now.recordPrior,
    depth: now.depth,
    debug: now.debug,
    isDebug: now.debug !== null,
  });
}

/** Names of the records that new rows point at, as they are now; lists show them without reading the records. */
async function namesOfRecords(tx: Tx, { before, after }: Change): Promise<Record<string, string>> {
  const known = new Set(before?.state.items.map(({ id }) => id));
  const items = after.items.filter(({ id }) => !known.has(id)).flatMap(({ record: about }) => about?.id ?? []);
  const ids = [...new Set(before ? items : [...items, ...(after.run.record ? [after.run.record.id] : [])])];
  if (ids.length === 0) return {};
  const rows = await tx.db
    .select({ id: recordTable.recordId, name: recordTable.name })
    .from(recordTable)
    .where(inArray(recordTable.recordId, ids));
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}
