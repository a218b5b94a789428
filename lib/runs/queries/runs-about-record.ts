import { desc, eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { run, submission } from "../../../db/schema";
import type { RunStatus, SubmissionStatus } from "../../engine/status";

/** Runs on a record's page; older ones are in the list of runs. */
const MAX_SHOWN = 5;

export type RunAbout = {
  readonly runId: string;
  readonly label: string;
  readonly status: RunStatus;
  /** Of approval processes; null otherwise. */
  readonly submissionStatus: SubmissionStatus | null;
  readonly stageLabel: string | null;
  readonly askedBy: string | null;
  readonly startedAt: Date;
  readonly isStalled: boolean;
  readonly isDebug: boolean;
};

/** The newest runs about a record, at most five, and whether there are more. */
export async function runsAboutRecord(db: Database, recordId: string): Promise<{ rows: RunAbout[]; hasMore: boolean }> {
  const rows = await db
    .select({
      runId: run.runId,
      label: run.label,
      status: run.status,
      submissionStatus: submission.status,
      stageLabel: run.stageLabel,
      askedBy: run.askedBy,
      startedAt: run.startedAt,
      stalledSince: run.stalledSince,
      isDebug: run.isDebug,
    })
    .from(run)
    .leftJoin(submission, eq(submission.runId, run.runId))
    .where(eq(run.recordId, recordId))
    .orderBy(desc(run.startedAt), desc(run.runId))
    .limit(MAX_SHOWN + 1);
  const shown = rows
    .slice(0, MAX_SHOWN)
    .map(({ stalledSince, ...row }) => ({ ...row, isStalled: stalledSince !== null }));
  return { rows: shown, hasMore: rows.length > MAX_SHOWN };
}
