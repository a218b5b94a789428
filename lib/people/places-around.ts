import type { Database } from "../../db/client";
import { MAX_NESTING, type Place } from "./queries";

export type Team = Place & { readonly type: "group" | "queue"; readonly label: string };

/** A group or queue, and every group and queue that holds it through nesting: those whose members are others when its members are. */
export async function placesAround(database: Database, { type, id }: Pick<Team, "type" | "id">): Promise<Team[]> {
  const rows = await database.$client<Team[]>`
    with recursive around (type, id, depth) as (
      select ${type}::text, ${id}::text, 0
      union
      select m.container_type, m.container_id, depth + 1 from around
      join membership m on around.type = 'group' and m.member_type = 'group' and m.member_id = around.id
      where depth < ${MAX_NESTING}
    )
    select distinct a.type, a.id, coalesce(g.label, q.label) as label from around a
    left join user_group g on a.type = 'group' and g.group_id = a.id
    left join queue q on a.type = 'queue' and q.queue_id = a.id
    where coalesce(g.group_id, q.queue_id) is not null order by 1, 2`;
  return [...rows];
}

/** Groups and queues by id. */
export async function teamsNamed(database: Database, ids: readonly string[]): Promise<Team[]> {
  const rows = await database.$client<Team[]>`
    select 'group' as type, group_id as id, label from user_group where group_id = any(${[...ids]})
    union all select 'queue', queue_id, label from queue where queue_id = any(${[...ids]}) order by 1, 2`;
  return [...rows];
}
