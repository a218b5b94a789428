import { and, desc, eq, inArray, isNotNull, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { PAGE_SIZE, type Page, pageOf } from "../../../db/page";
import { run, submission, workItem } from "../../../db/schema";
import { awayAmong } from "../../people/delegation/queries";
import { namesOf, type Place } from "../../people/queries";
import type { StandIn } from "../../people/schema/delegation";
import { readRuns } from "../../runs/hold-run";
import { standInsFor } from "../../runs/stand-ins-on";
import type { RequestRow } from "../schema";
import { afterKey } from "./list-work";

/** Holders of open items that a request names. */
const MAX_HOLDERS = 5;

type RequestsAsked = {
  readonly search?: string | undefined;
  readonly cursor?: string | undefined;
  readonly process?: string | undefined;
  /** Only what was submitted for approval. */
  readonly areApprovals?: boolean;
};

/** The runs that a person started or submitted, newest first, with who has their open items. A page of 50. */
export async function listRequests(
  db: Database,
  userId: string,
  { search, cursor, process, areApprovals = false }: RequestsAsked,
): Promise<Page<RequestRow>> {
  const after = afterKey(cursor);
  const text = search?.trim().toLowerCase().replaceAll("\0", "");
  const rows = await db
    .select({ run, submissionStatus: submission.status })
    .from(run)
    .leftJoin(submission, eq(submission.runId, run.runId))
    .where(
      and(
        eq(run.askedBy, userId),
        areApprovals ? isNotNull(submission.submissionId) : undefined,
        process ? eq(run.definitionId, process) : undefined,
        text
          ? sql`position(${text}::text in lower(${run.label} || ' ' || coalesce(${run.recordName}, ''))) > 0`
          : undefined,
        after ? sql`(${run.startedAt}, ${run.runId}) < (${after.at}::timestamptz, ${after.id})` : undefined,
      ),
    )
    .orderBy(desc(run.startedAt), desc(run.runId))
    .limit(PAGE_SIZE + 1);
  const page = pageOf(rows, PAGE_SIZE, (row) => [row.run.startedAt.toISOString(), row.run.runId]);
  const holders = await holdersOf(
    db,
    page.rows.map((row) => row.run.runId),
  );
  const standIns = await standInsIn(db, userId, holders);
  return {
    ...page,
    rows: page.rows.map((row) => {
      const { runId } = row.run;
      return shown(row, holders.get(runId) ?? [], standIns.get(runId) ?? []);
    }),
  };
}

/** Who decides now in the place of those who are away, by run; asked only of runs that wait for somebody who is. */
async function standInsIn(
  db: Database,
  userId: string,
  holders: ReadonlyMap<string, readonly Holder[]>,
): Promise<Map<string, StandIn[]>> {
  const people = [...holders.values()].flat().flatMap(({ type, id }) => (type === "user" ? [id] : []));
  const away = await awayAmong(db, people);
  const runIds = [...holders].flatMap(([runId, of]) => (of.some(({ id }) => away.includes(id)) ? [runId] : []));
  const found = await readRuns(db, runIds);
  const each = found.map(async ({ row, state }) => {
    const process = { definitionId: row.definitionId, version: row.definitionVersion };
    const items = state.items.filter(({ assignee }) => away.includes(assignee.id));
    const standIns = await Promise.all(items.map((item) => standInsFor(db, { userId }, { process, state, item })));
    return [row.runId, standIns.flat()] as const;
  });
  return new Map(await Promise.all(each));
}

type Holder = RequestRow["waitsFor"][number];

function shown(
  { run: row, submissionStatus }: { run: typeof run.$inferSelect; submissionStatus: RequestRow["submissionStatus"] },
  waitsFor: readonly Holder[],
  standIns: readonly StandIn[],
): RequestRow {
  const { runId, label, status, stageLabel, recordType, recordId, isDebug } = row;
  return {
    type: "request",
    ...{ runId, label, status, stageLabel, submissionStatus, waitsFor, standIns, isDebug },
    record: recordType && recordId ? { object: recordType, id: recordId, name: row.recordName ?? "" } : null,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

/** Who has open items of each run, at most five a run; a claimed item is with its claimer. */
async function holdersOf(db: Database, runIds: readonly string[]): Promise<Map<string, Holder[]>> {
  const holders = new Map<string, Holder[]>();
  if (runIds.length === 0) return holders;
  const items = await db
    .selectDistinct({
      runId: workItem.runId,
      type: workItem.assigneeType,
      id: workItem.assigneeId,
      claimedBy: workItem.claimedBy,
    })
    .from(workItem)
    .where(and(inArray(workItem.runId, [...runIds]), eq(workItem.status, "assigned")))
    .limit(PAGE_SIZE * 100);
  const placed = items.map(({ runId, type, id, claimedBy }) => ({
    runId,
    place: claimedBy === null ? { type, id } : ({ type: "user", id: claimedBy } satisfies Place),
  }));
  const names = await namesOf(
    db,
    placed.map(({ place }) => place),
  );
  for (const { runId, place } of placed) {
    const known = holders.get(runId) ?? [];
    if (known.length < MAX_HOLDERS && !known.some(({ id }) => id === place.id))
      holders.set(runId, [...known, { ...place, name: names[place.id] ?? "Unknown" }]);
  }
  return holders;
}
