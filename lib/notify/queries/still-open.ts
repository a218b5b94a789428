import { inArray } from "drizzle-orm";
import { db } from "../../../db/client";
import { workItem } from "../../../db/schema";
import type { DigestLine, MailContents } from "../../../emails/content";

/** A digest without the lines of assignments that are void by now. */
export async function stillOpen(digest: MailContents["digest"]): Promise<MailContents["digest"]> {
  const ids = digest.lines.flatMap(({ workItemId }) => workItemId ?? []);
  if (ids.length === 0) return digest;
  const { workItemId: id, assignmentNo: no, status } = workItem;
  const rows = await db().select({ id, no, status }).from(workItem).where(inArray(id, ids));
  const now = new Map(rows.map((row) => [row.id, row]));
  const isVoid = ({ workItemId, assignmentNo }: DigestLine) => {
    const item = workItemId ? now.get(workItemId) : undefined;
    return item !== undefined && (item.status !== "assigned" || item.no !== assignmentNo);
  };
  const lines = digest.lines.filter((line) => !isVoid(line));
  return { ...digest, lines, count: digest.count - (digest.lines.length - lines.length) };
}
