import { and, desc, eq, isNotNull, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { PAGE_SIZE, type Page, pageOf } from "../../../db/page";
import { run, workItem } from "../../../db/schema";
import { namesOf, type Place } from "../../people/queries";
import type { ItemFilter, ItemRow } from "../schema";
import { afterKey } from "./list-work";
import { whereFound } from "./where-mine";

function whereFilter({ status, assignee, definition, flagged, olderThanHours, search }: ItemFilter) {
  const [type, id] = assignee?.split(":") ?? [];
  return and(
    status && eq(workItem.status, status),
    type && id ? and(sql`${workItem.assigneeType} = ${type}`, eq(workItem.assigneeId, id)) : undefined,
    definition ? eq(run.definitionId, definition) : undefined,
    flagged ? isNotNull(workItem.flag) : undefined,
    olderThanHours
      ? sql`${workItem.assignedAt} < clock_timestamp() - ${olderThanHours} * interval '1 hour'`
      : undefined,
    whereFound(search),
  );
}

/** Everybody's items for Orchestration Work Items, newest first; a page of 50. The caller has asked the gate. */
export async function listItems(db: Database, filter: ItemFilter): Promise<Page<ItemRow>> {
  const after = afterKey(filter.cursor);
  const rows = await db
    .select({ item: workItem })
    .from(workItem)
    .innerJoin(run, eq(run.runId, workItem.runId))
    .where(
      and(
        whereFilter(filter),
        after
          ? sql`(${workItem.createdAt}, ${workItem.workItemId}) < (${after.at}::timestamptz, ${after.id})`
          : undefined,
      ),
    )
    .orderBy(desc(workItem.createdAt), desc(workItem.workItemId))
    .limit(PAGE_SIZE + 1);
  const page = pageOf(rows, PAGE_SIZE, ({ item }) => [item.createdAt.toISOString(), item.workItemId]);
  const items = page.rows.map(({ item }) => item);
  const users = items.flatMap(({ claimedBy, completedBy }) =>
    [claimedBy, completedBy].flatMap((id): Place[] => (id === null ? [] : [{ type: "user", id }])),
  );
  const names = await namesOf(db, [...users, ...items.map(({ assigneeType: type, assigneeId: id }) => ({ type, id }))]);
  return { ...page, rows: items.map((item) => shown(item, (id) => names[id] ?? "Unknown")) };
}

function shown(item: typeof workItem.$inferSelect, nameOf: (id: string) => string): ItemRow {
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
    ...{ workItemId, runId, kind, status, label, processLabel, stageLabel, completionKind, outcome, flag },
    record: recordType && recordId ? { object: recordType, id: recordId, name: item.recordName ?? "" } : null,
    assignee: { type: item.assigneeType, id: item.assigneeId, name: nameOf(item.assigneeId) },
    claimedByName: item.claimedBy === null ? null : nameOf(item.claimedBy),
    completedByName: item.completedBy === null ? null : nameOf(item.completedBy),
    createdAt: item.createdAt.toISOString(),
    assignedAt: item.assignedAt.toISOString(),
    closedAt: item.closedAt?.toISOString() ?? null,
  };
}
