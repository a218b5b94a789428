import type { Tx } from "../../../db/transaction";
import type { RunState, Values, WorkItem } from "../../engine/state";
import type { Finished } from "../../interviews/schema";
import type { Person } from "../../people/current-person";
import { ok, type Result } from "../../result";
import { tellItem } from "../tell-item";

/**
 * Finishes a work item with what its screens gave, or its approver decided. Called by what has checked those: never straight from outside.
 * `next` is the person's next open item of the same run, if the run has one by now.
 *
 * Refusals: `not-found`, `not-your-work` (it was given to somebody else), `item-closed` (details by, at, kind, outcome),
 * `claimed-by-other` (by), `own-submission`.
 */
export async function completeItem(tx: Tx, person: Person, { workItemId, outputs }: { workItemId: string; outputs: Values }): Promise<Result<Finished>> {
  const done = await tellItem(tx, person, { type: "complete-work-item", workItemId, outputs });
  return done.ok ? ok({ type: "finished", next: nextOf(done.value.state, person) }) : done;
}

function nextOf({ items }: RunState, person: Person): Finished["next"] {
  const open = items.filter((item) => item.status === "assigned" && isFor(person, item));
  const next = open.find(({ assignee, claimedBy }) => assignee.type === "user" || claimedBy !== null) ?? open[0];
  return next ? { workItemId: next.id, recordPath: next.record && `/records/${next.record.object}/${next.record.id}` } : null;
}

function isFor(person: Person, { assignee, claimedBy }: WorkItem): boolean {
  if (claimedBy !== null) return claimedBy === person.userId;
  if (assignee.type === "user") return assignee.id === person.userId;
  return (assignee.type === "group" ? person.groups : person.queues).includes(assignee.id);
}
