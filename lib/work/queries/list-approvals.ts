import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { PAGE_SIZE, type Page, pageOf } from "../../../db/page";
import { workItem } from "../../../db/schema";
import type { Person } from "../../people/current-person";
import { isReal, isWithinScope } from "../../people/delegation/approval-subject";
import { submittersIn } from "../../people/delegation/submitters";
import type { ApprovalFilter, ApprovalRow } from "../schema";
import { rowFacts } from "./approval-facts";
import { afterKey } from "./list-work";
import { isFree, isNotElsewhere, isOthers, isUnsaid, whereFound } from "./where-mine";
import { findItems, shownItems } from "./work-rows";

type View = Exclude<ApprovalFilter["view"], "requested">;
type Asked = Pick<ApprovalFilter, "search" | "process" | "cursor">;

/** Somewhere where approvals lie that somebody may decide: with whose claim, and what they were let of it. */
type Desk = {
  readonly type: "user" | "group" | "queue";
  readonly id: string;
  readonly claimer: string;
  readonly processes: readonly string[] | null;
  readonly max_amount: number | null;
  /** Who made it so that they stand in: not of what these ask for. */
  readonly makers: readonly string[];
};

const placesOf = ({ id, groups, queues }: { id: string; groups: readonly string[]; queues: readonly string[] }) => [
  { type: "user" as const, id },
  ...groups.map((group) => ({ type: "group" as const, id: group })),
  ...queues.map((queue) => ({ type: "queue" as const, id: queue })),
];

const ownDesks = ({ userId, groups, queues }: Person): Desk[] =>
  placesOf({ id: userId, groups, queues }).map((place) => ({
    ...{ ...place, claimer: userId, processes: null, max_amount: null, makers: [] },
  }));

const othersDesks = ({ standsFor }: Person): Desk[] =>
  standsFor.flatMap(({ delegatorId, groups, queues, processes, maxAmount, makers }) =>
    placesOf({ id: delegatorId, groups, queues }).map((place) => ({
      ...{ ...place, claimer: delegatorId, processes, max_amount: maxAmount, makers },
    })),
  );

/**
 * Ids of open approvals on these desks that this person has not had their say on, newest first. Each desk is answered from the index of open approvals and gives no more than are
 * wanted, so that it makes no difference how many there are.
 */
function idsOn(
  { userId, desks }: { readonly userId: string; readonly desks: readonly Desk[] },
  { search, process, cursor }: Asked,
  limit: number,
): SQL {
  const after = afterKey(cursor);
  const found = whereFound(search);
  return sql`
    select found.work_item_id from jsonb_to_recordset(${JSON.stringify(desks)}::jsonb)
      as desk (type text, id text, claimer text, processes text[], max_amount numeric, makers text[])
    cross join lateral (
      select work_item.work_item_id, work_item.assigned_at from work_item
      where work_item.status = 'assigned' and work_item.kind = 'approval' and not work_item.voting
        and work_item.assignee_type = desk.type and work_item.assignee_id = desk.id
        and (work_item.claimed_by is null or work_item.claimed_by = desk.claimer)
        and ${isWithinScope} and ${isUnsaid(userId)} and ${isOthers(userId, sql`desk.claimer`)}
        and (desk.claimer = ${userId} or ${isReal})
        and (cardinality(desk.makers) = 0 or not exists (
          select 1 from ${submittersIn(sql`work_item.run_id`)} made where made.user_id = any(desk.makers)))
        and ${isFree(userId, sql`desk.claimer`)} and ${isNotElsewhere(userId, sql`desk.claimer`)}
        ${found ? sql`and ${found}` : sql``}
        ${process ? sql`and exists (select 1 from run of where of.run_id = work_item.run_id and of.definition_id = ${process})` : sql``}
        ${after ? sql`and (work_item.assigned_at, work_item.work_item_id) < (${after.at}::timestamptz, ${after.id})` : sql``}
      order by work_item.assigned_at desc, work_item.work_item_id desc limit ${limit}
    ) found
    group by found.work_item_id, found.assigned_at
    order by found.assigned_at desc, found.work_item_id desc limit ${limit}`;
}

/** Ids of approvals that the person decided, for themselves or somebody, newest first. */
function idsDecided({ userId }: Person, { search, process, cursor }: Asked, limit: number): SQL {
  const after = afterKey(cursor);
  const found = whereFound(search);
  return sql`
    select work_item.work_item_id from work_item
    where work_item.completed_by = ${userId} and work_item.kind = 'approval' and work_item.completion_kind = 'done'
      ${found ? sql`and ${found}` : sql``}
      ${process ? sql`and exists (select 1 from run of where of.run_id = work_item.run_id and of.definition_id = ${process})` : sql``}
      ${after ? sql`and (work_item.closed_at, work_item.work_item_id) < (${after.at}::timestamptz, ${after.id})` : sql``}
    order by work_item.closed_at desc, work_item.work_item_id desc limit ${limit}`;
}

/** One view of My approvals, newest first: by when they were assigned, what is decided by when it was. A page of 50. */
export async function listApprovals(
  db: Database,
  person: Person,
  { view, size = PAGE_SIZE, ...asked }: Asked & { readonly view: View; readonly size?: number },
): Promise<Page<ApprovalRow>> {
  const desks = view === "delegated" ? othersDesks(person) : ownDesks(person);
  if (desks.length === 0) return { rows: [], next: null };
  const ids =
    view === "decided" ? idsDecided(person, asked, size + 1) : idsOn({ userId: person.userId, desks }, asked, size + 1);
  const at = view === "decided" ? workItem.closedAt : workItem.assignedAt;
  const found = await findItems(db, person.userId, {
    where: sql`${workItem.workItemId} in (${ids})`,
    order: [sql`${at} desc`, sql`${workItem.workItemId} desc`],
    limit: size + 1,
  });
  const page = pageOf(found, size, ({ item }) => [
    ((view === "decided" ? item.closedAt : null) ?? item.assignedAt).toISOString(),
    item.workItemId,
  ]);
  const facts = view === "decided" ? new Map() : await rowFacts(db, person, page.rows);
  const rows = shownItems(page.rows).map((row) => {
    const known = facts.get(row.workItemId);
    return {
      ...row,
      facts: known?.facts ?? [],
      shownAs: known?.shownAs,
      hasScreens: known?.hasScreens ?? false,
      needsReason: known?.needsReason ?? { approve: false, reject: false },
    };
  });
  return { rows, next: page.next };
}

const MAX_COUNT = 100;

/** How many approvals wait for the person, and for those in whose place they decide, each at most 100; in SQL. */
export function approvalCounts(person: Person): { readonly decide: SQL; readonly delegated: SQL } {
  const count = (desks: readonly Desk[]): SQL =>
    desks.length === 0
      ? sql`0`
      : sql`(select count(*)::int from (${idsOn({ userId: person.userId, desks }, {}, MAX_COUNT)}) counted)`;
  return { decide: count(ownDesks(person)), delegated: count(othersDesks(person)) };
}
