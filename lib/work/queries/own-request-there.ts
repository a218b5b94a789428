import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";

/**
 * What somebody asked for, or sent again, that is open and that members of these groups and queues or these people decide, given by id; by its
 * process and record; null: nothing. They decide where an approval lies with them, or where its process names them for one, be it as the fallback
 * or to escalate to. What the process lets people decide themselves is theirs to arrange.
 */
export const ownRequestThere = (
  db: Database,
  submitterId: string,
  places: readonly string[],
): Promise<string | null> => {
  const ids = sql.param([...places]);
  return ownRequest(db, submitterId, liesWith(ids));
};

/**
 * The same of what is decided by somebody's manager, or may come to be: what a process says of managers when it lies with that person, they asked
 * for it, or they own its record.
 */
export const ownRequestUnder = (db: Database, submitterId: string, userId: string): Promise<string | null> =>
  ownRequest(
    db,
    submitterId,
    sql`v.body::text ~ '"manager"|[.]Manager'
      and (s.submitted_by = ${userId} or rec.owner_id = ${userId} or ${liesWith(sql.param([userId]))})`,
  );

/** Of `submission s`, its version `v`: whether an approval of it lies with one of these, or they are named for one. */
const liesWith = (ids: ReturnType<typeof sql.param>): SQL => sql`(
  exists (select 1 from work_item w where w.run_id = s.run_id and w.status = 'assigned' and w.kind = 'approval'
    and w.assignee_id = any(${ids}::text[]))
  or exists (
    select 1 from (select group_id as id, name, 'group' as type from user_group union all select queue_id, name, 'queue' from queue
      union all select user_id, username, 'user' from "user" union all select user_id, email, 'user' from "user") place
    where place.id = any(${ids}::text[]) and jsonb_path_exists(v.body,
      '$.** ? (@.type == $type && (@.value == $id || @.value == $name || @.value.literal == $id || @.value.literal == $name))',
      jsonb_build_object('type', place.type, 'id', place.id, 'name', place.name))))`;

async function ownRequest(db: Database, submitterId: string, isTheirs: SQL): Promise<string | null> {
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
      and ${isTheirs}
    order by s.submitted_at desc limit 1`);
  return row?.name ?? null;
}
