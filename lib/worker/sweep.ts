import { type SQL, sql } from "drizzle-orm";
import { transaction } from "../../db/transaction";
import { newId } from "../ids";

/** Rows of one table taken in one sweep, so that none takes long; the next sweep goes on. */
const BATCH = 5_000;
const LOCK = "baton sweep";

/**
 * What is kept for a while only (each table's paragraph in `db/schema` says how long). Commands that history names stay for ever, because
 * history rests on them.
 */
const PASSED: readonly SQL[] = [
  sql`delete from job where job_id in (select job_id from job where status = 'done' and ended_at < now() - interval '7 days' limit ${BATCH})`,
  sql`delete from command where command_id in (select c.command_id from command c where c.received_at < now() - interval '30 days'
    and c.run_id is null limit ${BATCH})`,
  sql`delete from one_time_link where link_id in (select link_id from one_time_link where expires_at < now() - interval '1 day' limit ${BATCH})`,
  sql`delete from reply_token where secret_hash in (select secret_hash from reply_token where expires_at < now() - interval '30 days' limit ${BATCH})`,
  sql`delete from attempt where (subject, window_start) in (select subject, window_start from attempt
    where window_start < now() - case when subject ~ '^(list|start|event|export):' then interval '1 hour' else interval '1 day' end limit ${BATCH})`,
  sql`delete from session where session_id in (select session_id from session where coalesce(revoked_at, expires_at) < now() - interval '30 days' limit ${BATCH})`,
  sql`delete from worker_beat where beat_at < now() - interval '1 day'`,
];

/** Deletes what has had its time. One worker at once; false when another is at it. */
export const sweep = (): Promise<boolean> =>
  transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    const [lock] = await tx.sql<
      { held: boolean }[]
    >`select pg_try_advisory_xact_lock(hashtextextended(${LOCK}, 0)) as held`;
    if (!lock?.held) return false;
    for (const statement of PASSED) await tx.db.execute(statement);
    return true;
  });
