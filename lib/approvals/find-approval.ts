import type { Tx } from "../../db/transaction";
import type { ApprovalStep, Orchestration } from "../engine/definition";
import { definitionOf, itemById, stepById } from "../engine/find";
import type { WorkItem } from "../engine/state";
import { type HeldRun, holdRun } from "../runs/hold-run";
import { pinnedOf } from "../runs/pinned-of";

type Found = {
  readonly held: HeldRun;
  readonly item: WorkItem;
  readonly body: Orchestration;
  /** What the definition says of its step; null for what is no approval's. */
  readonly step: ApprovalStep | null;
};

/** A work item with its run, whose row is locked from now on, and its step's definition. */
export async function findApproval(tx: Tx, workItemId: string): Promise<Found | null> {
  const held = await holdRun(tx, { workItemId });
  const item = held && itemById(held.state, workItemId);
  const run = held && item && stepById(held.state, item.stepRunId);
  if (!held || !item || !run) return null;
  const { body } = await pinnedOf(tx, held.row);
  const step = definitionOf(body, held.state, run);
  return { held, item, body, step: step.kind === "approval" ? step : null };
}
