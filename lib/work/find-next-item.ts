import { and, asc, eq, inArray, isNull, or } from "drizzle-orm";
import type { Database } from "../../db/client";
import { workItem } from "../../db/schema/work";
import type { Person } from "../people/current-person";

/** The person's next open item of the same run, oldest first: theirs, or their group's or queue's that nobody else has claimed. */
export async function findNextItem(
  db: Database,
  person: Person,
  runId: string,
): Promise<{ workItemId: string; recordPath: string | null } | null> {
  const { userId, groups, queues } = person;
  const isUnclaimed = or(isNull(workItem.claimedBy), eq(workItem.claimedBy, userId));
  const [row] = await db
    .select({ workItemId: workItem.workItemId, object: workItem.recordType, recordId: workItem.recordId })
    .from(workItem)
    .where(
      and(
        eq(workItem.runId, runId),
        eq(workItem.status, "assigned"),
        or(
          and(eq(workItem.assigneeType, "user"), eq(workItem.assigneeId, userId)),
          and(eq(workItem.assigneeType, "group"), inArray(workItem.assigneeId, [...groups]), isUnclaimed),
          and(eq(workItem.assigneeType, "queue"), inArray(workItem.assigneeId, [...queues]), isUnclaimed),
        ),
      ),
    )
    .orderBy(asc(workItem.createdAt), asc(workItem.workItemId))
    .limit(1);
  if (!row) return null;
  const recordPath = row.object && row.recordId ? `/records/${row.object}/${row.recordId}` : null;
  return { workItemId: row.workItemId, recordPath };
}
