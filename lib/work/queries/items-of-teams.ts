import { and, asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { run, workItem } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import type { TeamNow } from "../../people/hold-teams";
import type { Team } from "../../people/places-around";

/** Open items that one change of who is in a group or queue touches (I51); with more some are reassigned first. */
export const MAX_ITEMS = 200;

export type OpenItem = Awaited<ReturnType<typeof itemsOf>>[number];

/** Open items of runs under way, by run, at most one more than `MAX_ITEMS`. */
export const itemsOf = (tx: Tx, wanted: SQL | undefined) =>
  tx.db
    .select({
      runId: workItem.runId,
      workItemId: workItem.workItemId,
      type: workItem.assigneeType,
      id: workItem.assigneeId,
      claimedBy: workItem.claimedBy,
    })
    .from(workItem)
    .innerJoin(run, and(eq(run.runId, workItem.runId), inArray(run.status, ["in_progress", "suspended"])))
    .where(and(eq(workItem.status, "assigned"), wanted))
    .orderBy(asc(workItem.runId), asc(workItem.workItemId))
    .limit(MAX_ITEMS + 1);

/** Items of that group or queue. */
export const isOfTeam = ({ type, id }: Team): SQL | undefined =>
  and(sql`${workItem.assigneeType} = ${type}`, eq(workItem.assigneeId, id));

/**
 * Items of a group or queue that perhaps nobody in it may do, for the engine to judge: nobody is in it, or of an approval everybody has a part in the
 * run already, having asked for it, sent it again or something of it to decide.
 */
export const isPerhapsNobodys = ({ members }: TeamNow): SQL | undefined => {
  const ids = sql.param([...members]);
  return members.length === 0
    ? undefined
    : and(
        eq(workItem.kind, "approval"),
        // Of a vote the members have items of their own.
        eq(workItem.voting, false),
        sql`${ids}::text[] <@ array(
          select asked.submitted_by from submission asked where asked.run_id = work_item.run_id
          union all select unnest(array[part.completed_by, part.on_behalf_of, part.assignee_id]) from work_item part
            where part.run_id = work_item.run_id and part.kind in ('approval', 'revision'))`,
      );
};

export const teamOf = (teams: readonly TeamNow[], item: OpenItem | undefined): TeamNow | undefined =>
  teams.find(({ type, id }) => type === item?.type && id === item.id);
