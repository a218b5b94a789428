import { eq } from "drizzle-orm";
import type { Database } from "../../db/client";
import { record } from "../../db/schema";
import { activeFlows } from "../definitions/queries";
import type { Facts } from "../engine/command";
import type { Orchestration } from "../engine/definition";
import { type Reads, readsOf } from "../engine/reads";
import type { Run } from "../engine/state";
import { resolvePaths } from "../records/queries/resolve-paths";

/** Definitions are immutable and kept in memory by their hash, so what one reads is worked out once. */
const known = new WeakMap<Orchestration, Reads>();

function readsOnce(definition: Orchestration): Reads {
  const reads = known.get(definition) ?? readsOf(definition);
  known.set(definition, reads);
  return reads;
}

/** The facts, and the version of the run's record that they were read at; null: no record. */
export type LoadedFacts = { readonly facts: Facts; readonly recordVersion: number | null };

/**
 * What the definition reads of the world, as it is now. The record's version is read before its values: if it still stands afterwards, so
 * do they.
 */
export async function loadFacts(db: Database, definition: Orchestration, about: Run["record"]): Promise<LoadedFacts> {
  const reads = readsOnce(definition);
  const recordVersion = about ? await versionOfRecord(db, about.id) : null;
  const [values, found] = await Promise.all([
    about && reads.record.length > 0 ? resolvePaths(db, about, reads.record) : {},
    activeFlows(db, reads.flows),
  ]);
  const active = Object.entries(found);
  const flows = Object.fromEntries(active.map(([name, { label: _, ...pinned }]) => [name, pinned]));
  const flowLabels = Object.fromEntries(active.map(([name, { label }]) => [name, label]));
  return { facts: { record: values, flows, flowLabels }, recordVersion };
}

async function versionOfRecord(db: Database, recordId: string): Promise<number | null> {
  const [row] = await db.select({ version: record.version }).from(record).where(eq(record.recordId, recordId));
  return row?.version ?? null;
}

/** The record's version now, with the row kept from being saved until this transaction ends. */
export async function lockVersionOfRecord(db: Database, recordId: string): Promise<number | null> {
  const [row] = await db
    .select({ version: record.version })
    .from(record)
    .where(eq(record.recordId, recordId))
    .for("share");
  return row?.version ?? null;
}
