import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import type { Assignee } from "../../engine/state";
import type { Person } from "../../people/current-person";
import { holdPerson } from "../../people/hold-person";
import { isReachable } from "../../people/is-reachable";
import { findGroup, findQueue } from "../../people/queries";
import { ok, type Result, refuse } from "../../result";
import { tellItem } from "../tell-item";

/**
 * Gives one open item to a person, group or queue, who get a mail of their own (5.3); when there is nobody to mail, it is flagged. Refusals: `not-found`, `not-your-work`,
 * `unknown-assignee` (there is none, or they are inactive), `same-assignee`, `item-closed`, `own-submission`.
 */
export async function reassignItem(
  tx: Tx,
  person: Person,
  { workItemId, to, reason }: { workItemId: string; to: Assignee; reason: string },
): Promise<Result<{ workItemId: string }>> {
  if (!(await exists(tx, to))) return refuse("unknown-assignee");
  const flag = (await isReachable(tx.db, to)) ? {} : ({ flag: "not_notified" } as const);
  const done = await tellItem(tx, person, { type: "reassign-work-item", workItemId, to, reason, ...flag });
  if (!done.ok) return done;
  const details = { to: to.id };
  await recordSecurityEvent(tx, {
    action: "item-reassign",
    actorId: person.userId,
    objectId: workItemId,
    allowed: true,
    details,
  });
  return ok({ workItemId });
}

/** By id alone: a name that happens to fit is not what was chosen. */
async function exists(tx: Tx, { type, id }: Assignee): Promise<boolean> {
  if (type === "group") return (await findGroup(tx.db, id))?.groupId === id;
  if (type === "queue") return (await findQueue(tx.db, id))?.queueId === id;
  return holdPerson(tx, id);
}
