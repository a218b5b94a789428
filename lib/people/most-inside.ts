import type { Tx } from "../../db/transaction";
import type { Place } from "./queries";

/** How many people a group or queue has, those of the groups in it too; or one of the groups and queues that it lies in, whichever has most. */
export async function mostInside(tx: Tx, { type, id }: Place): Promise<number> {
  const [row] = await tx.sql<{ most: number }[]>`
    with recursive around (type, id) as (
      select ${type}::text, ${id}::text
      union
      select m.container_type, m.container_id from around
      join membership m on around.type = 'group' and m.member_type = 'group' and m.member_id = around.id
    ), inside (type, id, of_type, of_id) as (
      select type, id, type, id from around
      union
      select 'group', m.member_id, of_type, of_id from inside
      join membership m on m.container_type = inside.type and m.container_id = inside.id and m.member_type = 'group'
    ), counted as (
      select count(distinct m.member_id)::int as people from inside
      join membership m on m.container_type = inside.type and m.container_id = inside.id and m.member_type = 'user'
      group by of_type, of_id
    ) select coalesce(max(people), 0) as most from counted`;
  return row?.most ?? 0;
}
