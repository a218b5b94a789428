import { and, asc, eq, inArray, notInArray, or, type SQL } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { user, workItem } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import type { Person } from "../people/current-person";
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

/** Open votes that end with it, which nobody can reassign; what fits into one transaction. */
const MAX_VOTES = 500;

type Change = {
  /** The groups and queues that have other members now. */
  readonly teams: readonly Team[];
  /** Who is not in one of them any more. */
  readonly left: readonly string[];
};

/**
 * What follows for open work when people are in a group or queue no longer, already changed in this transaction: what they had claimed there
 * is released, their votes there do not count any more, and what nobody can do any more is flagged, so that somebody looks at it. `stranded`: how many items those are. Refusals:
 * `has-open-work` where they are too many for one command, `too-many-votes` with limit.
 */
export async function letGo(
  tx: Tx,
  person: Person,
  { teams, left }: Change,
): Promise<Result<{ released: number; stranded: number }>> {
  const now = await Promise.all(teams.map(async (team) => ({ ...team, members: await membersOf(tx.db, team) })));
  const items = await holdItems(tx, now, left);
  if (items.length > MAX_ITEMS)
    return refuse("has-open-work", { details: { name: teamOf(now, items[0])?.label ?? "" } });
  const votes = await votesOf(tx, now, left);
  if (votes.length > MAX_VOTES)
    return refuse("too-many-votes", { details: { name: now[0]?.label ?? "", limit: MAX_VOTES } });
  for (const { runId, workItemId } of votes) {
    const done = await dispatch(tx, person, { runId, command: { type: "member-left", workItemId } });
    if (!done.ok) return done;
  }
  const released = items.filter((item) => isLoose(item, teamOf(now, item)));
  const stranded = items.filter((item) => isStranded(item, teamOf(now, item)));
  for (const { runId, workItemId } of released) {
    const done = await dispatch(tx, person, { runId, command: { type: "release-work-item", workItemId } });
    if (!done.ok) return done;
  }
  for (const { runId, workItemId } of stranded) {
    const done = await dispatch(tx, "system", { runId, command: { type: "nobody-left", workItemId } });
    if (!done.ok) return done;
  }
  return ok({ released: released.length, stranded: stranded.length });
}

/** Open votes of people in groups that they are in no longer; their runs are held in order. */
async function votesOf(tx: Tx, teams: readonly TeamNow[], left: readonly string[]) {
  if (left.length === 0 || teams.length === 0) return [];
  const parent = alias(workItem, "parent");
  const gone = teams.map(({ id, members }) =>
    and(eq(parent.assigneeId, id), notInArray(workItem.assigneeId, members.length > 0 ? [...members] : [""])),
  );
  const found = () =>
    tx.db
      .select({ runId: workItem.runId, workItemId: workItem.workItemId })
      .from(workItem)
      .innerJoin(parent, and(eq(parent.runId, workItem.runId), eq(parent.workItemId, workItem.parentItemId)))
      .where(
        and(
          eq(workItem.status, "assigned"),
          eq(workItem.kind, "approval"),
          eq(workItem.assigneeType, "user"),
          inArray(workItem.assigneeId, [...left]),
          or(...gone),
        ),
      )
      .orderBy(asc(workItem.runId), asc(workItem.workItemId))
      .limit(MAX_VOTES + 1);
  await lockRuns(tx, await found());
  return found();
}

const isLoose = ({ claimedBy }: OpenItem, team: TeamNow | undefined): boolean =>
  claimedBy !== null && team?.members.includes(claimedBy) === false;

/**
 * The items that may have to be let go. Who left is held, so that none of them claims more before this commits: whoever claims holds their
 * own row while their memberships are read. The runs come first, as in every command.
 */
async function holdItems(tx: Tx, teams: readonly TeamNow[], left: readonly string[]): Promise<OpenItem[]> {
  const inTeam = (team: TeamNow): SQL | undefined =>
    and(isOfTeam(team), team.members.length > 1 ? inArray(workItem.claimedBy, [...left]) : undefined);
  const wanted = or(...teams.map(inTeam));
  if (left.length === 0 || !wanted) return [];
  await lockRuns(tx, await itemsOf(tx, wanted));
  await tx.db
    .select({ id: user.userId })
    .from(user)
    .where(inArray(user.userId, [...left]))
    .orderBy(user.userId)
    .for("update");
  return itemsOf(tx, wanted);
}
