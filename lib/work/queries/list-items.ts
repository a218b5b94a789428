import { and, desc, eq, isNotNull, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { PAGE_SIZE, type Page, pageOf } from "../../../db/page";
import { run, workItem } from "../../../db/schema";
import type { ItemFilter, ItemRow } from "../schema";
import { afterKey } from "./list-work";
import { whereFound } from "./where-mine";
import { namesIn, shownItem } from "./work-rows";

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
  const found = await db
    .select({ item: workItem, isDebug: run.isDebug })
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
  const page = pageOf(found, PAGE_SIZE, ({ item }) => [item.createdAt.toISOString(), item.workItemId]);
  const nameOf = await namesIn(
    db,
    page.rows.map(({ item }) => ({ item, others: [item.claimedBy, item.completedBy] })),
  );
  const rows = page.rows.map(({ item, isDebug }) => ({
    ...shownItem(item, nameOf),
    isDebug,
    claimedByName: item.claimedBy === null ? null : nameOf(item.claimedBy),
    completedByName: item.completedBy === null ? null : nameOf(item.completedBy),
    createdAt: item.createdAt.toISOString(),
  }));
  return { ...page, rows };
}
