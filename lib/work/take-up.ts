import { and, eq, or } from "drizzle-orm";
import { workItem } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import type { Team } from "../people/places-around";
import { membersOf } from "../people/queries";
import { ok, type Result, refuse } from "../result";
import { dispatch } from "../runs/dispatch";
import { lockRuns } from "../runs/lock-runs";
import {
  isOfTeam,
  isStranded,
  itemsOf,
  MAX_ITEMS,
  type OpenItem,
  type TeamNow,
  teamOf,
} from "./queries/items-of-teams";

/**
 * What follows for open work that nobody could do when people are in its groups and queues again, already changed in this transaction: it is
 * theirs, and its runs are stalled no longer. Refusal: `has-open-work` where it is too much for one command.
 */
export async function takeUp(tx: Tx, teams: readonly Team[]): Promise<Result<null>> {
  const manned: TeamNow[] = [];
  for (const team of teams) {
    const members = await membersOf(tx.db, team);
    if (members.length > 0) manned.push({ ...team, members });
  }
  if (manned.length === 0) return ok(null);
  const items = await strandedIn(tx, manned);
  if (items.length > MAX_ITEMS) return refuse("has-open-work", { details: { name: manned[0]?.label ?? "" } });
  for (const item of items) {
    const { runId, workItemId } = item;
    if (isStranded(item, teamOf(manned, item))) continue;
    const done = await dispatch(tx, "system", { runId, command: { type: "somebody-came", workItemId } });
    if (!done.ok) return done;
  }
  return ok(null);
}

/** Open items of these that were left to nobody, their runs held in order. */
async function strandedIn(tx: Tx, teams: readonly Team[]): Promise<OpenItem[]> {
  const wanted = and(eq(workItem.flag, "nobody_left"), or(...teams.map(isOfTeam)));
  await lockRuns(tx, await itemsOf(tx, wanted));
  return itemsOf(tx, wanted);
}
