import { instantOf } from "./instant";
import type { Lookup } from "./references";
import type { Value } from "./value";
import { wallTimeAt } from "./wall-time";

/** The moment at which something is reckoned: an ISO text with `Z` or an offset, and the IANA zone whose days count. */
export type Clock = { readonly now: string; readonly timeZone: string };

export const CURRENT_DATE = "$Flow.CurrentDate";
export const CURRENT_DATE_TIME = "$Flow.CurrentDateTime";

/** Semantics 2.4. The empty text is not null. */
const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["$GlobalConstant.True", true],
  ["$GlobalConstant.False", false],
  ["$GlobalConstant.EmptyString", ""],
]);

/** The kind of a path that means the same everywhere; null: it is none of those. */
export function globalType(path: string): "boolean" | "text" | "date" | "datetime" | null {
  if (path === CURRENT_DATE) return "date";
  if (path === CURRENT_DATE_TIME) return "datetime";
  const constant = CONSTANTS.get(path);
  return constant === undefined ? null : typeof constant === "boolean" ? "boolean" : "text";
}

/** A lookup that answers constants and the clock by itself. Without a clock the lookup is asked for that too. */
export function withGlobals(lookup: Lookup, clock: Clock | undefined): Lookup {
  return (path) => {
    const constant = CONSTANTS.get(path);
    if (constant !== undefined) return constant;
    const isClock = path === CURRENT_DATE || path === CURRENT_DATE_TIME;
    const at = isClock && clock !== undefined ? instantOf(clock.now) : null;
    if (at === null || clock === undefined) return lookup(path);
    return path === CURRENT_DATE ? wallTimeAt(at, clock.timeZone).date : new Date(at).toISOString();
  };
}
