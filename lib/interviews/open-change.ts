import { and, eq, sql } from "drizzle-orm";
import { record as recordTable } from "../../db/schema/records";
import type { RecordChange, Tx } from "../../db/transaction";
import type { AwaitedEvent } from "../flow/interview";
import { readRecord, recordColumns, recordValues } from "../records/queries/read-record";
import { holdObject, holdRecords } from "./hold-saves";
import { isAwaited } from "./is-awaited";
import { lookBehind } from "./look-behind";
import type { Opened, WaitDetail } from "./open-waits";
import { readSaved } from "./read-saved";
import type { RunAccess } from "./run-access";

type Change = Extract<AwaitedEvent, { type: "record_change" }>;

/** Longer than any transaction lives: what was saved before that is committed or undone. */
const SAVES_UNDER_WAY = sql`clock_timestamp() - interval '16 seconds'`;

/**
 * Begins to wait for a change. A save that is under way has perhaps looked already who waits for it, and found nobody: so it is waited for,
 * and when it is what is waited for, the event has happened.
 */
export async function openChange(
  tx: Tx,
  event: Change,
  { access, timeZone }: { readonly access: RunAccess; readonly timeZone: string },
): Promise<Opened> {
  const { name, object, record } = event;
  const detail: WaitDetail = { event, timeZone };
  const changes = record === null ? await savedMeanwhile(tx, object) : await changedMeanwhile(tx, record);
  for (const change of changes) {
    if (!(await isAwaited(tx, detail, change))) continue;
    const seen = await readSaved(tx, access, { object, recordId: change.id });
    if (seen) return { happened: true, record: seen };
  }
  const common = { kind: "event", detail } as const;
  if (record === null) return { event: name, lookAt: null, rows: [{ ...common, objectName: object }] };
  const { records } = await lookBehind(tx.db, [{ id: record, path: "Id" }], access);
  return records.has(record)
    ? { event: name, lookAt: null, rows: [{ ...common, recordId: record }] }
    : { fails: "has no such record to watch, or this flow may not read it" };
}

async function changedMeanwhile(tx: Tx, id: string): Promise<RecordChange[]> {
  const before = await readRecord(tx.db, id);
  await holdRecords(tx, [id]);
  const after = before && (await readRecord(tx.db, id));
  if (!after || after.version === before.version) return [];
  return [{ object: after.objectName, id, before: recordValues(before), after: recordValues(after) }];
}

/** What an updated record was before is not known any more: nothing of it counts as changed. */
async function savedMeanwhile(tx: Tx, object: string): Promise<RecordChange[]> {
  const isRecent = and(eq(recordTable.objectName, object), sql`${recordTable.updatedAt} > ${SAVES_UNDER_WAY}`);
  const { recordId: id, version } = recordColumns;
  const before = await tx.db.select({ id, version }).from(recordTable).where(isRecent);
  await holdObject(tx, object);
  const after = await tx.db.select(recordColumns).from(recordTable).where(isRecent).orderBy(recordTable.updatedAt);
  const known = new Map(before.map((row) => [row.id, row.version]));
  return after
    .filter((row) => known.get(row.recordId) !== row.version)
    .map((row) => {
      const values = recordValues(row);
      return { object, id: row.recordId, before: row.version === 1 ? null : values, after: values };
    });
}
