import { and, asc, desc, eq, ilike, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Database } from "../../db/client";
import { decodeCursor, PAGE_SIZE, type Page, pageOf } from "../../db/page";
import { oneTimeLink, queue, session, user, userGroup } from "../../db/schema";
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
  const [row] = await database
    .select()
    .from(userGroup)
    .where(or(eq(userGroup.groupId, idOrName), eq(userGroup.name, idOrName)))
    .limit(1);
  return row ?? null;
}

export type QueueRow = typeof queue.$inferSelect;
export async function findQueue(database: Database, idOrName: string): Promise<QueueRow | null> {
  const [row] = await database
    .select()
    .from(queue)
    .where(or(eq(queue.queueId, idOrName), eq(queue.name, idOrName)))
    .limit(1);
  return row ?? null;
}

/** Ids of the active users behind an assignee: the user, or everyone in the group or queue through nested groups, in order, at most 1,000. */
export async function membersOf(database: Database, { type, id }: Place): Promise<string[]> {
  if (type === "user") {
    const rows = await database
      .select({ id: user.userId })
      .from(user)
      .where(and(eq(user.userId, id), user.active));
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
  const rows = await database.execute<PlaceFound>(placesQuery(userId));
  return sortedPlaces(rows);
}

/** A group or queue, as it is read. */
export type PlaceFound = { type: "group" | "queue"; id: string };

export function sortedPlaces(rows: readonly PlaceFound[]): { groups: string[]; queues: string[] } {
  const of = (type: "group" | "queue") => rows.filter((row) => row.type === type).map((row) => row.id);
  return { groups: of("group"), queues: of("queue") };
}

export const placesQuery = (userId: string | SQL): SQL => sql`
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
    order by 1, 2`;

/** Display names by id, in one question. What no longer exists is left out. */
export async function namesOf(database: Database, places: readonly Place[]): Promise<Record<string, string>> {
  const ids = [...new Set(places.map(({ id }) => id))];
  if (ids.length === 0) return {};
  const found = await database.$client<{ id: string; name: string }[]>`
    with wanted as (select unnest(${ids}::text[]) as id)
    select user_id as id, name from "user" join wanted on user_id = id
    union all select group_id, label from user_group join wanted on group_id = id
    union all select queue_id, label from queue join wanted on queue_id = id`;
  return Object.fromEntries(found.map(({ id, name }) => [id, name]));
}

/** What was typed into a search box as a pattern: found anywhere in the text, its own wildcards taken literally, without NUL, which no text holds. */
export const containing = (text: string): string =>
  `%${text
    .replaceAll("\0", "")
    .trim()
    .replace(/[\\%_]/g, "\\$&")}%`;

export type PeopleFilter = {
  readonly search?: string | undefined;
  readonly state?: "active" | "inactive" | undefined;
  readonly cursor?: string | undefined;
};
export type ListedPerson = PersonRow & { readonly managerName: string | null };

/** People by name, 50 a page, found by name, username or address. */
export async function listPeople(
  database: Database,
  { search, state, cursor }: PeopleFilter,
): Promise<Page<ListedPerson>> {
  const after = decodeCursor(cursor, 2);
  const wanted: (SQL | undefined)[] = [eq(user.kind, "person")];
  if (search?.trim())
    wanted.push(or(...[user.name, user.username, user.email].map((column) => ilike(column, containing(search)))));
  if (state) wanted.push(eq(user.active, state === "active"));
  if (after) wanted.push(sql`(${user.name}, ${user.userId}) > (${String(after[0])}, ${String(after[1])})`);
  const manager = alias(user, "manager");
  const rows = await database
    .select({ ...personColumns, managerName: manager.name })
    .from(user)
    .leftJoin(manager, eq(manager.userId, user.managerId))
    .where(and(...wanted))
    .orderBy(asc(user.name), asc(user.userId))
    .limit(PAGE_SIZE + 1);
  return pageOf(rows, PAGE_SIZE, (row) => [row.name, row.userId]);
}

export type ListedPlace = {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly members: number;
};

/** Groups or queues by label, 50 a page, with how many are in each by name (people and groups). */
export async function listPlaces(
  database: Database,
  type: "group" | "queue",
  { search, cursor }: { readonly search?: string | undefined; readonly cursor?: string | undefined },
): Promise<Page<ListedPlace>> {
  const after = decodeCursor(cursor, 2);
  const [table, id] = type === "group" ? ([userGroup, userGroup.groupId] as const) : ([queue, queue.queueId] as const);
  const wanted: (SQL | undefined)[] = [];
  if (search?.trim()) wanted.push(or(ilike(table.label, containing(search)), ilike(table.name, containing(search))));
  if (after) wanted.push(sql`(${table.label}, ${id}) > (${String(after[0])}, ${String(after[1])})`);
  const members = sql<number>`(select count(*)::int from membership m where m.container_type = ${type} and m.container_id = ${id})`;
  const rows = await database
    .select({ id, name: table.name, label: table.label, members })
    .from(table)
    .where(and(...wanted))
    .orderBy(asc(table.label), asc(id))
    .limit(PAGE_SIZE + 1);
  return pageOf(rows, PAGE_SIZE, (row) => [row.label, row.id]);
}

export type Member = {
  readonly type: "user" | "group";
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
};

/** Who was put into a group or queue, people and groups, by name. */
export async function membersIn(database: Database, type: "group" | "queue", id: string): Promise<Member[]> {
  const rows = await database.execute<{ type: "user" | "group"; id: string; name: string; is_active: boolean }>(sql`
    select m.member_type as type, m.member_id as id, coalesce(u.name, g.label) as name, coalesce(u.active, true) as is_active from membership m
    left join "user" u on m.member_type = 'user' and u.user_id = m.member_id
    left join user_group g on m.member_type = 'group' and g.group_id = m.member_id
    where m.container_type = ${type} and m.container_id = ${id} and coalesce(u.user_id, g.group_id) is not null
    order by name, m.member_id limit ${MAX_MEMBERS}`);
  return rows.map((row) => ({ type: row.type, id: row.id, name: row.name, isActive: row.is_active }));
}

/** Whom work can be given to whose name holds the text: active people, groups, queues; at most `limit` of each kind. */
export async function findPlaces(
  database: Database,
  search: string,
  limit: number,
): Promise<(Place & { name: string })[]> {
  const like = containing(search);
  const [users, groups, queues] = await Promise.all([
    database
      .select({ id: user.userId, name: user.name })
      .from(user)
      .where(and(eq(user.kind, "person"), user.active, ilike(user.name, like)))
      .orderBy(asc(user.name), asc(user.userId))
      .limit(limit),
    database
      .select({ id: userGroup.groupId, name: userGroup.label })
      .from(userGroup)
      .where(ilike(userGroup.label, like))
      .orderBy(asc(userGroup.label))
      .limit(limit),
    database
      .select({ id: queue.queueId, name: queue.label })
      .from(queue)
      .where(ilike(queue.label, like))
      .orderBy(asc(queue.label))
      .limit(limit),
  ]);
  const typed = (type: Place["type"], rows: { id: string; name: string }[]) => rows.map((row) => ({ type, ...row }));
  return [...typed("user", users), ...typed("group", groups), ...typed("queue", queues)];
}

export type OpenSession = Pick<
  typeof session.$inferSelect,
  "sessionId" | "createdAt" | "lastSeenAt" | "method" | "userAgent"
>;

/** The sessions of a person that have neither ended nor run out, the last used first; at most 100. */
export function openSessionsOf(database: Database, userId: string): Promise<OpenSession[]> {
  const { sessionId, createdAt, lastSeenAt, method, userAgent } = session;
  return database
    .select({ sessionId, createdAt, lastSeenAt, method, userAgent })
    .from(session)
    .where(
      and(eq(session.userId, userId), sql`${session.revokedAt} is null and ${session.expiresAt} > clock_timestamp()`),
    )
    .orderBy(desc(lastSeenAt), desc(sessionId))
    .limit(100);
}

/** Minutes for which a sign-in by a mailed link counts as proof enough to choose a new password. */
const FRESH_LINK_MINUTES = 15;

/** The hash that one's present password is checked against before it is changed; null where none is set or a link, just now, stands for it (S9). */
export async function presentPassword(
  database: Database,
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string | null },
): Promise<{ hash: string } | null> {
  const isFresh = sql<boolean>`exists (select 1 from session s where s.session_id = ${sessionId} and s.user_id = ${userId} and s.method = 'link'
    and s.created_at > clock_timestamp() - make_interval(mins => ${FRESH_LINK_MINUTES}::int))`;
  const [row] = await database
    .select({ hash: user.passwordHash, isFresh })
    .from(user)
    .where(eq(user.userId, userId))
    .limit(1);
  return row?.hash && !row.isFresh ? { hash: row.hash } : null;
}

/** Whether a set-up link may still be used, by its digest. Looking spends nothing. */
export async function isSetupLinkOpen(database: Database, secretHash: string): Promise<boolean> {
  const { linkId, purpose, usedAt, expiresAt } = oneTimeLink;
  const isOpen = sql`${usedAt} is null and ${expiresAt} > clock_timestamp()`;
  const rows = await database
    .select({ linkId })
    .from(oneTimeLink)
    .where(and(eq(oneTimeLink.secretHash, secretHash), eq(purpose, "setup"), isOpen))
    .limit(1);
  return rows.length > 0;
}
