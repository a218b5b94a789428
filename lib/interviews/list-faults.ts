import { and, asc, eq, isNotNull } from "drizzle-orm";
import type { Database } from "../../db/client";
import { user } from "../../db/schema/people";
import { interview } from "../../db/schema/work";

/** A form that failed while somebody worked in it and that is still open, for the admins (A5). `at` is an ISO instant. */
export type ScreenFault = {
  readonly workItemId: string;
  readonly personName: string;
  readonly error: string;
  readonly element: string | null;
  readonly at: string;
};

/** As many as one run shows. */
const MAX_FAULTS = 200;

/** The open forms of a run that could not go on when they were sent last, oldest first. */
export async function listFaults(db: Database, runId: string): Promise<ScreenFault[]> {
  const rows = await db
    .select({
      workItemId: interview.workItemId,
      personName: user.name,
      error: interview.error,
      element: interview.errorElement,
      at: interview.updatedAt,
    })
    .from(interview)
    .innerJoin(user, eq(user.userId, interview.userId))
    .where(and(eq(interview.runId, runId), eq(interview.status, "open"), isNotNull(interview.error)))
    .orderBy(asc(interview.updatedAt))
    .limit(MAX_FAULTS);
  return rows.flatMap(({ workItemId, error, at, ...row }) =>
    workItemId && error ? [{ ...row, workItemId, error, at: at.toISOString() }] : [],
  );
}
