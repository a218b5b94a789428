import { eq } from "drizzle-orm";
import type { Database } from "../../db/client";
import { recordLock, run } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { activeFlows, activeVersion, type Pinned } from "../definitions/queries";
import type { Facts } from "../engine/command";
import type { Orchestration } from "../engine/definition";
import { type Reads, readsOf } from "../engine/reads";
import type { Run, RunState } from "../engine/state";
import { submittersOf } from "../engine/submitters";
import type { Flow } from "../flow/definition";
import { followPaths } from "../records/queries/resolve-paths";
import { approvedBefore } from "./approved-before";

/** Definitions are immutable and kept in memory by their hash, so what one reads is worked out once. */
const known = new WeakMap<Orchestration, Reads>();

function readsOnce(definition: Orchestration): Reads {
  const reads = known.get(definition) ?? readsOf(definition);
  known.set(definition, reads);
  return reads;
}

/** A run, or one that is about to begin. */
export type Subject = Pick<Run, "record"> & { readonly id: string | null; readonly submitters: readonly string[] };

export const subjectOf = (state: RunState): Subject => {
  const { id, record } = state.run;
  return { id, record, submitters: submittersOf(state) };
};

/** What a definition reads of the world, in the groups in which it is read. */
export type FactGroups = {
  readonly record: Pick<Facts, "record" | "behind">;
  readonly flows: Pick<Facts, "flows" | "flowLabels" | "outside">;
  readonly lock: Pick<Facts, "lockedBy">;
  readonly past: Pick<Facts, "approvedBefore">;
};

/** What was read so far. */
export type Known = { readonly [G in keyof FactGroups]: FactGroups[G] | null };
export const NOTHING_KNOWN: Known = { record: null, flows: null, lock: null, past: null };

/** The values behind the paths that the definition reads of the run's record, and which records and users they come from. */
async function readRecordFacts(
  db: Database,
  definition: Orchestration,
  { record }: Subject,
): Promise<FactGroups["record"]> {
  const paths = readsOnce(definition).record;
  if (!record || paths.length === 0) return { record: {}, behind: {} };
  const { values, behind } = await followPaths(db, record, paths);
  return { record: values, behind };
}

/** Of the flows that the definition calls the active version of each, and what people call it, and what it reads of the world. */
async function readFlowFacts(db: Database, definition: Orchestration): Promise<FactGroups["flows"]> {
  const active = Object.entries(await activeFlows(db, readsOnce(definition).flows));
  return {
    flows: Object.fromEntries(active.map(([name, { version, isAsynchronous }]) => [name, { version, isAsynchronous }])),
    flowLabels: Object.fromEntries(active.map(([name, { label }]) => [name, label])),
    outside: Object.fromEntries(active.flatMap(([name, { outside: read }]) => (read ? [[name, read]] : []))),
  };
}

/** Who else holds the lock of the run's record (A22). */
async function readLockFacts(db: Database, { record, id }: Subject): Promise<FactGroups["lock"]> {
  if (!record) return { lockedBy: null };
  const [row] = await db
    .select({ runId: recordLock.runId, label: run.label, since: recordLock.since })
    .from(recordLock)
    .innerJoin(run, eq(run.runId, recordLock.runId))
    .where(eq(recordLock.recordId, record.id));
  return { lockedBy: row && row.runId !== id ? { ...row, since: row.since.toISOString() } : null };
}

/** What the last approval of each step rested on that may be skipped while nothing changes. */
async function readPastFacts(
  db: Database,
  process: Orchestration,
  { record, submitters }: Subject,
): Promise<FactGroups["past"]> {
  const { approved: steps } = readsOnce(process);
  if (!record || steps.length === 0) return {};
  return { approvedBefore: await approvedBefore(db, { recordId: record.id, process, steps, submitters }) };
}

/** As they are now, for a run about that record: those groups that are wanted, the others as they are known. */
export async function readFacts(
  db: Database,
  { definition, subject }: { readonly definition: Orchestration; readonly subject: Subject },
  { known, wanted }: { readonly known: Known; readonly wanted: ReadonlySet<keyof FactGroups> },
): Promise<Known> {
  const [record, flows, lock, past] = await Promise.all([
    wanted.has("record") ? readRecordFacts(db, definition, subject) : known.record,
    wanted.has("flows") ? readFlowFacts(db, definition) : known.flows,
    wanted.has("lock") ? readLockFacts(db, subject) : known.lock,
    wanted.has("past") ? readPastFacts(db, definition, subject) : known.past,
  ]);
  return { record, flows, lock, past };
}

/** All of them, for pages. */
export async function loadFacts(db: Database, definition: Orchestration, subject: Subject): Promise<Facts> {
  const [record, flows, lock, past] = await Promise.all([
    readRecordFacts(db, definition, subject),
    readFlowFacts(db, definition),
    readsOnce(definition).locks ? readLockFacts(db, subject) : { lockedBy: null },
    readPastFacts(db, definition, subject),
  ]);
  return { ...record, ...flows, ...lock, ...past };
}

/**
 * The facts for one decision, read only where it asks for them: `wanted` gathers what it asked for and nobody has read. Such a decision has
 * seen nothing there, and is made again.
 */
export function factsOf(known: Known, wanted: Set<keyof FactGroups>): Facts {
  const group = <G extends keyof FactGroups>(name: G): FactGroups[G] | null => {
    if (!known[name]) wanted.add(name);
    return known[name];
  };
  return {
    get record() {
      return group("record")?.record ?? {};
    },
    get behind() {
      return group("record")?.behind ?? {};
    },
    get flows() {
      return group("flows")?.flows ?? {};
    },
    get flowLabels() {
      return group("flows")?.flowLabels ?? {};
    },
    get outside() {
      return group("flows")?.outside ?? {};
    },
    get approvedBefore() {
      return group("past")?.approvedBefore ?? {};
    },
    get lockedBy() {
      return group("lock")?.lockedBy ?? null;
    },
  };
}

/** The body that was active last under a name: what is likely to be active now, so that its flows can be asked for along with it. */
const activeLast = new Map<string, Orchestration>();
const MAX_NAMES = 1_000;

/** The active version of an orchestration, with the flows it calls (null: not known yet), in one flight where it is what it was last time. */
export function readToStart(tx: Tx, name: string): Promise<ToStart> {
  if (!tx.isShared) return readStart(tx, name);
  // Commands that travel together read it in one flight: once is as good.
  const key = `start ${name}`;
  const asked = (tx.held.get(key) as Promise<ToStart> | undefined) ?? readStart(tx, name);
  tx.held.set(key, asked);
  return asked;
}

type ToStart = {
  readonly pinned: Pinned<Orchestration | Flow> | null;
  readonly flows: FactGroups["flows"] | null;
};

async function readStart(tx: Tx, name: string): Promise<ToStart> {
  const likely = activeLast.get(name);
  const [pinned, flows] = await Promise.all([activeVersion(tx.db, name), likely ? readFlowFacts(tx.db, likely) : null]);
  if (pinned?.body.kind !== "orchestration") return { pinned, flows: null };
  if (activeLast.size >= MAX_NAMES) activeLast.clear();
  activeLast.set(name, pinned.body);
  return { pinned, flows: pinned.body === likely ? flows : null };
}
