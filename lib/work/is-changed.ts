import { refuse } from "../result";
import { changedIn } from "./fingerprint";
import type { Seen } from "./seen";

/** The refusal of a decision on something else than was shown (`facts-changed`, details name and what); null: it is as it was. */
export function isChanged(now: Seen, shownAs: string | undefined): ReturnType<typeof refuse> | null {
  const changed = changedIn(shownAs, now);
  if (!changed) return null;
  const { what, isGone } = changed;
  // Of a request about no record what changed is all that can be named.
  const name = isGone ? "" : (now.record?.name ?? "What you were shown");
  return refuse("facts-changed", { details: { name, what } });
}
