import { and, eq, or } from "drizzle-orm";
import { workItem } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { holdTeams } from "../people/hold-teams";
import type { Team } from "../people/places-around";
import { ok, type Result, refuse } from "../result";
import { dispatch } from "../runs/dispatch";
import { lockRuns } from "../runs/lock-runs";
import { isNobodys } from "./is-nobodys";
import { isOfTeam, itemsOf, MAX_ITEMS, teamOf } from "./queries/items-of-teams";

/**
 * What follows for open work that nobody could do when people are in its groups and queues again, already changed in this transaction: it is
 * theirs, and its runs are stalled no longer. Refusal: `has-open-work` where it is too much for one command.
 */
export async function takeUp(tx: Tx, teams: readonly Team[]): Promise<Result<null>> {
  if (teams.length === 0) return ok(null);
  const wanted = and(eq(workItem.flag, "nobody_left"), or(...teams.map(isOfTeam)));
  // The runs come first, as in every command.
  await lockRuns(tx, await itemsOf(tx, wanted));
  const now = await holdTeams(tx, teams);
  const items = await itemsOf(tx, wanted);
  if (items.length > MAX_ITEMS)
    return refuse("has-open-work", { details: { name: teamOf(now, items[0])?.label ?? "" } });
  for (const item of items) {
    const { runId, workItemId } = item;
    if (await isNobodys(tx, { workItemId, members: teamOf(now, item)?.members ?? [] })) continue;
    const done = await dispatch(tx, "system", { runId, command: { type: "somebody-came", workItemId } });
    if (!done.ok) return done;
  }
  return ok(null);
}
