import { asc, inArray } from "drizzle-orm";
import type { Database } from "../../db/client";
import { history, run, stageRun, stepRun, submission, workItem } from "../../db/schema";

/** Everything that is stored of one run and that its history decides. */
export type StoredRun = {
  readonly run: typeof run.$inferSelect;
  readonly stages: readonly (typeof stageRun.$inferSelect)[];
  readonly steps: readonly (typeof stepRun.$inferSelect)[];
  readonly items: readonly (typeof workItem.$inferSelect)[];
  readonly submissions: readonly (typeof submission.$inferSelect)[];
  readonly past: readonly (typeof history.$inferSelect)[];
};

/** Those runs whole, in the order of their ids, with one question to the database for each table. */
export async function rowsOfRuns(db: Database, ids: readonly string[]): Promise<StoredRun[]> {
  const [runs, stages, steps, items, submissions, past] = await Promise.all([
    db.select().from(run).where(inArray(run.runId, ids)).orderBy(asc(run.runId)),
    db.select().from(stageRun).where(inArray(stageRun.runId, ids)),
    db.select().from(stepRun).where(inArray(stepRun.runId, ids)),
    db.select().from(workItem).where(inArray(workItem.runId, ids)),
    db.select().from(submission).where(inArray(submission.runId, ids)),
    db.select().from(history).where(inArray(history.runId, ids)).orderBy(asc(history.runId), asc(history.seq)),
  ]);
  const of = {
    stages: byRun(stages),
    steps: byRun(steps),
    items: byRun(items),
    submissions: byRun(submissions),
    past: byRun(past),
  };
  return runs.map((row) => ({
    run: row,
    stages: of.stages.get(row.runId) ?? [],
    steps: of.steps.get(row.runId) ?? [],
    items: of.items.get(row.runId) ?? [],
    submissions: of.submissions.get(row.runId) ?? [],
    past: of.past.get(row.runId) ?? [],
  }));
}

function byRun<Row extends { readonly runId: string }>(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const ofRun = found.get(row.runId);
    if (ofRun) ofRun.push(row);
    else found.set(row.runId, [row]);
  }
  return found;
}
