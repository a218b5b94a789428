import type { Tx } from "../../db/transaction";
import type { InterviewState, Values } from "../flow/interview";
import { isList, ownText, type Value } from "../logic/value";
import { findRecords } from "../records/queries/find-records";
import { recordValues } from "../records/queries/read-record";
import type { Frame } from "./frames";
import type { Left } from "./reopen";

/** Whether a variable holds a record with its fields, and not only its id. */
const isRecord = (value: Value): value is Values =>
  value !== null && typeof value === "object" && !isList(value) && ownText(value, "Id") !== null;

/**
 * Flows that go on after a wait with their records as these are now (semantics 2.4): what record variables hold is read again, with each flow's
 * own access. One that is gone, or that the flow may not read any more, stays as it was last read.
 */
export async function readAnew(tx: Tx, { outer, at, state }: Left): Promise<Left> {
  const frames: Frame[] = [];
  for (const frame of outer) frames.push({ ...frame, state: await withRecords(tx, frame) });
  return { outer: frames, at, state: await withRecords(tx, { ...at, state }) };
}

async function withRecords(tx: Tx, { flow, access, state }: Frame): Promise<InterviewState> {
  const values: { [name: string]: Value } = { ...state.values };
  for (const { name, type, object } of flow.variables) {
    const held = values[name] ?? null;
    const records = (isList(held) ? held : [held]).filter(isRecord);
    if (!object || !type.startsWith("record") || records.length === 0) continue;
    const ids = [...new Set(records.map((one) => ownText(one, "Id") ?? ""))];
    const where = [{ field: "Id", operator: "in", value: ids } as const];
    const rows = await findRecords(tx.db, { object, where, limit: ids.length }, access.read);
    const now = new Map(rows.map((row) => [row.recordId, recordValues(row)]));
    const fresh = (value: Value): Value => (isRecord(value) ? (now.get(ownText(value, "Id") ?? "") ?? value) : value);
    values[name] = isList(held) ? held.map(fresh) : fresh(held);
  }
  return { ...state, values };
}
