import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import type { Assignee } from "../../engine/state";
import type { Person } from "../../people/current-person";
import { type Candidate, findPersonToAssign, findTeamToAssign } from "../../people/find-assignee";
import { ok, type Result, refuse } from "../../result";
import { dispatch, lookAhead } from "../../runs/dispatch";
import { isNobodys } from "../is-nobodys";

/**
 * Gives one open item to a person, group or queue, who get a mail of their own (5.3); when there is nobody to mail, it is flagged. Refusals: `not-found`, `not-your-work`,
 * `unknown-assignee` (there is none, or they are inactive), `same-assignee`, `item-closed`, `own-submission`,
 * `nobody-there-decides`.
 */
export async function reassignItem(
  tx: Tx,
  person: Person,
  { workItemId, to, reason }: { workItemId: string; to: Assignee; reason: string },
): Promise<Result<{ workItemId: string }>> {
  const [seen, found] = await Promise.all([lookAhead(tx, person, { workItemId }), toGive(tx, to)]);
  if (!found) return refuse("unknown-assignee");
  const isReachable = found.members.some((member) => member.isReachable);
  const flag = isReachable ? {} : ({ flag: "not_notified" } as const);
  const command = { type: "reassign-work-item", workItemId, to, reason, ...flag } as const;
  const done = await dispatch(tx, person, { workItemId, command, seen });
  if (!done.ok) return done;
  const members = found.members.map(({ userId }) => userId);
  if (members.length > 0 && (await isNobodys(tx, { workItemId, members }))) return refuse("nobody-there-decides");
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

/** Whom it is to go to; null where there is none. By id alone: a name that happens to fit is not what was chosen. A person is held, and active. */
async function toGive(tx: Tx, { type, id }: Assignee): Promise<Candidate | null> {
  const found = await (type === "user" ? findPersonToAssign(tx, id) : findTeamToAssign(tx, type, id));
  if (found?.place.id !== id) return null;
  return type === "user" && found.members.length === 0 ? null : found;
}
