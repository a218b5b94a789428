import { and, eq } from "drizzle-orm";
import type { Database } from "../../db/client";
import { interview } from "../../db/schema/work";

/** The work items of the interviews that this process showed their people last: an interview never changes its item. */
const known = new Map<string, string>();
const MAX_KNOWN = 5_000;

const keyOf = (userId: string, interviewId: string): string => `${userId} ${interviewId}`;

export function noteScreen({ userId, interviewId }: { userId: string; interviewId: string }, workItemId: string): void {
  const key = keyOf(userId, interviewId);
  known.delete(key);
  known.set(key, workItemId);
  const [oldest] = known.keys();
  if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
}

/** The item, if this process showed that person the interview's screens. */
export const knownWork = (userId: string, interviewId: string): string | undefined =>
  known.get(keyOf(userId, interviewId));

/** The work item of a person's interview; null: there is no such, or it is another person's. */
export async function workOfScreen(db: Database, userId: string, interviewId: string): Promise<string | null> {
  const [row] = await db
    .select({ workItemId: interview.workItemId })
    .from(interview)
    .where(and(eq(interview.interviewId, interviewId), eq(interview.userId, userId)));
  return row?.workItemId ?? null;
}
