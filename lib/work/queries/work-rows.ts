import { and, eq, isNotNull, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { interview, run, workItem } from "../../../db/schema";
import { namesOf, type Place } from "../../people/queries";
import type { WorkRow } from "../schema";

/** What lists of items read: the item, who asked for the work, and whether this reader has typed something. */
const columns = (readerId: string) => ({
  item: workItem,
  startedBy: run.startedBy,
  hasDraft: sql<boolean>`exists (select 1 from ${interview} where ${and(eq(interview.workItemId, workItem.workItemId), eq(interview.userId, readerId), eq(interview.status, "open"), isNotNull(interview.draft))})`,
});

export type FoundItem = {
  readonly item: typeof workItem.$inferSelect;
  readonly startedBy: string | null;
  readonly hasDraft: boolean;
};

type Ask = { readonly where: SQL | undefined; readonly order: readonly SQL[]; readonly limit: number };

export const findItems = (db: Database, readerId: string, { where, order, limit }: Ask): Promise<FoundItem[]> =>
  db
    .select(columns(readerId))
    .from(workItem)
    .innerJoin(run, eq(run.runId, workItem.runId))
    .where(where)
    .orderBy(...order)
    .limit(limit);

/** Rows as lists show them, with the names of everybody in them in one question. */
export async function shownItems(db: Database, found: readonly FoundItem[]): Promise<WorkRow[]> {
  const people = found.flatMap(({ item, startedBy }) =>
    [item.claimedBy, startedBy].flatMap((id): Place[] => (id === null ? [] : [{ type: "user", id }])),
  );
  const names = await namesOf(db, [
    ...people,
    ...found.map(({ item }): Place => ({ type: item.assigneeType, id: item.assigneeId })),
  ]);
  return found.map((row) => shown(row, (id) => names[id] ?? "Unknown"));
}

function shown({ item, startedBy, hasDraft }: FoundItem, nameOf: (id: string) => string): WorkRow {
  const {
    workItemId,
    runId,
    kind,
    status,
    label,
    processLabel,
    stageLabel,
    completionKind,
    outcome,
    flag,
    recordType,
    recordId,
  } = item;
  return {
    type: "item",
    ...{ workItemId, runId, kind, status, label, processLabel, stageLabel, completionKind, outcome, flag, hasDraft },
    record: recordType && recordId ? { object: recordType, id: recordId, name: item.recordName ?? "" } : null,
    assignee: { type: item.assigneeType, id: item.assigneeId, name: nameOf(item.assigneeId) },
    claimedBy: item.claimedBy === null ? null : { id: item.claimedBy, name: nameOf(item.claimedBy) },
    requesterName: startedBy === null ? null : nameOf(startedBy),
    assignedAt: item.assignedAt.toISOString(),
    closedAt: item.closedAt?.toISOString() ?? null,
  };
}
