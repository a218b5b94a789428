import { and, asc, eq, inArray, or, sql } from "drizzle-orm";
import { run, submission, workItem } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import type { Team } from "../people/places-around";
import { membersOf } from "../people/queries";
import { ok, type Result, refuse } from "../result";
import { dispatch } from "../runs/dispatch";

/** Open items that one change of who is in a group or queue gives back to people; with more some are reassigned first. */
const MAX_ITEMS = 200;

/**
 * What follows for open work that nobody could do when people are in its groups and queues again, already changed in this transaction: it is
 * theirs, and its runs are stalled no longer. Refusal: `has-open-work` where it is too much for one command.
 */
export async function takeUp(tx: Tx, teams: readonly Team[]): Promise<Result<null>> {
  const manned: (Team & { readonly members: readonly string[] })[] = [];
  for (const team of teams) {
    const members = await membersOf(tx.db, team);
    if (members.length > 0) manned.push({ ...team, members });
  }
  if (manned.length === 0) return ok(null);
  const items = await strandedIn(tx, manned);
  if (items.length > MAX_ITEMS) return refuse("has-open-work", { details: { name: manned[0]?.label ?? "" } });
  for (const { runId, workItemId, kind, type, id, submittedBy } of items) {
    const members = manned.find((team) => team.type === type && team.id === id)?.members ?? [];
    // Nobody decides on what they submitted themselves.
    if (members.every((userId) => kind === "approval" && userId === submittedBy)) continue;
    const done = await dispatch(tx, "system", { runId, command: { type: "somebody-came", workItemId } });
    if (!done.ok) return done;
  }
  return ok(null);
}

/** Open items of these that were left to nobody, their runs held in order. */
async function strandedIn(tx: Tx, teams: readonly Team[]) {
  const inTeam = ({ type, id }: Team) => and(sql`${workItem.assigneeType} = ${type}`, eq(workItem.assigneeId, id));
  const found = () =>
    tx.db
      .select({
        runId: workItem.runId,
        workItemId: workItem.workItemId,
        kind: workItem.kind,
        type: workItem.assigneeType,
        id: workItem.assigneeId,
        submittedBy: submission.submittedBy,
      })
      .from(workItem)
      .innerJoin(run, and(eq(run.runId, workItem.runId), inArray(run.status, ["in_progress", "suspended"])))
      .leftJoin(submission, eq(submission.runId, workItem.runId))
      .where(and(eq(workItem.status, "assigned"), eq(workItem.flag, "nobody_left"), or(...teams.map(inTeam))))
      .orderBy(asc(workItem.runId), asc(workItem.workItemId))
      .limit(MAX_ITEMS + 1);
  const runIds = [...new Set((await found()).map(({ runId }) => runId))];
  if (runIds.length === 0) return [];
  await tx.db.select({ id: run.runId }).from(run).where(inArray(run.runId, runIds)).orderBy(run.runId).for("update");
  return found();
}
