import { and, eq, isNull } from "drizzle-orm";
import { type run, stageRun, stepRun } from "../../db/schema/runs";
import { workItem } from "../../db/schema/work";
import type { Tx } from "../../db/transaction";
import { orchestrationVersion } from "../definitions/queries";
import { stageNamed } from "../engine/find";
import { outcomeStored } from "../engine/outcomes";
import { namesOf } from "../people/queries";
import { type Result, refuse } from "../result";

type ItemRow = typeof workItem.$inferSelect;
type RunRow = typeof run.$inferSelect;

/**
 * `item-closed`, with who was first, with what and when, as the engine says it: of what another's decision closed, a vote or an approval beside it,
 * that one. `label` is of an outcome of the author's own.
 */
export async function refuseClosed(tx: Tx, item: ItemRow, held: RunRow): Promise<Result<never>> {
  const { completedBy, closedAt, outcome } = (await decisionOver(tx, item)) ?? item;
  const [names, label] = await Promise.all([
    completedBy === null ? null : namesOf(tx.db, [{ type: "user", id: completedBy }]),
    labelOf(tx, { item, held, outcome }),
  ]);
  return refuse("item-closed", {
    details: {
      kind: item.completionKind ?? "done",
      at: closedAt?.toISOString() ?? "",
      ...(completedBy !== null && { by: names?.[completedBy] ?? "somebody" }),
      ...(outcome !== null && { outcome }),
      ...(label !== null && { label }),
    },
  });
}

async function decisionOver(tx: Tx, { runId, stepRunId, completionKind, closedAt }: ItemRow): Promise<ItemRow | null> {
  if (completionKind !== "superseded" || closedAt === null) return null;
  const ofStep = and(eq(workItem.runId, runId), eq(workItem.stepRunId, stepRunId), isNull(workItem.parentItemId));
  const decided = and(eq(workItem.completionKind, "done"), eq(workItem.closedAt, closedAt));
  const [found] = await tx.db.select().from(workItem).where(and(ofStep, decided)).limit(1);
  return found ?? null;
}

type Said = { readonly item: ItemRow; readonly held: RunRow; readonly outcome: string | null };

async function labelOf(tx: Tx, { item, held, outcome }: Said): Promise<string | null> {
  if (item.kind !== "approval" || outcome === null) return null;
  const [at] = await tx.db
    .select({ stage: stageRun.name, step: stepRun.name })
    .from(stepRun)
    .innerJoin(stageRun, and(eq(stageRun.runId, stepRun.runId), eq(stageRun.stageRunId, stepRun.stageRunId)))
    .where(and(eq(stepRun.runId, item.runId), eq(stepRun.stepRunId, item.stepRunId)));
  const pinned = at && (await orchestrationVersion(tx.db, held.definitionId, held.definitionVersion));
  const step = pinned && stageNamed(pinned.body, at.stage).steps.find(({ name }) => name === at.step);
  const said = step?.kind === "approval" ? outcomeStored(step, outcome) : null;
  return said && said.stored !== said.does ? said.label : null;
}
