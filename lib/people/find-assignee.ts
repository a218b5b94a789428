import { askOnce } from "../../db/ask-once";
import type { Tx } from "../../db/transaction";
import { shareTeam } from "./hold-teams";
import { MAX_MEMBERS, MAX_NESTING, type Place } from "./queries";
import { isEmail, normaliseEmail } from "./schema";

/** Whom a definition names, as they are now: `members` are those who could do the work, each with whether mail can be sent to them. */
export type Candidate = {
  readonly place: Place;
  readonly members: readonly { readonly userId: string; readonly isReachable: boolean }[];
};

type Member = { readonly userId: string; readonly email: string };
const candidate = (place: Place, members: readonly Member[]): Candidate => ({
  place,
  members: members.map(({ userId, email }) => ({ userId, isReachable: isEmail(email) })),
});

/**
 * A person by id, username or e-mail address, with their row held until the transaction ends: whoever is given work is not deactivated before
 * this commit, and a deactivation that comes after it finds the work (I37). One who is inactive has no members. Null when there is none.
 */
export function findPersonToAssign(tx: Tx, name: string): Promise<Candidate | null> {
  if (!tx.isShared) return readPersonToAssign(tx, name);
  // Of commands that travel together none changes people, and who was found is held.
  const key = `assignee ${name}`;
  const asked = (tx.held.get(key) as Promise<Candidate | null> | undefined) ?? readPersonToAssign(tx, name);
  tx.held.set(key, asked);
  return asked;
}

async function readPersonToAssign(tx: Tx, name: string): Promise<Candidate | null> {
  const text = name.trim();
  const username = text.toLowerCase();
  const [row] = await tx.sql<(Member & { kind: string; active: boolean })[]>`
    select user_id as "userId", email, kind, active from "user"
    where user_id = ${text} or username = ${username} or email = ${normaliseEmail(text)}
    order by user_id = ${text} desc, username = ${username} desc limit 1 for share`;
  if (row?.kind !== "person") return null;
  return candidate({ type: "user", id: row.userId }, row.active ? [row] : []);
}

type Team = Candidate & { readonly label: string };

/**
 * A group or queue by id or name, with everybody active in it, through nested groups too, who stay in it until the transaction ends. Null when there
 * is none. Of one decision it is asked once.
 */
export const findTeamToAssign = (tx: Tx, type: "group" | "queue", name: string): Promise<Team | null> =>
  askOnce(tx, `${type} ${name}`, async () => {
    const team = await readTeamToAssign(tx, type, name);
    // Asked for by its name it will be asked for by its id.
    if (team && team.place.id !== name) await askOnce(tx, `${type} ${team.place.id}`, async () => team);
    return team;
  });

async function readTeamToAssign(tx: Tx, type: "group" | "queue", name: string): Promise<Team | null> {
  const team =
    type === "group"
      ? tx.sql`select group_id as id, label from user_group where group_id = ${name} or name = ${name} limit 1`
      : tx.sql`select queue_id as id, label from queue where queue_id = ${name} or name = ${name} limit 1`;
  // One flight: only a snapshot that was taken behind the lock sees what was changed before it was given.
  const [, [row]] = await Promise.all([
    shareTeam(tx, type, name),
    tx.sql<{ id: string; label: string; members: Member[] }[]>`
    with recursive team as (${team}), inside (group_id, depth) as (
      select m.member_id, 1 from team join membership m on m.container_id = team.id and m.container_type = ${type} and m.member_type = 'group'
      union
      select m.member_id, depth + 1 from inside
      join membership m on m.container_type = 'group' and m.container_id = inside.group_id and m.member_type = 'group'
      where depth < ${MAX_NESTING}
    ), member as (
      select distinct u.user_id as "userId", u.email from membership m join "user" u on u.user_id = m.member_id and u.active
      where m.member_type = 'user' and ((m.container_type = ${type} and m.container_id = (select id from team))
        or (m.container_type = 'group' and m.container_id in (select group_id from inside)))
      order by 1 limit ${MAX_MEMBERS}
    )
    select id, label, (select coalesce(json_agg(member order by "userId"), '[]') from member) as members from team`,
  ]);
  return row ? { ...candidate({ type, id: row.id }, row.members), label: row.label } : null;
}
