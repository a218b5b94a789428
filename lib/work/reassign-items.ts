import { partKey, runCommand } from "../command";
import type { Assignee } from "../engine/state";
import type { Person } from "../people/current-person";
import { sentenceOf } from "../refusals";
import { reassignItem } from "./commands/reassign-item";
import type { ReassignReport } from "./schema";

export type Reassignment = {
  readonly workItemIds: readonly string[];
  readonly to: Assignee;
  readonly reason: string;
  readonly key: string;
};

/**
 * Reassigns one item or many, each in a command and transaction of its own, so that those that can be moved are moved and the report says of
 * the others why not. Sent again with the same key it moves nothing twice.
 */
export async function reassignItems(
  person: Person,
  { workItemIds, to, reason, key }: Reassignment,
): Promise<ReassignReport> {
  const done: string[] = [];
  const failed: { workItemId: string; message: string }[] = [];
  for (const workItemId of new Set(workItemIds)) {
    const header = {
      kind: "item.reassign",
      actorId: person.userId,
      key: partKey(key, workItemId, { to, reason }),
      subjectId: workItemId,
    };
    const moved = await runCommand(header, (tx) => reassignItem(tx, person, { workItemId, to, reason }));
    if (moved.ok) done.push(workItemId);
    else failed.push({ workItemId, message: sentenceOf(moved.refusal) });
  }
  return { done, failed };
}
