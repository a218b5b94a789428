import { assignment, history, run, stageRun, stepRun, submission, workItem } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { writeRows } from "../../db/write-rows";
import type { Pinned } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import type { RunState } from "../engine/state";
import { CHAIN_START } from "./chain";
import { type HeldRun, keepRun } from "./hold-run";
import { assignmentRows, chained, type Happened } from "./record/history";
import { changingRow, itemRow, newRow, stageRow, stepRow, submissionRow } from "./record/rows";
import { recordWaits } from "./record/waits";

export type Change = {
  readonly pinned: Pinned<Orchestration>;
  /** The run's row and state as they were; null for a run that begins. */
  readonly before: HeldRun | null;
  readonly after: RunState;
  readonly happened: readonly Happened[];
};

/** The name of the record that a new row points at, as it is now: lists show it without reading the record. */
const derived = { recordName: '(select name from record where record_id = given."recordId")' };

/** What is not the same object as before. */
function changed<T>(rows: readonly T[], former: readonly T[] = []): readonly T[] {
  const known = new Set(former);
  return rows.filter((row) => !known.has(row));
}

/**
 * Writes one command's effect on a run: its history first numbered and chained, and the rows that it changed. Rows keep their identity in
 * the state as long as nothing happens to them, so what changed is what is another object. One statement, sent and not awaited.
 */
export function record(tx: Tx, { pinned, before, after, happened }: Change): void {
  const runId = after.run.id;
  const old = before?.state;
  const start = before ? { seq: before.row.headSeq, hash: before.row.headHash } : { seq: 0, hash: CHAIN_START };
  const { rows, head } = chained({ runId, head: start, happened }, tx.commandId);
  const words = { definition: pinned.body };
  // One command may come to the same run twice; it counts once (I27).
  const counts = !before || before.row.lastCommandId !== tx.commandId;
  const changing = {
    ...changingRow(after, words),
    headSeq: head.seq,
    headHash: head.hash,
    lastEventAt: new Date(happened.at(-1)?.at ?? after.run.startedAt),
    lastCommandId: tx.commandId,
    version: (before?.row.version ?? 0) + (counts ? 1 : 0),
  };
  const row = before ? { ...before.row, ...changing } : { ...newRow(after, pinned), ...changing };
  const submissions = changed([after.submission], [old?.submission ?? null]).flatMap((one) => one ?? []);
  writeRows(tx, [
    before
      ? { table: run, how: "update", rows: [{ runId, ...changing }] }
      : { table: run, how: "insert", rows: [row], derived },
    { table: stageRun, how: "upsert", rows: changed(after.stages, old?.stages).map((stage) => stageRow(runId, stage)) },
    {
      table: stepRun,
      how: "upsert",
      rows: changed(after.steps, old?.steps).map((step) => stepRow(after, step, words)),
    },
    {
      table: workItem,
      how: "upsert",
      rows: changed(after.items, old?.items).map((item) => itemRow(after, item, words)),
      keep: ["recordName"],
      derived,
    },
    { table: submission, how: "upsert", rows: submissions.map((one) => submissionRow(after, one)) },
    { table: assignment, how: "insert", rows: assignmentRows(runId, happened) },
    { table: history, how: "insert", rows },
  ]);
  recordWaits(tx, runId, happened);
  tx.runIds.push(runId);
  keepRun(tx, { row, state: after });
}
