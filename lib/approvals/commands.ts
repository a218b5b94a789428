import { and, eq } from "drizzle-orm";
import { stepRun, workItem } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { may } from "../gate";
import type { Finished } from "../interviews/schema";
import type { Person } from "../people/current-person";
import { type Result, refuse } from "../result";
import { startRun } from "../runs/start";
import { completeItem } from "../work/commands/complete-item";

export type Request = {
  readonly definitionId: string;
  readonly recordId: string | null;
  readonly comments: string;
  /** Who is to decide first, by id, where the process lets the submitter choose. */
  readonly firstApprover?: string | null;
  /** Runs that led to this one, of a request by a flow. */
  readonly depth?: number;
};

/** Submits a record for approval: starts the approval process with the submitter's words. Refusals: those of `startRun`. */
export async function requestApproval(
  tx: Tx,
  submitter: Person | "system",
  { firstApprover = null, ...request }: Request,
): Promise<Result<{ runId: string }>> {
  const inputs = firstApprover === null ? {} : { firstApprover };
  return startRun(tx, submitter, { ...request, processType: "approval", inputs });
}

const SAID = { approve: "Approve", reject: "Reject" } as const;

/**
 * Plain Approve or Reject of an approval item without screens; what has screens is decided in them. Refusals: those of `completeItem`, and
 * `needs-screens`.
 */
export async function decide(
  tx: Tx,
  person: Person,
  { workItemId, decision, comments }: { workItemId: string; decision: "approve" | "reject"; comments: string },
): Promise<Result<Finished>> {
  const [found] = await tx.db
    .select({ item: workItem, flow: stepRun.flow })
    .from(workItem)
    .innerJoin(stepRun, and(eq(stepRun.runId, workItem.runId), eq(stepRun.stepRunId, workItem.stepRunId)))
    .where(eq(workItem.workItemId, workItemId));
  if (!found) return refuse("not-found");
  const { item, flow } = found;
  if (item.kind !== "approval" || flow)
    return refuse(may(person, "item.read", { ...item, startedBy: null }) ? "needs-screens" : "not-found");
  return completeItem(tx, person, {
    workItemId,
    outputs: { approvalDecision: SAID[decision], approvalComments: comments || null },
  });
}
