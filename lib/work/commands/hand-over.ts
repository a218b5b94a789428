import { and, asc, eq, or } from "drizzle-orm";
import { workItem } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { deactivatePerson } from "../../people/commands/change-person";
import type { Person } from "../../people/current-person";
import { findPerson } from "../../people/queries";
import { ok, type Result, refuse } from "../../result";
import { dispatch } from "../../runs/dispatch";

/** Open items of one person that one command hands over (I51); with more they are reassigned in bulk first. */
const MAX_ITEMS = 100;

/**
 * Deactivates a person and leaves no work with them (I37): what lies with them by name goes to their manager, or else to whoever does this,
 * flagged, so that somebody looks at it; what they had claimed is released. Refusals: those of `deactivatePerson` and of the engine.
 */
export async function deactivateAndHandOver(
  tx: Tx,
  person: Person,
  { userId }: { userId: string },
): Promise<Result<{ moved: number }>> {
  const leaving = await findPerson(tx.db, userId);
  if (leaving?.userId !== userId) return refuse("not-found");
  const open = await tx.db
    .select({ runId: workItem.runId, workItemId: workItem.workItemId, assigneeType: workItem.assigneeType })
    .from(workItem)
    .where(
      and(
        eq(workItem.status, "assigned"),
        or(and(eq(workItem.assigneeType, "user"), eq(workItem.assigneeId, userId)), eq(workItem.claimedBy, userId)),
      ),
    )
    .orderBy(asc(workItem.runId), asc(workItem.workItemId))
    .limit(MAX_ITEMS + 1);
  if (open.length > MAX_ITEMS) return refuse("has-open-work", { details: { name: leaving.name } });
  const to = await successorOf(tx, person, leaving.managerId);
  for (const { runId, workItemId, assigneeType } of open) {
    const reason = `${leaving.name} was deactivated`;
    const command =
      assigneeType === "user"
        ? ({
            type: "reassign-work-item",
            workItemId,
            to: { type: "user", id: to },
            reason,
            flag: "inactive_assignee",
          } as const)
        : ({ type: "release-work-item", workItemId } as const);
    const done = await dispatch(tx, person, { runId, command });
    if (!done.ok) return done;
  }
  const gone = await deactivatePerson(tx, person, { userId });
  return gone.ok ? ok({ moved: open.length }) : gone;
}

/** Their manager, where there is an active one who is not leaving too; else whoever deactivates them. */
async function successorOf(tx: Tx, person: Person, managerId: string | null): Promise<string> {
  const manager = managerId === null ? null : await findPerson(tx.db, managerId);
  return manager?.active ? manager.userId : person.userId;
}
