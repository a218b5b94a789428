import { sql } from "drizzle-orm";
import type { Database } from "../../db/client";

/** Complaints that are told. */
const MAX_TOLD = 1_000;

/**
 * Whether each sealed decision is what the history says its decider saw, who decided and how, and none is missing. The history itself is held by
 * its chain; what was erased of it cannot be compared. Answers how many were compared, and what does not hold.
 */
export async function verifyDecisions(database: Database): Promise<{ decisions: number; complaints: string[] }> {
  const both = sql`
    (select run_id, seq, payload->>'workItemId' as item, personal->'seen' as saw, actor_id as by, personal is null as erased
      from history where type = 'decision-sealed') h
    full join sealed_decision s on s.run_id = h.run_id and s.work_item_id = h.item
    left join work_item i on i.run_id = s.run_id and i.work_item_id = s.work_item_id`;
  const [count] = await database.execute<{ count: number }>(sql`select count(*)::int as count from ${both}`);
  const rows = await database.execute<{ run: string; item: string; problem: string }>(sql`
    select run, item, problem from (select coalesce(h.run_id, s.run_id) as run, coalesce(h.item, s.work_item_id) as item, case
      when s.work_item_id is null then 'the history has a decision that is not kept'
      when h.item is null then 'a decision is kept that the history does not have'
      when not h.erased and s.seen <> h.saw then 'what the decider saw is not what the history says'
      when s.decided_by is distinct from h.by or s.decided_by is distinct from i.completed_by then 'the decider is not who the history says'
      when s.outcome is distinct from i.outcome then 'the outcome is not what was decided' end as problem
    from ${both}) as compared where problem is not null order by run, item limit ${MAX_TOLD}`);
  return {
    decisions: count?.count ?? 0,
    complaints: [...rows].map(({ run, item, problem }) => `${run}: ${item}: ${problem}`),
  };
}
