import { and, eq, inArray, or, sql } from "drizzle-orm";
import type { Database } from "../../db/client";
import { queue, user, userGroup } from "../../db/schema";
import { normaliseEmail } from "./schema";

/** Whom work can be given to. */
export type Place = { readonly type: "user" | "group" | "queue"; readonly id: string };

/** Groups within groups deeper than this are not followed; commands refuse to make them. */
export const MAX_NESTING = 10;
/** Members of one group or queue who get its mails; commands refuse more. */
export const MAX_MEMBERS = 1_000;

/** A user's row without what signs them in. */
const personColumns = {
  userId: user.userId,
  kind: user.kind,
  username: user.username,
  email: user.email,
  name: user.name,
  role: user.role,
  managerId: user.managerId,
  active: user.active,
  timeZone: user.timeZone,
  createdAt: user.createdAt,
};
export type PersonRow = Omit<typeof user.$inferSelect, "passwordHash">;

/** A user, active or not, by id, username or e-mail address in any spelling; null when there is none. */
export async function findPerson(database: Database, idOrUsernameOrEmail: string): Promise<PersonRow | null> {
  const text = idOrUsernameOrEmail.trim();
  const [row] = await database
    .select(personColumns)
    .from(user)
    .where(or(eq(user.userId, text), eq(user.username, text.toLowerCase()), eq(user.email, normaliseEmail(text))))
    .orderBy(sql`${user.userId} = ${text} desc`, sql`${user.username} = ${text.toLowerCase()} desc`)
    .limit(1);
  return row ?? null;
}

export type GroupRow = typeof userGroup.$inferSelect;
export async function findGroup(database: Database, idOrName: string): Promise<GroupRow | null> {
  const [row] = await database.select().from(userGroup).where(or(eq(userGroup.groupId, idOrName), eq(userGroup.name, idOrName))).limit(1);
  return row ?? null;
}

export type QueueRow = typeof queue.$inferSelect;
export async function findQueue(database: Database, idOrName: string): Promise<QueueRow | null> {
  const [row] = await database.select().from(queue).where(or(eq(queue.queueId, idOrName), eq(queue.name, idOrName))).limit(1);
  return row ?? null;
}

/** Ids of the active users behind an assignee: the user, or everyone in the group or queue through nested groups, in order, at most 1,000. */
export async function membersOf(database: Database, { type, id }: Place): Promise<string[]> {
  if (type === "user") {
    const rows = await database.select({ id: user.userId }).from(user).where(and(eq(user.userId, id), user.active));
    return rows.map((row) => row.id);
  }
  const rows = await database.execute<{ user_id: string }>(sql`
    with recursive inside (group_id, depth) as (
      select member_id, 1 from membership where container_type = ${type} and container_id = ${id} and member_type = 'group'
      union
      select m.member_id, depth + 1 from inside
      join membership m on m.container_type = 'group' and m.container_id = inside.group_id and m.member_type = 'group'
      where depth < ${MAX_NESTING}
    )
    select distinct u.user_id from membership m join "user" u on u.user_id = m.member_id and u.active
    where m.member_type = 'user' and ((m.container_type = ${type} and m.container_id = ${id})
      or (m.container_type = 'group' and m.container_id in (select group_id from inside)))
    order by u.user_id limit ${MAX_MEMBERS}`);
  return rows.map((row) => row.user_id);
}

/** Where work for this user may lie: every group they belong to, through nesting too, and every queue they or such a group are members of. */
export async function placesOf(database: Database, userId: string): Promise<{ groups: string[]; queues: string[] }> {
  const rows = await database.execute<{ type: "group" | "queue"; id: string }>(sql`
    with recursive around (group_id, depth) as (
      select container_id, 1 from membership where member_type = 'user' and member_id = ${userId} and container_type = 'group'
      union
      select m.container_id, depth + 1 from around
      join membership m on m.member_type = 'group' and m.member_id = around.group_id and m.container_type = 'group'
      where depth < ${MAX_NESTING}
    )
    select 'group' as type, group_id as id from around
    union
    select 'queue', container_id from membership
    where container_type = 'queue' and ((member_type = 'user' and member_id = ${userId})
      or (member_type = 'group' and member_id in (select group_id from around)))
    order by 1, 2`);
  const of = (type: "group" | "queue") => rows.filter((row) => row.type === type).map((row) => row.id);
  return { groups: of("group"), queues: of("queue") };
}

/** Display names by id. What no longer exists is left out. */
export async function namesOf(database: Database, places: readonly Place[]): Promise<Record<string, string>> {
  const ids = (type: Place["type"]) => [...new Set(places.filter((place) => place.type === type).map((place) => place.id))];
  const [users, groups, queues] = [ids("user"), ids("group"), ids("queue")];
  const found = await Promise.all([
    users.length ? database.select({ id: user.userId, name: user.name }).from(user).where(inArray(user.userId, users)) : [],
    groups.length ? database.select({ id: userGroup.groupId, name: userGroup.label }).from(userGroup).where(inArray(userGroup.groupId, groups)) : [],
    queues.length ? database.select({ id: queue.queueId, name: queue.label }).from(queue).where(inArray(queue.queueId, queues)) : [],
  ]);
  return Object.fromEntries(found.flat().map(({ id, name }) => [id, name]));
}
