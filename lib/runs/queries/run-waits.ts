import { asc, eq, inArray } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { object, recordLock, run } from "../../../db/schema";
import { PEOPLE } from "../../check/reads-outside";
import type { RunState } from "../../engine/state";
import { may } from "../../gate";
import type { Person } from "../../people/current-person";
import { lockedAgainst } from "../../records/held-by";
import type { LockHolder, NamedSubject, RecordLock, RunWaits } from "../schema/run-page";

/** What a run waits for outside its own items and jobs, by name; null: nothing. `named` holds the names of what it reads. */
export async function runWaits(
  db: Database,
  { run: { waits } }: RunState,
  { person, named }: { person: Person; named: ReadonlyMap<string, NamedSubject> },
): Promise<RunWaits | null> {
  const { records, objects, dueAt, lock } = waits;
  if (records.length === 0 && objects.length === 0 && dueAt === null && lock === null) return null;
  return {
    subjects: records.flatMap((id) => named.get(id) ?? []),
    objects: objects.length > 0 ? await pluralsOf(db, objects) : [],
    dueAt,
    lock: lock === null ? null : ((await lockHolder(db, person, lock)) ?? "free"),
  };
}

async function pluralsOf(db: Database, objects: readonly string[]): Promise<string[]> {
  const wanted = inArray(object.objectName, [...objects]);
  const rows = await db
    .select({ label: object.pluralLabel })
    .from(object)
    .where(wanted)
    .orderBy(asc(object.pluralLabel));
  return [...rows.map(({ label }) => label), ...(objects.includes(PEOPLE) ? ["People"] : [])];
}

/** The lock of a record as its page tells of it, and whether it keeps this person from changing it. */
export async function lockOf(db: Database, person: Person, recordId: string): Promise<RecordLock | null> {
  const holder = await lockHolder(db, person, recordId);
  return holder && { ...holder, isAgainstYou: (await lockedAgainst(db, person, { recordId, byRun: null })) !== null };
}

/** Who holds the lock of a record; a run that the person may not see is named, and not linked. Null: it is free by now. */
async function lockHolder(db: Database, person: Person, recordId: string): Promise<LockHolder | null> {
  const [row] = await db
    .select({
      runId: run.runId,
      label: run.label,
      askedBy: run.askedBy,
      since: recordLock.since,
      isDebug: run.isDebug,
    })
    .from(recordLock)
    .innerJoin(run, eq(run.runId, recordLock.runId))
    .where(eq(recordLock.recordId, recordId));
  if (!row) return null;
  const { runId, label, askedBy, since, isDebug } = row;
  const mayOpen = may(person, "run.read", { askedBy });
  return { label, since: since.toISOString(), runId: mayOpen ? runId : null, isDebug };
}
