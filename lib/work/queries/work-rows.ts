import { and, eq, isNotNull, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { interview, run, stepRun, workItem } from "../../../db/schema";
import { namesOf, type Place } from "../../people/queries";
import type { ListedItem, WorkRow } from "../schema";

/** Everybody that a row names, by id. */
const names = sql<Readonly<Record<string, string>> | null>`(
  select json_object_agg(named.id, named.name) from (
    select user_id as id, name from "user" where user_id in (${workItem.assigneeId}, ${workItem.claimedBy}, ${run.askedBy})
    union all select group_id, label from user_group where group_id = ${workItem.assigneeId}
    union all select queue_id, label from queue where queue_id = ${workItem.assigneeId}) named)`;

const ofItem = and(eq(stepRun.runId, workItem.runId), eq(stepRun.stepRunId, workItem.stepRunId));

/**
 * What lists of items read: the item, who asked for the work and by which version and step, the names of all these, whether it is done in screens, and
 * whether this reader has typed something.
 */
const columns = (readerId: string) => ({
  item: workItem,
  askedBy: run.askedBy,
  definitionId: run.definitionId,
  definitionVersion: run.definitionVersion,
  isDebug: run.isDebug,
  names,
  stepName: sql<string>`(select ${stepRun.name} from ${stepRun} where ${ofItem})`,
  hasScreens: sql<boolean>`exists (select 1 from ${stepRun} where ${and(ofItem, isNotNull(stepRun.flow))})`,
  hasDraft: sql<boolean>`exists (select 1 from ${interview} where ${and(eq(interview.workItemId, workItem.workItemId), eq(interview.userId, readerId), eq(interview.status, "open"), isNotNull(interview.draft))})`,
});

export type FoundItem = {
  readonly item: typeof workItem.$inferSelect;
  readonly askedBy: string | null;
  readonly definitionId: string;
  readonly definitionVersion: number;
  readonly isDebug: boolean;
  readonly names: Readonly<Record<string, string>> | null;
  readonly stepName: string;
  readonly hasScreens: boolean;
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

/** Rows as lists show them. */
export const shownItems = (found: readonly FoundItem[]): WorkRow[] =>
  found.map(({ item, askedBy, hasDraft, isDebug, names }) => {
    const nameOf = (id: string) => names?.[id] ?? "Unknown";
    return {
      type: "item",
      ...shownItem(item, nameOf),
      ...{ hasDraft, isDebug },
      claimedBy: item.claimedBy === null ? null : { id: item.claimedBy, name: nameOf(item.claimedBy) },
      requesterName: askedBy === null ? null : nameOf(askedBy),
    };
  });

type Item = typeof workItem.$inferSelect;
type NameOf = (id: string) => string;

/** How to name the assignees of items and the other people that come with each, asked for at once. */
export async function namesIn(
  db: Database,
  rows: readonly { readonly item: Item; readonly others: readonly (string | null)[] }[],
): Promise<NameOf> {
  const names = await namesOf(
    db,
    rows.flatMap(({ item, others }) => [
      { type: item.assigneeType, id: item.assigneeId },
      ...others.flatMap((id): Place[] => (id === null ? [] : [{ type: "user", id }])),
    ]),
  );
  return (id) => names[id] ?? "Unknown";
}

/** What every list shows of an item. */
export function shownItem(item: Item, nameOf: NameOf): ListedItem {
  const { workItemId, runId, kind, status, label, processLabel, stageLabel, completionKind, outcome, flag } = item;
  const { recordType, recordId } = item;
  return {
    ...{ workItemId, runId, kind, status, label, processLabel, stageLabel, completionKind, outcome, flag },
    record: recordType && recordId ? { object: recordType, id: recordId, name: item.recordName ?? "" } : null,
    assignee: { type: item.assigneeType, id: item.assigneeId, name: nameOf(item.assigneeId) },
    assignedAt: item.assignedAt.toISOString(),
    closedAt: item.closedAt?.toISOString() ?? null,
    dueAt: item.dueAt?.toISOString() ?? null,
  };
}
