import type { Tx } from "../../db/transaction";
import { isOfRecord } from "../flow/elements/await-events";
import type { AwaitedEvent, FlowClock } from "../flow/interview";
import { evaluate } from "../logic/evaluate";
import { instantOf } from "../logic/instant";
import { nextChange } from "../logic/next-change";
import { pathsOf } from "../logic/reads";
import { ownProperty, type Value } from "../logic/value";
import { holdRecords } from "./hold-saves";
import { lookBehind } from "./look-behind";
import type { RunAccess } from "./run-access";

type ConditionEvent = Extract<AwaitedEvent, { type: "condition" }>;

/** A condition over a record as it is now; `records` are those that it read, kept from being saved until this transaction ends. */
type Looked = {
  readonly met: boolean;
  readonly records: ReadonlySet<string>;
  readonly isThere: boolean;
  /** When the clock alone may change the answer, in milliseconds since 1970 UTC; null: it cannot. */
  readonly mayChangeAt: number | null;
};

/** Records that one condition may lead through; its paths are at most six steps long. */
const MAX_ROUNDS = 7;

/**
 * Looks whether a condition holds, so that no change can be missed: what it reads is locked against saves before it is read. A save that
 * was committed before has been read; one that comes later finds the wait that this transaction leaves, because it waits for its end.
 */
export async function lookAtRecord(
  tx: Tx,
  event: ConditionEvent,
  { access, clock }: { readonly access: RunAccess; readonly clock: FlowClock },
): Promise<Looked> {
  const paths = pathsOf(event.condition)
    .filter(isOfRecord)
    .map((path) => path.slice("$Record.".length));
  const wants = [...new Set(["Id", ...paths])].map((path) => ({ id: event.record, path }));
  const held = new Set<string>();
  for (let round = 0; ; round++) {
    const { found, records } = await lookBehind(tx.db, wants, access);
    const missing = [...records].filter((id) => !held.has(id));
    if (missing.length > 0 && round < MAX_ROUNDS) {
      await holdRecords(tx, missing);
      for (const id of missing) held.add(id);
      continue;
    }
    const values = new Map(found.map(({ path, value }) => [`$Record.${path}`, value]));
    const lookup = (path: string): Value => values.get(path) ?? ownProperty(event.known, path);
    const { met } = evaluate(event.condition, lookup, { clock });
    const next = met ? null : nextChange(event.condition, lookup, clock);
    return { met, records, isThere: records.has(event.record), mayChangeAt: next === null ? null : instantOf(next) };
  }
}
