import { asc, eq, gt } from "drizzle-orm";
import type { Database } from "../../db/client";
import { history, run } from "../../db/schema";
import { fold } from "../engine/apply";
import type { RunState } from "../engine/state";
import { canonicalJson } from "../logic/canonical";
import { CHAIN_START, digestOf, eventOf, hashOf } from "./chain";
import { loadRows, type RunRow, stateOf } from "./load-state";

const BATCH = 200;
/** A run that people work on meanwhile may be read half before and half after a command; it is read again before it is reported. */
const READINGS = 3;

type HistoryRow = typeof history.$inferSelect;

/**
 * Recomputes the history of every run: that each row hangs on the one before and is what was written (I39), that what people wrote
 * is what its digest says, that the head is the last row, and that the run's rows are the fold of its history (I46). Gives one complaint a
 * run at most, the first thing that does not hold.
 */
export async function verifyHistory(database: Database): Promise<string[]> {
  const complaints: string[] = [];
  for (let last = ""; ; ) {
    const runs = await database
      .select({ runId: run.runId })
      .from(run)
      .where(gt(run.runId, last))
      .orderBy(asc(run.runId))
      .limit(BATCH);
    for (const { runId } of runs) {
      const complaint = await verifyRun(database, runId);
      if (complaint) complaints.push(`${runId}: ${complaint}`);
      last = runId;
    }
    if (runs.length < BATCH) return complaints;
  }
}

async function verifyRun(database: Database, runId: string): Promise<string | null> {
  let complaint: string | null = null;
  for (let reading = 0; reading < READINGS; reading++) {
    const [row] = await database.select().from(run).where(eq(run.runId, runId));
    const rows = await loadRows(database, runId);
    const past = await database.select().from(history).where(eq(history.runId, runId)).orderBy(asc(history.seq));
    if (!row) return null;
    complaint = brokenLink(past) ?? wrongHead(row, past) ?? wrongFold(past, () => stateOf(row, rows));
    if (!complaint) return null;
  }
  return complaint;
}

/** The first row that does not hang on the one before it, or is not what was written. */
function brokenLink(past: readonly HistoryRow[]): string | null {
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

function wrongHead({ headSeq, headHash }: RunRow, past: readonly HistoryRow[]): string | null {
  const last = past.at(-1);
  return last?.seq === headSeq && last.hash === headHash
    ? null
    : `its head says event ${headSeq}, its history ends with ${last?.seq ?? "none"}`;
}

/** Erased events cannot be folded; the chain still holds for them. */
function wrongFold(past: readonly HistoryRow[], state: () => RunState): string | null {
  const events = past.flatMap((row) => {
    const event = eventOf(row);
    return event ? [{ event, at: row.at.toISOString() }] : [];
  });
  if (events.length < past.length) return null;
  return inOneOrder(fold(events)) === inOneOrder(state()) ? null : "its rows are not what its history says";
}

/** Items made in one millisecond by two commands may be loaded in another order than they were made in; nothing hangs on it. */
const inOneOrder = (state: RunState | null): string =>
  canonicalJson(state && { ...state, items: state.items.toSorted((one, other) => (one.id < other.id ? -1 : 1)) });
