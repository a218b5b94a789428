import { and, asc, eq, inArray, notInArray, or, type SQL } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { user, workItem } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import type { Person } from "../people/current-person";
import { holdTeams, type TeamNow, withMembers } from "../people/hold-teams";
import type { Team } from "../people/places-around";
import { ok, type Result, refuse } from "../result";
import { dispatch } from "../runs/dispatch";
import { lockRuns } from "../runs/lock-runs";
import { isNobodys } from "./is-nobodys";
import { isOfTeam, isPerhapsNobodys, itemsOf, MAX_ITEMS, type OpenItem, teamOf } from "./queries/items-of-teams";
import { tellIfOpen } from "./tell-if-open";

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
  if (left.length === 0 || teams.length === 0) return ok({ released: 0, stranded: 0 });
  // The runs come first, as in every command: those of the votes too, for whoever votes holds the run and then wants their own row.
  const before = await withMembers(tx, teams);
  await lockRuns(tx, [...(await itemsOf(tx, wantedOf(before, left))), ...(await openVotes(tx, before, left))]);
  await holdPeople(tx, left);
  const now = await holdTeams(tx, teams);
  const wanted = wantedOf(now, left);
  const items = await itemsOf(tx, wanted);
  if (items.length > MAX_ITEMS)
    return refuse("has-open-work", { details: { name: teamOf(now, items[0])?.label ?? "" } });
  const votes = await votesOf(tx, now, left);
  if (votes.length > MAX_VOTES)
    return refuse("too-many-votes", { details: { name: now[0]?.label ?? "", limit: MAX_VOTES } });
  for (const { runId, workItemId } of votes) {
    const done = await tellIfOpen(tx, person, { runId, command: { type: "member-left", workItemId } });
    if (!done.ok) return done;
  }
  // The votes that ended may have decided, and with that closed some of the items.
  return letGoOf(tx, person, { teams: now, items: await itemsOf(tx, wanted) });
}

type Items = { readonly teams: readonly TeamNow[]; readonly items: readonly OpenItem[] };

async function letGoOf(tx: Tx, person: Person, { teams, items }: Items): ReturnType<typeof letGo> {
  const told = { released: 0, stranded: 0 };
  for (const item of items) {
    const { runId, workItemId, claimedBy } = item;
    const members = teamOf(teams, item)?.members ?? [];
    if (claimedBy !== null && !members.includes(claimedBy)) {
      const done = await dispatch(tx, person, { runId, command: { type: "release-work-item", workItemId } });
      if (!done.ok) return done;
      told.released++;
    }
    if (!(await isNobodys(tx, { workItemId, members }))) continue;
    const done = await dispatch(tx, "system", { runId, command: { type: "nobody-left", workItemId } });
    if (!done.ok) return done;
    told.stranded++;
  }
  return ok(told);
}

/** Open votes of people in groups that they are in no longer; their runs are held in order. */
async function votesOf(tx: Tx, teams: readonly TeamNow[], left: readonly string[]) {
  await lockRuns(tx, await openVotes(tx, teams, left));
  return openVotes(tx, teams, left);
}

function openVotes(tx: Tx, teams: readonly TeamNow[], left: readonly string[]) {
  const parent = alias(workItem, "parent");
  const gone = teams.map(({ id, members }) =>
    and(eq(parent.assigneeId, id), notInArray(workItem.assigneeId, members.length > 0 ? [...members] : [""])),
  );
  return tx.db
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
}

/** What may have to be let go. */
function wantedOf(teams: readonly TeamNow[], left: readonly string[]): SQL | undefined {
  const inTeam = (team: TeamNow): SQL | undefined => {
    const isNobodys = isPerhapsNobodys(team);
    return and(isOfTeam(team), isNobodys && or(inArray(workItem.claimedBy, [...left]), isNobodys));
  };
  return or(...teams.map(inTeam));
}

/** Who left claims nothing more before this commits: whoever claims holds their own row while their memberships are read. */
const holdPeople = (tx: Tx, userIds: readonly string[]) =>
  tx.db
    .select({ id: user.userId })
    .from(user)
    .where(inArray(user.userId, [...userIds]))
    .orderBy(user.userId)
    .for("update");
