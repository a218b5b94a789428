import { and, eq, inArray } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { run } from "../../../db/schema";

export type OpenRun = {
  readonly runId: string;
  readonly definitionId: string;
  readonly askedBy: string | null;
  readonly isDebug: boolean;
};

/** The runs of these definitions that are under way for a record: what "one open run" counts (I43). At most 100. */
export async function openRunsAbout(
  db: Pick<Database, "select">,
  recordId: string,
  definitionIds: readonly string[],
): Promise<OpenRun[]> {
  if (definitionIds.length === 0) return [];
  return db
    .select({ runId: run.runId, definitionId: run.definitionId, askedBy: run.askedBy, isDebug: run.isDebug })
    .from(run)
    .where(
      and(
        eq(run.recordId, recordId),
        inArray(run.definitionId, [...definitionIds]),
        inArray(run.status, ["in_progress", "suspended"]),
      ),
    )
    .limit(100);
}
