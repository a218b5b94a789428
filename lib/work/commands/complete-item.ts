import type { Tx } from "../../../db/transaction";
import type { Channel, Values } from "../../engine/state";
import type { Finished } from "../../interviews/schema";
import type { Person } from "../../people/current-person";
import { ok, type Result } from "../../result";
import { dispatch, type Seen } from "../../runs/dispatch";
import { findNextItem } from "../find-next-item";
import { doorOf } from "../fingerprint";
import { isChanged } from "../is-changed";
import { lookAtItem } from "../look-at-item";
import { see } from "../see";

type Completion = {
  readonly workItemId: string;
  readonly outputs: Values;
  /** Of an approval the fingerprint of what its decider was shown; absent: not said. */
  readonly shownAs?: string | undefined;
  /** How it was said, if not in the portal. */
  readonly via?: Channel;
};

/**
 * Finishes a work item with what its screens gave, or its approver decided; with a decision goes what its decider had before them. Called by what
 * has checked those: never straight from outside. `next` is the person's next open item of the same run, if the run has one by now.
 *
 * Refusals: `not-found`, `not-your-work` (it was given to somebody else), `item-closed` (details by, at, kind, outcome),
 * `claimed-by-other` (by), `own-submission`, `said-already`, `facts-changed` (details name, what: it is another than was shown, or its record is gone).
 */
export async function completeItem(
  tx: Tx,
  person: Person,
  { workItemId, outputs, shownAs, via, seen: known }: Completion & { seen?: Seen },
): Promise<Result<Finished>> {
  const seen = known ?? (await lookAtItem(tx, person, workItemId));
  const now = await see(tx, person, { workItemId, door: doorOf(shownAs) });
  const how = { ...(now && { seen: now }), ...(via && { via }) };
  const command = { type: "complete-work-item", workItemId, outputs, ...how } as const;
  const done = await dispatch(tx, person, { workItemId, command, seen });
  if (!done.ok) return done;
  const changed = now && isChanged(now, shownAs);
  if (changed) return changed;
  return ok({ type: "finished", next: findNextItem(person, done.value.state) });
}
