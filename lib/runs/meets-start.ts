import type { Orchestration } from "../engine/definition";
import { evaluate } from "../logic/evaluate";
import { type Lookup, readPath } from "../logic/references";
import type { Value } from "../logic/value";

type Values = { readonly [name: string]: Value };

/** The record's own fields as they are, and as they were: activation lets a start condition read nothing else. */
export const lookupAt =
  (record: Values, prior: Values | null): Lookup =>
  (path) => {
    const [head = "", ...rest] = path.split(".");
    if (head === "$Record__Prior") return readPath(prior ?? {}, rest.join("."));
    return head === "$Record" ? readPath(record, rest.join(".")) : null;
  };

/** Whether a run about this record may be started by hand as the record is now. `now`: an instant's ISO text. */
export function meetsStart({ start }: Orchestration, record: Values, now: string): boolean {
  if (start.type !== "autolaunched" || !start.when) return true;
  const prior = lookupAt({}, null);
  return evaluate(start.when, lookupAt(record, null), { prior, clock: { now, timeZone: "UTC" } }).met;
}
