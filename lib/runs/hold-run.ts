import { askedTogether } from "../../db/asked-together";
import type { Database } from "../../db/client";
import { type Json, rowOf } from "../../db/row-of";
import { history, run, stageRun, stepRun, submission, workItem } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import type { RunState } from "../engine/state";
import { type RunRow, stateOf } from "./load-state";

/** A run whose row this transaction has locked, and all that is beneath it. */
export type HeldRun = { readonly row: RunRow; readonly state: RunState };

/** A run by its id, or by that of one of its work items (an item never changes its run). */
export type RunTarget = { readonly runId: string } | { readonly workItemId: string };

/**
 * Runs as this process left them last. A run's rows are the fold of its history, whose last hash its row carries: so what is kept here
 * under a hash is what the rows say as long as the locked row carries the same, whoever else worked on the run.
 */
const MAX_RECENT = 500;
const recent = new Map<string, HeldRun>();
const runOfItem = new Map<string, string>();

function remember(held: HeldRun): void {
  const { row, state } = held;
  recent.delete(row.runId);
  recent.set(row.runId, held);
  for (const { id } of state.items) runOfItem.set(id, row.runId);
  const [oldest] = recent.values();
  if (recent.size <= MAX_RECENT || !oldest) return;
  recent.delete(oldest.row.runId);
  for (const { id } of oldest.state.items) runOfItem.delete(id);
}

/** What the run is from now on in this transaction; kept for the next one if it commits. */
export function keepRun(tx: Tx, held: HeldRun): void {
  tx.held.set(held.row.runId, held);
  tx.onCommit.push(() => remember(held));
}

/**
 * How a command on a work item travels with others (`lib/together.ts`), as far as this process knows its run: of one run there is one at a time, and
 * it is likely to cost what the last one on such a run did.
 */
export function travelOf(workItemId: string): { readonly holds: string; readonly runs: string } {
  const runId = runOfItem.get(workItemId);
  return { holds: runId ?? workItemId, runs: recent.get(runId ?? "")?.row.definitionId ?? "" };
}

const runOfWork = (tx: Tx, workItemId: string): string | undefined =>
  runOfItem.get(workItemId) ?? (tx.held.get(workItemId) as string | undefined);

/** Locks the run's row until the transaction ends, and reads what is beneath it; both in one flight. Null when there is none. */
export async function holdRun(tx: Tx, target: RunTarget): Promise<HeldRun | null> {
  const runId = "runId" in target ? target.runId : runOfWork(tx, target.workItemId);
  const before = runId === undefined ? undefined : (tx.held.get(runId) as HeldRun | undefined);
  if (before) return before;
  const known = runId === undefined ? undefined : recent.get(runId);
  const [row, read] = await lockAndRead(tx, target, known);
  if (!row) return null;
  const held = read ? heldOf(read) : known;
  if (!held) throw new Error("a run was locked and could not be read");
  tx.held.set(held.row.runId, held);
  if ("workItemId" in target) tx.held.set(target.workItemId, held.row.runId);
  // What the run's flows save counts on from where the run stands in its chain of record-triggered starts (F55).
  tx.depth = Math.max(tx.depth, held.row.depth);
  return held;
}

/** Whether the run is there, and what it is now where it is not as it is known. */
type Answer = readonly [{ readonly id: string } | undefined, Found | undefined];

/** Two statements in one flight: only a snapshot that was taken behind the lock sees what was committed before it was given. */
async function lockAndRead(tx: Tx, target: RunTarget, known: HeldRun | undefined): Promise<Answer> {
  const hash = known?.row.headHash ?? null;
  const runId = "runId" in target ? target.runId : known?.row.runId;
  if (tx.isShared && runId !== undefined) {
    const [rows, founds] = await lockTogether(tx, { runId, hash });
    return [rows.find(({ id }) => id === runId), founds.find(({ found }) => found.run.run_id === runId)?.found];
  }
  const id =
    "workItemId" in target && runId === undefined
      ? tx.sql`(select run_id from work_item where work_item_id = ${target.workItemId})`
      : tx.sql`${runId ?? ""}`;
  const [[row], [read]] = await Promise.all([
    tx.sql<{ id: string }[]>`select run_id as id from run where run_id = ${id} for update`,
    tx.sql<{ found: Found | null }[]>`
      select (select ${whole(tx.sql)} from run r where r.run_id = ${id} and r.head_hash is distinct from ${hash}) as found`,
  ]);
  return [row, read?.found ?? undefined];
}

