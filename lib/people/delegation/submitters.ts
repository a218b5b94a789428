import { type SQL, sql } from "drizzle-orm";

/** Rows of `user_id`: who submitted what a run decides on, or sent it again (`submittersOf` of the engine, in SQL). */
export const submittersIn = (runId: SQL): SQL => sql`(
  select first_sent.submitted_by as user_id from submission first_sent where first_sent.run_id = ${runId}
  union all select sent_again.completed_by from work_item sent_again
  where sent_again.run_id = ${runId} and sent_again.kind = 'revision' and sent_again.completion_kind = 'done'
    and not exists (select 1 from run played where played.run_id = sent_again.run_id and played.is_debug))`;

/** The same as a column: ids. */
export const submitterIds = (runId: SQL): SQL<string[]> =>
  sql<string[]>`array(select sent.user_id from ${submittersIn(runId)} sent)`;
