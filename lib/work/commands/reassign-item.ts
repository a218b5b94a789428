import type { Database } from "../../../db/client";
import type { Tx } from "../../../db/transaction";
import type { Assignee } from "../../engine/state";
import type { Person } from "../../people/current-person";
import { findGroup, findPerson, findQueue } from "../../people/queries";
import { ok, type Result, refuse } from "../../result";
import { tellItem } from "../tell-item";

/**
 * Gives one open item to a person, group or queue, who get a mail of their own (5.3). Refusals: `not-found`, `not-your-work`,
 * `unknown-assignee` (there is none, or they are inactive), `same-assignee`, `item-closed`, `own-submission`.
 */
export async function reassignItem(
  tx: Tx,
  person: Person,
  { workItemId, to, reason }: { workItemId: string; to: Assignee; reason: string },
): Promise<Result<{ workItemId: string }>> {
  if (!(await exists(tx.db, to))) return refuse("unknown-assignee");
  const done = await tellItem(tx, person, { type: "reassign-work-item", workItemId, to, reason });
  return done.ok ? ok({ workItemId }) : done;
}

/** By id alone: a name that happens to fit is not what was chosen. */
async function exists(db: Database, { type, id }: Assignee): Promise<boolean> {
  if (type === "group") return (await findGroup(db, id))?.groupId === id;
  if (type === "queue") return (await findQueue(db, id))?.queueId === id;
  const person = await findPerson(db, id);
  return person?.userId === id && person.active && person.kind === "person";
}
