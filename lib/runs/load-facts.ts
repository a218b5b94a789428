import { eq } from "drizzle-orm";
import type { Database } from "../../db/client";
import { recordLock } from "../../db/schema";
import { activeFlows } from "../definitions/queries";
import type { Facts } from "../engine/command";
import type { Orchestration } from "../engine/definition";
import { type Reads, readsOf } from "../engine/reads";
import type { Run } from "../engine/state";
import { followPaths } from "../records/queries/resolve-paths";

/** Definitions are immutable and kept in memory by their hash, so what one reads is worked out once. */
const known = new WeakMap<Orchestration, Reads>();

function readsOnce(definition: Orchestration): Reads {
  const reads = known.get(definition) ?? readsOf(definition);
  known.set(definition, reads);
  return reads;
}

/** What the definition reads of the world, as it is now, for a run about that record. */
export async function loadFacts(db: Database, definition: Orchestration, run: Subject): Promise<Facts> {
  const reads = readsOnce(definition);
  const { record, id } = run;
  const [followed, found, lockedBy] = await Promise.all([
    record && reads.record.length > 0 ? followPaths(db, record, reads.record) : NOTHING,
    activeFlows(db, reads.flows),
    record && reads.locks ? lockOfOther(db, record.id, id) : null,
  ]);
  const active = Object.entries(found);
  const flows = Object.fromEntries(
    active.map(([name, { version, isAsynchronous }]) => [name, { version, isAsynchronous }]),
  );
  const outside = Object.fromEntries(active.flatMap(([name, { outside: read }]) => (read ? [[name, read]] : [])));
  const flowLabels = Object.fromEntries(active.map(([name, { label }]) => [name, label]));
  return { record: followed.values, behind: followed.behind, flows, flowLabels, outside, lockedBy };
}

/** A run, or one that is about to begin. */
type Subject = Pick<Run, "record"> & { readonly id: string | null };

const NOTHING = { values: {}, behind: {} };

/** Who else holds the lock of a record (A22). */
async function lockOfOther(
  db: Database,
  recordId: string,
  runId: string | null,
): Promise<NonNullable<Facts["lockedBy"]> | null> {
  const [row] = await db
    .select({ runId: recordLock.runId, since: recordLock.since })
    .from(recordLock)
    .where(eq(recordLock.recordId, recordId));
  return row && row.runId !== runId ? { runId: row.runId, since: row.since.toISOString() } : null;
}