type Wanted = { readonly runId: string; readonly hash: string | null };

const lockTogether = askedTogether((tx, wanted: readonly Wanted[]) => {
  const ids = wanted.map(({ runId }) => runId);
  const hashes = wanted.map(({ hash }) => hash);
  return Promise.all([
    tx.sql<{ id: string }[]>`
      select run_id as id from unnest(${ids}::text[]) as given (id), run
      where run_id = given.id and given.id || '' = given.id order by run_id for update of run`,
    tx.sql<{ found: Found }[]>`
      select ${whole(tx.sql)} as found from unnest(${ids}::text[], ${hashes}::text[]) as given (id, hash), run r
      where r.run_id = given.id and given.id || '' = given.id and r.head_hash is distinct from given.hash`,
  ]);
});

/** All that is beneath the run `r`, as one value. */
const whole = (sql: Database["$client"]) => sql`json_build_object(
  'run', to_json(r),
  'stages', (select coalesce(json_agg(x order by x.ordinal), '[]') from stage_run x where x.run_id = r.run_id),
  'steps', (select coalesce(json_agg(x order by x.ordinal), '[]') from step_run x where x.run_id = r.run_id),
  'items', (select coalesce(json_agg(x order by x.created_at, x.work_item_id), '[]') from work_item x where x.run_id = r.run_id),
  'submissions', (select coalesce(json_agg(x), '[]') from submission x where x.run_id = r.run_id))`;

type RunOfItem = HeldRun & {
  readonly items: readonly (typeof workItem.$inferSelect)[];
  readonly past: readonly (typeof history.$inferSelect)[];
};

/** Lines of its own history that the page of an item shows, the oldest. */
const MAX_PAST = 200;

/**
 * The run of a work item as it is now, not locked, with its items as they are stored and the item's own history, in which are the questions that
 * were asked about it; in one question to the database. Null when there is none.
 */
export async function readRunOf(db: Database, workItemId: string): Promise<RunOfItem | null> {
  const sql = db.$client;
  const [read] = await sql<{ found: Found; past: readonly Json[] }[]>`
    select ${whole(sql)} as found, (
      select coalesce(json_agg(x order by x.seq), '[]') from (
        select * from history h where h.run_id = r.run_id and h.subject_type = 'work_item' and (h.subject_id = ${workItemId}
            or (h.type = 'work-item-created' and h.payload->>'kind' = 'question' and h.payload->>'parentId' = ${workItemId}))
          and h.milestone is not null order by h.seq limit ${MAX_PAST}) x) as past
    from run r where r.run_id = (select run_id from work_item where work_item_id = ${workItemId})`;
  if (!read) return null;
  const { found, past } = read;
  return { ...heldOf(found), items: found.items.map(rowOf(workItem)), past: past.map(rowOf(history)) };
}

/** Runs as they are now, not locked, in one question. */
export async function readRuns(db: Database, runIds: readonly string[]): Promise<HeldRun[]> {
  if (runIds.length === 0) return [];
  const sql = db.$client;
  const read = await sql<{ found: Found }[]>`
    select ${whole(sql)} as found from run r where r.run_id = any(${[...runIds]}::text[])`;
  return read.map(({ found }) => heldOf(found));
}

type Found = {
  readonly run: Json;
  readonly stages: readonly Json[];
  readonly steps: readonly Json[];
  readonly items: readonly Json[];
  readonly submissions: readonly Json[];
};

const heldOf = ({ run: found, stages, steps, items, submissions }: Found): HeldRun => {
  const row = rowOf(run)(found);
  const rows = {
    stages: stages.map(rowOf(stageRun)),
    steps: steps.map(rowOf(stepRun)),
    items: items.map(rowOf(workItem)),
    submissions: submissions.map(rowOf(submission)),
  };
  return { row, state: stateOf(row, rows) };
};
