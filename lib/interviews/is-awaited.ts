import type { RecordChange, Tx } from "../../db/transaction";
import type { AwaitedEvent } from "../flow/interview";
import { evaluate } from "../logic/evaluate";
import type { Clock } from "../logic/globals";
import { pathsOf } from "../logic/reads";
import { type Lookup, readPath } from "../logic/references";
import { ownProperty, type Value } from "../logic/value";
import { resolvePaths } from "../records/queries/resolve-paths";
import type { WaitDetail } from "./open-waits";

type Change = Extract<AwaitedEvent, { type: "record_change" }>;

/** Whether a change of a record that is waited for may be what the wait is for; of a condition it is looked at anew. */
export async function isAwaited(tx: Tx, { event, timeZone }: WaitDetail, change: RecordChange): Promise<boolean> {
  if (event.type !== "record_change") return true;
  const { before, after } = change;
  // Of a record that is gone nothing can come any more: the flow is to know.
  if (after === null) return event.record !== null;
  if (event.on === (before ? "create" : "update")) return false;
  if (event.condition === null) return true;
  const clock = { now: String(after.UpdatedAt), timeZone: timeZone ?? "UTC" };
  return holds(tx, { ...event, clock }, { ...change, after });
}

type Values = { readonly [name: string]: Value };

async function holds(
  tx: Tx,
  { condition, known, clock }: Change & { readonly clock: Clock },
  { object, id, before, after }: RecordChange & { readonly after: Values },
): Promise<boolean> {
  if (!condition) return true;
  const ofRecord = pathsOf(condition).flatMap((path) =>
    path.startsWith("$Record.") ? [path.slice("$Record.".length)] : [],
  );
  const behind = ofRecord.some((path) => path.includes(".")) ? await resolvePaths(tx.db, { object, id }, ofRecord) : {};
  const at =
    (record: Values): Lookup =>
    (path) => {
      const [head = "", ...rest] = path.split(".");
      if (head === "$Record__Prior") return readPath(before ?? {}, rest.join("."));
      return head === "$Record" ? readPath(record, rest.join(".")) : ownProperty(known, path);
    };
  return evaluate(condition, at({ ...behind, ...after }), { prior: at({ ...behind, ...before }), clock }).met;
}
