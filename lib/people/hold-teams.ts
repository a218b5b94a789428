import type { Tx } from "../../db/transaction";
import type { Team } from "./places-around";
import { membersOf } from "./queries";

export type TeamNow = Team & { readonly members: readonly string[] };

/** Groups and queues with who is in them now. */
export const withMembers = (tx: Tx, teams: readonly Team[]): Promise<TeamNow[]> =>
  Promise.all(teams.map(async (team) => ({ ...team, members: await membersOf(tx.db, team) })));

/**
 * Keeps who is in a group or queue, by id or name, as it is until this transaction ends, as everybody does who gives work to it; a change that is
 * under way is waited for. To be asked for before reading who it is.
 */
export const shareTeam = (tx: Tx, type: Team["type"], name: string): Promise<unknown> =>
  type === "group"
    ? tx.sql`select pg_advisory_xact_lock_shared(hashtextextended('members of ' || group_id, 7)) from user_group
        where group_id = ${name} or name = ${name} limit 1`
    : tx.sql`select pg_advisory_xact_lock_shared(hashtextextended('members of ' || queue_id, 7)) from queue
        where queue_id = ${name} or name = ${name} limit 1`;

/**
 * The groups and queues in which others are now by this transaction's doing, and who. Work that is being given to them is waited for, and found from
 * here on; whoever gives them work later finds the change.
 */
export async function holdTeams(tx: Tx, teams: readonly Team[]): Promise<TeamNow[]> {
  const ids = teams.map(({ id }) => id);
  await tx.sql`select pg_advisory_xact_lock(hashtextextended('members of ' || id, 7))
    from (select id from unnest(${ids}::text[]) as given (id) order by id) as ordered`;
  return withMembers(tx, teams);
}
