import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../db/client";

/** Complaints that are told, of each kind. */
const MAX_TOLD = 1_000;

const DECISIONS = sql`
  (select run_id, payload->>'workItemId' as item, personal->'seen' as saw, actor_id as by, personal is null as erased
    from history where type = 'decision-sealed') h
  full join sealed_decision s on s.run_id = h.run_id and s.work_item_id = h.item
  left join work_item i on i.run_id = s.run_id and i.work_item_id = s.work_item_id`;

const OF_DECISION = sql`coalesce(h.run_id, s.run_id) as run, coalesce(h.item, s.work_item_id) as item, case
  when s.work_item_id is null then 'the history has a decision that is not kept'
  when h.item is null then 'a decision is kept that the history does not have'
  when not h.erased and s.seen <> h.saw then 'what the decider saw is not what the history says'
  when s.decided_by is distinct from h.by or s.decided_by is distinct from i.completed_by then 'the decider is not who the history says'
  when s.outcome is distinct from i.outcome then 'the outcome is not what was decided' end as problem`;

const SUBMISSIONS = sql`
  (select run_id, coalesce(payload->>'revision', '') as revision, personal->'seen' as saw, at, personal is null as erased
    from history where type = 'submission-sealed') h
  full join submitted_facts s on s.run_id = h.run_id and s.revision = h.revision
  left join run r on r.run_id = s.run_id
  left join submission m on m.run_id = s.run_id
  left join work_item i on i.run_id = s.run_id and i.work_item_id = s.revision`;

const OF_SUBMISSION = sql`coalesce(h.run_id, s.run_id) as run,
  coalesce(nullif(coalesce(h.revision, s.revision), ''), 'submission') as item, case
  when s.run_id is null then 'the history has a submission that is not kept'
  when h.run_id is null then 'a submission is kept that the history does not have'
  when not h.erased and s.seen <> h.saw then 'what was submitted is not what the history says'
  when s.submitted_at <> h.at then 'it was not submitted when the history says'
  when s.record_id is distinct from r.record_id or s.definition_id is distinct from r.definition_id then 'it was submitted otherwise than the run says'
  when s.submitted_by is distinct from case s.revision when '' then m.submitted_by else i.completed_by end
    then 'the submitter is not who the history says' end as problem`;

/**
 * Whether each sealed decision, and what was kept of each submission, is what the history says: what was seen, by whom, and how it was decided;
 * and none is missing. The history itself is held by its chain; what was erased of it cannot be compared. Answers how many were compared, and
 * what does not hold.
 */
export async function verifyDecisions(
  database: Database,
): Promise<{ decisions: number; submissions: number; complaints: string[] }> {
  const [decisions, submissions] = [
    await compared(database, DECISIONS, OF_DECISION),
    await compared(database, SUBMISSIONS, OF_SUBMISSION),
  ];
  return {
    ...{ decisions: decisions.count, submissions: submissions.count },
    complaints: [...decisions.complaints, ...submissions.complaints],
  };
}

async function compared(database: Database, both: SQL, told: SQL) {
  const [found] = await database.execute<{ count: number }>(sql`select count(*)::int as count from ${both}`);
  const rows = await database.execute<{ run: string; item: string; problem: string }>(sql`
    select run, item, problem from (select ${told} from ${both}) as compared
    where problem is not null order by run, item limit ${MAX_TOLD}`);
  return {
    count: found?.count ?? 0,
    complaints: [...rows].map(({ run, item, problem }) => `${run}: ${item}: ${problem}`),
  };
}
