import { asc, gt } from "drizzle-orm";
import type { Database } from "../../db/client";
import { run } from "../../db/schema";
import { orchestrationVersion } from "../definitions/queries";
import { fold } from "../engine/apply";
import { CHAIN_START, digestOf, eventOf, hashOf } from "./chain";
import { compareRows } from "./compare-rows";
import { rowsOfRuns, type StoredRun } from "./rows-of-runs";

/** Runs of one reading, and the events that one reading may hold beside its last run's. */
const BATCH = 200;
const MAX_EVENTS = 20_000;
/** A run that people work on meanwhile may be read half before and half after a command; it is read again before it is reported. */
const READINGS = 3;

/** What was replayed, in all; `erased` are runs in whose history what people wrote was erased, which can be chained but not folded. */
export type Replay = {
  readonly runs: number;
  readonly events: number;
  readonly rows: number;
  readonly fields: number;
  readonly erased: number;
  /** One a run at most: the first thing that does not hold. */
  readonly complaints: string[];
};

type Verdict = Omit<Replay, "runs" | "complaints"> & { readonly complaint: string | null };

/** The complaints of `replayHistory`. */
export const verifyHistory = async (database: Database): Promise<string[]> =>
  (await replayHistory(database)).complaints;

/**
 * Recomputes the history of every run: that each row hangs on the one before and is what was written (I39), that what people wrote
 * is what its digest says, that the head is the last row, and that every field of the run's rows is the fold of its history (I46).
 */
export async function replayHistory(database: Database): Promise<Replay> {
  const total = { runs: 0, events: 0, rows: 0, fields: 0, erased: 0, complaints: [] as string[] };
  for (let last = ""; ; ) {
    const heads = await database
      .select({ runId: run.runId, headSeq: run.headSeq })
      .from(run)
      .where(gt(run.runId, last))
      .orderBy(asc(run.runId))
      .limit(BATCH);
    if (heads.length === 0) return total;
    const ids = idsOfReading(heads);
    last = ids.at(-1) ?? last;
    for (const stored of await rowsOfRuns(database, ids)) {
      const { complaint, ...counts } = await verifyRun(database, stored);
      total.runs++;
      for (const name of ["events", "rows", "fields", "erased"] as const) total[name] += counts[name];
      if (complaint !== null) total.complaints.push(`${stored.run.runId}: ${complaint}`);
    }
  }
}

/** As many of the next runs as may be held at once; one at least. */
function idsOfReading(heads: readonly { readonly runId: string; readonly headSeq: number }[]): readonly string[] {
  let events = 0;
  const ids: string[] = [];
  for (const { runId, headSeq } of heads) {
    events += headSeq;
    if (ids.length > 0 && events > MAX_EVENTS) break;
    ids.push(runId);
  }
  return ids;
}

async function verifyRun(database: Database, read: StoredRun): Promise<Verdict> {
  let verdict = await verdictOn(database, read);
  for (let reading = 1; reading < READINGS && verdict.complaint !== null; reading++) {
    const [again] = await rowsOfRuns(database, [read.run.runId]);
    if (again) verdict = await verdictOn(database, again);
  }
  return verdict;
}

async function verdictOn(database: Database, stored: StoredRun): Promise<Verdict> {
  const { past, run: row } = stored;
  const counts = { events: past.length, rows: 0, fields: 0, erased: 0 };
  const broken = brokenLink(past) ?? wrongHead(stored);
  if (broken !== null) return { ...counts, complaint: broken };
  const events = past.flatMap((one) => {
    const event = eventOf(one);
    return event ? [{ event, at: one.at.toISOString() }] : [];
  });
  if (events.length < past.length) return { ...counts, erased: 1, complaint: null };
  const pinned = await orchestrationVersion(database, row.definitionId, row.definitionVersion);
  const state = fold(events);
  if (!pinned || !state) return { ...counts, complaint: "its definition or its first event is missing" };
  const { rows, fields, difference } = compareRows(state, pinned, stored);
  const complaint = difference === null ? null : `its rows are not what its history says: ${difference}`;
  return { ...counts, rows, fields, complaint };
}

/** The first row that does not hang on the one before it, or is not what was written. */
function brokenLink(past: StoredRun["past"]): string | null {
  let hash = CHAIN_START;
  for (const [index, row] of past.entries()) {
    if (row.seq !== index + 1) return `event ${index + 1} is missing`;
    if (row.prevHash !== hash) return `event ${row.seq} does not follow the one before it`;
    if (row.hash !== hashOf(hash, row)) return `event ${row.seq} is not what was written`;
    const isErased = row.personal === null;
    if (!isErased && row.personalDigest !== digestOf(row.salt ?? "", row.personal))
      return `what people wrote in event ${row.seq} is not what they wrote`;
    hash = row.hash;
  }
  return null;
}

function wrongHead({ run: { headSeq, headHash }, past }: StoredRun): string | null {
  const last = past.at(-1);
  return last?.seq === headSeq && last.hash === headHash
    ? null
    : `its head says event ${headSeq}, its history ends with ${last?.seq ?? "none"}`;
}
