import type { Database } from "../../../db/client";

type Where = { readonly flow: string; readonly since: string | null; readonly after: string | null };

/**
 * Runs in progress whose version has a condition that asks that evaluation flow: the oldest first, begun since an instant (ISO; null: ever),
 * behind one of them (null: from the first), up to `count`.
 */
export async function runsThatAsk(
  db: Database,
  { flow, since, after }: Where,
  count: number,
): Promise<readonly string[]> {
  const rows = await db.$client<{ id: string }[]>`
    with asking as materialized (
      select definition_id, version from definition_version
      where body->>'kind' = 'orchestration' and jsonb_path_exists(body, '$.**.flow ? (@ == $flow)', jsonb_build_object('flow', ${flow}::text))
    )
    select r.run_id as id from run r
    join asking on asking.definition_id = r.definition_id and asking.version = r.definition_version
    where r.status = 'in_progress' and (${since}::timestamptz is null or r.started_at >= ${since}::timestamptz)
      and (${after}::text is null or (r.started_at, r.run_id) > (select started_at, run_id from run where run_id = ${after}::text))
    order by r.started_at, r.run_id limit ${count}`;
  return rows.map(({ id }) => id);
}
