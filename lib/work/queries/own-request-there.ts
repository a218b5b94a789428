import { sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import type { Team } from "../../people/places-around";

/**
 * What somebody asked for, or sent again, that is open and that members of these groups and queues decide, by its process and record; null: nothing. They decide
 * where an approval lies with them, or where its process names them for one, be it as the fallback or to escalate to. What the process lets
 * people decide themselves is theirs to arrange.
 */
export async function ownRequestThere(
  db: Database,
  submitterId: string,
  teams: readonly Team[],
): Promise<string | null> {
  const ids = sql.param(teams.map(({ id }) => id));
  const [row] = await db.execute<{ name: string }>(sql`
    select concat_ws(', ', v.body ->> 'label', rec.name) as name from submission s
    join run r on r.run_id = s.run_id and r.status in ('in_progress', 'suspended', 'error')
    join definition_version v on v.definition_id = r.definition_id and v.version = r.definition_version
    left join record rec on rec.record_id = r.record_id
    where s.run_id in (select own.run_id from submission own where own.submitted_by = ${submitterId} union all
        select sent.run_id from work_item sent where sent.completed_by = ${submitterId} and sent.kind = 'revision'
          and sent.completion_kind = 'done')
      and s.status in ('in_progress', 'error')
      and not coalesce((v.body #>> '{approval,allowsSelfApproval}')::boolean, false)
      and (exists (select 1 from work_item w where w.run_id = s.run_id and w.status = 'assigned' and w.kind = 'approval'
          and w.assignee_type in ('group', 'queue') and w.assignee_id = any(${ids}::text[]))
        or exists (
          select 1 from (select group_id as id, name, 'group' as type from user_group union all select queue_id, name, 'queue' from queue) team
          where team.id = any(${ids}::text[]) and jsonb_path_exists(v.body,
            '$.** ? (@.type == $type && (@.value == $id || @.value == $name || @.value.literal == $id || @.value.literal == $name))',
            jsonb_build_object('type', team.type, 'id', team.id, 'name', team.name))))
    order by s.submitted_at desc limit 1`);
  return row?.name ?? null;
}
