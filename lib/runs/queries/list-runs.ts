import { and, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../../../db/client";
import { decodeCursor, PAGE_SIZE, type Page, pageOf } from "../../../db/page";
import { definition, run, submission } from "../../../db/schema";
import type { SubmissionStatus } from "../../engine/status";
import { namesOf, type Place } from "../../people/queries";
import type { RunRow as Stored } from "../load-state";
import type { RunFilter, RunRow } from "../schema/list";

function whereStatus(status: RunFilter["status"]) {
  if (status === "stalled") return sql`${run.stalledSince} is not null`;
  // Word for word as in the index of open runs, which the planner knows it by.
  if (status === "open") return sql`${run.status} in ('in_progress', 'suspended', 'error')`;
  return status && eq(run.status, status);
}

function whereFilter({ status, definition: name, version, search, olderThanHours, debug }: RunFilter) {
  const text = search?.trim().toLowerCase().replaceAll("\0", "");
  return and(
    whereStatus(status),
    name ? eq(run.definitionId, name) : undefined,
    version ? eq(run.definitionVersion, version) : undefined,
    text ? sql`position(${text}::text in lower(concat_ws(' ', ${run.recordName}, ${run.label}))) > 0` : undefined,
    debug && (debug === "only" ? sql`${run.isDebug}` : sql`not ${run.isDebug}`),
    olderThanHours ? sql`${run.startedAt} < clock_timestamp() - ${olderThanHours} * interval '1 hour'` : undefined,
  );
}

/** Everybody's runs, newest first; a page of 50. The caller has asked the gate. */
export async function listRuns(db: Database, filter: RunFilter): Promise<Page<RunRow>> {
  const [at, id] = decodeCursor(filter.cursor, 2) ?? [];
  const after = z.iso.datetime().safeParse(at).success && typeof id === "string";
  const rows = await db
    .select({ run, submissionStatus: submission.status })
    .from(run)
    .leftJoin(submission, eq(submission.runId, run.runId))
    .where(
      and(whereFilter(filter), after ? sql`(${run.startedAt}, ${run.runId}) < (${at}::timestamptz, ${id})` : undefined),
    )
    .orderBy(desc(run.startedAt), desc(run.runId))
    .limit(PAGE_SIZE + 1);
  const page = pageOf(rows, PAGE_SIZE, ({ run: row }) => [row.startedAt.toISOString(), row.runId]);
  const starters = page.rows.flatMap(({ run: { startedBy } }): Place[] =>
    startedBy === null ? [] : [{ type: "user", id: startedBy }],
  );
  const names = await namesOf(db, starters);
  return {
    ...page,
    rows: page.rows.map(({ run: row, submissionStatus }) => shownRun({ ...row, submissionStatus }, names)),
  };
}

/** A run as lists show it. */
export function shownRun(
  row: Stored & { submissionStatus: SubmissionStatus | null },
  names: Readonly<Record<string, string>>,
): RunRow {
  const { recordType, recordId } = row;
  return {
    runId: row.runId,
    label: row.label,
    definitionId: row.definitionId,
    definitionVersion: row.definitionVersion,
    status: row.status,
    submissionStatus: row.submissionStatus,
    stageLabel: row.stageLabel,
    stalledReason: row.stalledReason,
    error: row.error,
    isDebug: row.isDebug,
    record: recordType && recordId ? { object: recordType, id: recordId, name: row.recordName ?? "" } : null,
    startedByName: row.startedBy === null ? null : (names[row.startedBy] ?? "Unknown"),
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    stalledSince: row.stalledSince?.toISOString() ?? null,
  };
}

/** The orchestrations and approval processes that runs can be filtered by, by label; at most 500. */
export const processesWithRuns = (db: Database): Promise<{ value: string; label: string }[]> =>
  db
    .select({ value: definition.definitionId, label: definition.label })
    .from(definition)
    .where(eq(definition.kind, "orchestration"))
    .orderBy(definition.label, definition.definitionId)
    .limit(500);
