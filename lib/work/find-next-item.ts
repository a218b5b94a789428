import { isSaidBy } from "../engine/part-in-step";
import type { RunState, WorkItem } from "../engine/state";
import type { Person } from "../people/current-person";

/**
 * The person's next open item of the same run, oldest first: theirs, or their group's or queue's that nobody else has claimed. Not what they
 * have had their say on.
 */
export function findNextItem(
  { userId, groups, queues }: Person,
  state: RunState,
): { workItemId: string; recordPath: string | null } | null {
  const isTheirs = ({ assignee: { type, id }, claimedBy }: WorkItem): boolean => {
    if (type === "user") return id === userId;
    return (type === "group" ? groups : queues).includes(id) && (claimedBy === null || claimedBy === userId);
  };
  const [next] = state.items
    .filter((item) => item.status === "assigned" && isTheirs(item) && !isSaidBy(state, item, userId))
    .sort((one, other) =>
      one.createdAt < other.createdAt || (one.createdAt === other.createdAt && one.id < other.id) ? -1 : 1,
    );
  if (!next) return null;
  const { id, record } = next;
  return { workItemId: id, recordPath: record && `/records/${record.object}/${record.id}` };
}
