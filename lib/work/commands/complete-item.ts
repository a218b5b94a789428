import type { Tx } from "../../../db/transaction";
import type { Values } from "../../engine/state";
import type { Finished } from "../../interviews/schema";
import type { Person } from "../../people/current-person";
import { ok, type Result } from "../../result";
import { findNextItem } from "../find-next-item";
import { tellItem } from "../tell-item";

/**
 * Finishes a work item with what its screens gave, or its approver decided. Called by what has checked those: never straight from outside.
 * `next` is the person's next open item of the same run, if the run has one by now.
 *
 * Refusals: `not-found`, `not-your-work` (it was given to somebody else), `item-closed` (details by, at, kind, outcome),
 * `claimed-by-other` (by), `own-submission`.
 */
export async function completeItem(
  tx: Tx,
  person: Person,
  { workItemId, outputs }: { workItemId: string; outputs: Values },
): Promise<Result<Finished>> {
  const done = await tellItem(tx, person, { type: "complete-work-item", workItemId, outputs });
  if (!done.ok) return done;
  return ok({ type: "finished", next: findNextItem(person, done.value.state) });
}
