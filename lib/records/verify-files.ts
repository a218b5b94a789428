import { sql } from "drizzle-orm";
import type { Database } from "../../db/client";

/** Complaints that are told. */
const MAX_TOLD = 1_000;

/** Whether every attachment holds the bytes of its digest and size, and none that was removed holds any; what does not hold. */
export async function verifyFiles(database: Database): Promise<string[]> {
  const rows = await database.execute<{ id: string; problem: string }>(sql`
    select id, problem from (select a.attachment_id as id, case
      when a.removed_at is not null and c.bytes is not null then 'was removed, and its content is still there'
      when a.removed_at is null and c.bytes is null then 'has no content'
      when length(c.bytes) <> a.size then 'is not as long as it was'
      when encode(sha256(c.bytes), 'hex') <> a.sha256 then 'does not hold what its SHA-256 says' end as problem
    from attachment a left join attachment_content c using (attachment_id)) as looked
    where problem is not null order by id limit ${MAX_TOLD}`);
  return [...rows].map(({ id, problem }) => `${id} ${problem}`);
}
