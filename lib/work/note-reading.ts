import { recordReading } from "../audit/commands";
import type { Person } from "../people/current-person";
import type { WorkDetail } from "./schema";

/** An admin who opens an item that is not theirs leaves a security event (S83); whoever has it or could take it does not. */
export async function noteReading(person: Person, { item }: WorkDetail): Promise<void> {
  if (person.role !== "admin") return;
  const { assignee, claimedBy, workItemId } = item;
  const own = [person.userId, ...person.groups, ...person.queues];
  if (own.includes(assignee.id) || claimedBy?.id === person.userId) return;
  await recordReading({ action: "item-read", actorId: person.userId, objectId: workItemId });
}
