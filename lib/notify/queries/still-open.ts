import { inArray, sql } from "drizzle-orm";
import { db } from "../../../db/client";
import { workItem } from "../../../db/schema";
import type { DigestLine, MailContents } from "../../../emails/content";

/** A digest without the lines of assignments that are void by now, or are not its reader's to decide any more. */
export async function stillOpen(
  digest: MailContents["digest"],
  readerId: string | null,
): Promise<MailContents["digest"]> {
  const ids = digest.lines.flatMap(({ workItemId }) => workItemId ?? []);
  if (ids.length === 0) return digest;
  const { workItemId: id, assignmentNo: no, status } = workItem;
  const rows = await db()
    .select({ id, no, status, isBarred: isBarred(readerId) })
    .from(workItem)
    .where(inArray(id, ids));
  const now = new Map(rows.map((row) => [row.id, row]));
  const isVoid = ({ workItemId, assignmentNo }: DigestLine) => {
    const item = workItemId ? now.get(workItemId) : undefined;
    return item !== undefined && (item.status !== "assigned" || item.no !== assignmentNo || item.isBarred);
  };
  const lines = digest.lines.filter((line) => !isVoid(line));
  return { ...digest, lines, count: digest.count - (digest.lines.length - lines.length) };
}

/** Whether that person decided on the item's request in the place of somebody whose item it is not. */
const isBarred = (readerId: string | null) => sql<boolean>`exists (
  select 1 from work_item stood where stood.run_id = work_item.run_id and work_item.kind = 'approval'
    and stood.kind = 'approval' and not stood.voting and stood.completion_kind = 'done'
    and stood.completed_by = ${readerId} and stood.on_behalf_of <> work_item.assignee_id)`;
