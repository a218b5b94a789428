import { and, asc, desc, eq, isNull, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../../../db/client";
import { decodeCursor, PAGE_SIZE, type Page, pageOf } from "../../../db/page";
import { run, workItem } from "../../../db/schema";
import type { Person } from "../../people/current-person";
import { linksAsked } from "../../records/queries/object-named";
import type { ObjectLink } from "../../records/schema/object";
import type { WorkCounts, WorkFilter, WorkRow, WorkView } from "../schema";
import { approvalCounts } from "./list-approvals";
import { whereFound, whereInView, whereToDo } from "./where-mine";
import { findItems, shownItems } from "./work-rows";

type ItemView = Exclude<WorkView, "requests">;

/** How far the counts go: beyond it the shell says "99+". */
const MAX_COUNT = 100;

/** A cursor's two values, when they are an instant and an id, as they are in every one that we made. */
export function afterKey(cursor: string | undefined): { at: string; id: string } | null {
  const [at, id] = decodeCursor(cursor, 2) ?? [];
  return z.iso.datetime().safeParse(at).success && typeof id === "string" ? { at: String(at), id } : null;
}

/** The items of one view of My work, newest first: by when they were assigned, what is done by when it was. A page of 50. */
export async function listWork(
  db: Database,
  person: Person,
  { view, search, cursor }: WorkFilter & { view: ItemView },
): Promise<Page<WorkRow>> {
  const at = view === "done" ? workItem.closedAt : workItem.assignedAt;
  const after = afterKey(cursor);
  const where = and(
    whereInView(view, person),
    whereFound(search),
    after ? sql`(${at}, ${workItem.workItemId}) < (${after.at}::timestamptz, ${after.id})` : undefined,
  );
  const found = await findItems(db, person.userId, {
    where,
    order: [desc(at), desc(workItem.workItemId)],
    limit: PAGE_SIZE + 1,
  });
  const page = pageOf(found, PAGE_SIZE, ({ item }) => [
    ((view === "done" ? item.closedAt : null) ?? item.assignedAt).toISOString(),
    item.workItemId,
  ]);
  return { ...page, rows: shownItems(page.rows) };
}

/** The person's open items on one record, for its Work Guide: what is theirs or may be claimed, oldest first; at most 50. */
export async function openItemsOn(db: Database, person: Person, recordId: string): Promise<WorkRow[]> {
  const where = and(whereToDo(person), eq(workItem.recordId, recordId));
  return shownItems(
    await findItems(db, person.userId, {
      where,
      order: [asc(workItem.createdAt), asc(workItem.workItemId)],
      limit: PAGE_SIZE,
    }),
  );
}

/** How many open items each view has, at most 100; of the groups' those that nobody has claimed. A value of a question. */
function countsAsked(db: Database, person: Person): SQL<WorkCounts> {
  const count = (where: SQL | undefined): SQL => {
    const found = db
      .select({ one: sql`1` })
      .from(workItem)
      .innerJoin(run, eq(run.runId, workItem.runId))
      .where(where)
      .limit(MAX_COUNT)
      .as("found");
    return sql`(select count(*)::int from ${found})`;
  };
  const approvals = approvalCounts(person);
  return sql`json_build_object('now', ${count(whereInView("now", person))}, 'waiting', ${count(whereInView("waiting", person))},
    'groups', ${count(and(whereInView("groups", person), isNull(workItem.claimedBy)))},
    'approvals', ${approvals.decide} + ${approvals.delegated})`;
}

const NOTHING: WorkCounts = { now: 0, waiting: 0, groups: 0, approvals: 0 };

export async function countWork(db: Database, person: Person): Promise<WorkCounts> {
  const [found] = await db.execute<{ counts: WorkCounts }>(sql`select ${countsAsked(db, person)} as counts`);
  return found?.counts ?? NOTHING;
}

/** What the rail of every page shows, in one question: the objects, and how much waits where. */
export async function railOf(
  db: Database,
  person: Person,
): Promise<{ readonly counts: WorkCounts; readonly objects: readonly ObjectLink[] }> {
  type Rail = Awaited<ReturnType<typeof railOf>>;
  const [found] = await db.execute<Rail>(sql`select ${countsAsked(db, person)} as counts, ${linksAsked} as objects`);
  return found ?? { counts: NOTHING, objects: [] };
}
