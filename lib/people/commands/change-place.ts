import { sql } from "drizzle-orm";
import { membership, queue, userGroup } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { newId } from "../../ids";
import { ok, type Refusal, type Result, refuse } from "../../result";
import type { Person } from "../current-person";
import { mostInside } from "../most-inside";
import { findGroup, findQueue, MAX_MEMBERS, MAX_NESTING, membersIn } from "../queries";
import type { ChangePlace, NewPlace } from "../schema";
import { askManager } from "./ask-manager";

/** Makes a group or queue with its members. Its name is what definitions call it and never changes. */
export async function createPlace(tx: Tx, person: Person, input: NewPlace): Promise<Result<{ id: string }>> {
  const asked = await askManager(tx, person);
  if (!asked.ok) return asked;
  const { type, name, label, members } = input;
  const taken = type === "group" ? await findGroup(tx.db, name) : await findQueue(tx.db, name);
  if (taken) return refuse("name-taken", { details: { name }, problems: [{ path: "name", message: "is taken" }] });
  const id = newId(type);
  const createdAt = sql`clock_timestamp()`;
  if (type === "group") await tx.db.insert(userGroup).values({ groupId: id, name, label, createdAt });
  else await tx.db.insert(queue).values({ queueId: id, name, label, createdAt });
  const problem = await setMembers(tx, { type, id, members });
  if (problem) return { ok: false, refusal: problem };
  await recordSecurityEvent(tx, { action: `${type}-create`, actorId: person.userId, objectId: id, allowed: true });
  return ok({ id });
}

/**
 * Renames a group or queue and says anew who is in it. Refusals: `not-found`, `changed-meanwhile` when it is not any more what it `was`,
 * `invalid`, `group-circle`, `nested-too-deep`, `too-many-members`. Whoever calls this sees to the work of those who left.
 */
export async function changePlace(tx: Tx, person: Person, input: ChangePlace): Promise<Result<null>> {
  const asked = await askManager(tx, person);
  if (!asked.ok) return asked;
  const { type, id, label, members, was } = input;
  const before =
    type === "group"
      ? await tx.sql<{ label: string }[]>`select label from user_group where group_id = ${id} for update`
      : await tx.sql<{ label: string }[]>`select label from queue where queue_id = ${id} for update`;
  if (!before[0]) return refuse("not-found");
  const is = { label: before[0].label, members: await membersIn(tx.db, type, id) };
  if (textOf(is) !== textOf(was)) return refuse("changed-meanwhile", { details: { name: before[0].label } });
  if (type === "group") await tx.sql`update user_group set label = ${label} where group_id = ${id}`;
  else await tx.sql`update queue set label = ${label} where queue_id = ${id}`;
  const problem = await setMembers(tx, { type, id, members });
  if (problem) return { ok: false, refusal: problem };
  await recordSecurityEvent(tx, { action: `${type}-change`, actorId: person.userId, objectId: id, allowed: true });
  return ok(null);
}

const textOf = ({ label, members }: ChangePlace["was"]): string =>
  JSON.stringify([label, members.map(({ type, id }) => `${type}:${id}`).toSorted()]);

type Members = Pick<ChangePlace, "type" | "id" | "members">;

/** One change of nesting at a time, so that two cannot close a circle together. */
async function setMembers(tx: Tx, { type, id, members }: Members): Promise<Refusal | null> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended('memberships', 7))`;
  const unknown = await firstUnknown(tx, members);
  if (unknown !== -1)
    return { code: "invalid", problems: [{ path: `members[${unknown}]`, message: "is not here any more" }] };
  await tx.sql`delete from membership where container_type = ${type} and container_id = ${id}`;
  const rows = members.map((member) => ({
    containerType: type,
    containerId: id,
    memberType: member.type,
    memberId: member.id,
  }));
  if (rows.length > 0) await tx.db.insert(membership).values(rows).onConflictDoNothing();
  const nested = await nestingProblem(tx, { type, id });
  if (nested) return nested;
  const isTooLarge = (await mostInside(tx, { type, id })) > MAX_MEMBERS;
  return isTooLarge ? { code: "too-many-members", details: { limit: MAX_MEMBERS } } : null;
}

/** The place in the list of the first member that is no person and no group; -1: all are. */
async function firstUnknown(tx: Tx, members: Members["members"]): Promise<number> {
  const ids = members.map((member) => member.id);
  const rows = await tx.sql<{ key: string }[]>`
    select 'user:' || user_id as key from "user" where user_id = any(${ids}) and kind = 'person'
    union all select 'group:' || group_id from user_group where group_id = any(${ids})`;
  const known = new Set(rows.map((row) => row.key));
  return members.findIndex((member) => !known.has(`${member.type}:${member.id}`));
}

/** Follows the groups inside, and for a group those around it too: it may not hold itself, nor may the tower be too high. */
async function nestingProblem(tx: Tx, { type, id }: { type: "group" | "queue"; id: string }): Promise<Refusal | null> {
  const [row] = await tx.sql<{ circle: string | null; below: number; above: number }[]>`
    with recursive inside (group_id, depth, first) as (
      select member_id, 1, member_id from membership where container_type = ${type} and container_id = ${id} and member_type = 'group'
      union
      select m.member_id, depth + 1, first from inside
      join membership m on m.container_type = 'group' and m.container_id = inside.group_id and m.member_type = 'group' where depth <= ${MAX_NESTING}
    ), around (group_id, depth) as (
      select ${id}::text, 0 where ${type} = 'group'
      union
      select m.container_id, depth + 1 from around
      join membership m on m.container_type = 'group' and m.member_type = 'group' and m.member_id = around.group_id where depth <= ${MAX_NESTING}
    ) select
      (select g.label from inside join user_group g on g.group_id = inside.first where inside.group_id = ${id} and ${type} = 'group' limit 1) as circle,
      (select coalesce(max(depth), 0) from inside)::int as below, (select coalesce(max(depth), 0) from around)::int as above`;
  if (row?.circle)
    return {
      code: "group-circle",
      details: { name: row.circle },
      problems: [{ path: "members", message: `${row.circle} holds this group already` }],
    };
  return row && row.below + row.above > MAX_NESTING
    ? { code: "nested-too-deep", details: { limit: MAX_NESTING } }
    : null;
}
