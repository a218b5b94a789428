import { and, asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { run, workItem } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { submitterIds } from "../../people/delegation/submitters";
import type { Team } from "../../people/places-around";

/** Open items that one change of who is in a group or queue touches (I51); with more some are reassigned first. */
export const MAX_ITEMS = 200;

export type TeamNow = Team & { readonly members: readonly string[] };
export type OpenItem = Awaited<ReturnType<typeof itemsOf>>[number];

/** Open items of runs under way, by run, at most one more than `MAX_ITEMS`. */
export const itemsOf = (tx: Tx, wanted: SQL | undefined) =>
  tx.db
    .select({
      runId: workItem.runId,
      workItemId: workItem.workItemId,
      kind: workItem.kind,
      type: workItem.assigneeType,
      id: workItem.assigneeId,
      claimedBy: workItem.claimedBy,
      submitters: submitterIds(sql`work_item.run_id`),
      stoodIn: sql<string[]>`array(select stood.completed_by from work_item stood where stood.run_id = work_item.run_id
        and stood.kind = 'approval' and not stood.voting and stood.completion_kind = 'done' and stood.on_behalf_of is not null)`,
    })
    .from(workItem)
    .innerJoin(run, and(eq(run.runId, workItem.runId), inArray(run.status, ["in_progress", "suspended"])))
    .where(and(eq(workItem.status, "assigned"), wanted))
    .orderBy(asc(workItem.runId), asc(workItem.workItemId))
    .limit(MAX_ITEMS + 1);

/** Items of that group or queue. */
export const isOfTeam = ({ type, id }: Team): SQL | undefined =>
  and(sql`${workItem.assigneeType} = ${type}`, eq(workItem.assigneeId, id));

export const teamOf = (teams: readonly TeamNow[], item: OpenItem | undefined): TeamNow | undefined =>
  teams.find(({ type, id }) => type === item?.type && id === item.id);

/** Whether nobody of the team could do it: nobody decides on what they submitted or sent again, nor on what they decided on in somebody's place. */
export const isStranded = ({ kind, submitters, stoodIn }: OpenItem, team: TeamNow | undefined): boolean =>
  team?.members.every((id) => kind === "approval" && (submitters.includes(id) || stoodIn.includes(id))) === true;
