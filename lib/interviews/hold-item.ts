import { and, eq } from "drizzle-orm";
import { run, stageRun, stepRun } from "../../db/schema/runs";
import { workItem } from "../../db/schema/work";
import type { Tx } from "../../db/transaction";
import { orchestrationVersion } from "../definitions/queries";
import type { HumanStep, Orchestration } from "../engine/definition";
import { isHuman } from "../engine/find";
import { may } from "../gate";
import type { Person } from "../people/current-person";
import { approvalSubject } from "../people/delegation/approval-subject";
import { inPlaceOf } from "../people/delegation/in-place";
import { namesOf } from "../people/queries";
import { refreshPerson } from "../people/refresh-person";
import { ok, type Result, refuse } from "../result";
import { findScreens, type Screens } from "./find-screens";
import { refuseClosed } from "./refuse-closed";
import { judgeSay } from "./say-port";

type ItemRow = typeof workItem.$inferSelect;

/** An open work item that this person may work on, with its run locked until the transaction ends. */
export type HeldItem = Screens & {
  /** As they are now. */
  readonly person: Person;
  readonly item: ItemRow;
  readonly step: typeof stepRun.$inferSelect;
  /** Whether the elements that it passes are to be told: of a debug run. */
  readonly isTraced: boolean;
};

/**
 * Locks the run of a work item, so that a finish, a reassignment and a cancel cannot interleave, and asks the gate afterwards, of the
 * person as they are then: a right or a membership that was withdrawn meanwhile is withdrawn (S27).
 * Refusals: `not-found`, `item-closed` (details kind, by, at, outcome, label), `claimed-by-other` (by), `own-submission`,
 * `said-already`, `decided-before`, `decided-in-place`, `decides-elsewhere`, and those of `findScreens`.
 */
export async function holdItem(tx: Tx, asker: Person, workItemId: string): Promise<Result<HeldItem>> {
  const [at] = await tx.db.select({ runId: workItem.runId }).from(workItem).where(eq(workItem.workItemId, workItemId));
  if (!at) return refuse("not-found");
  const [held] = await tx.db.select().from(run).where(eq(run.runId, at.runId)).for("update");
  const person = held ? await refreshPerson(tx, asker) : null;
  const [row] = await tx.db
    .select({ item: workItem, step: stepRun, stage: stageRun.name })
    .from(workItem)
    .innerJoin(stepRun, and(eq(stepRun.runId, workItem.runId), eq(stepRun.stepRunId, workItem.stepRunId)))
    .innerJoin(stageRun, and(eq(stageRun.runId, stepRun.runId), eq(stageRun.stageRunId, stepRun.stageRunId)))
    .where(eq(workItem.workItemId, workItemId));
  if (!held || !row || !person) return refuse("not-found");
  const refusal = await refusalOf(tx, person, { item: row.item, held });
  if (refusal) return refusal;
  const barred = await judgeSay(tx, person, workItemId);
  if (barred) return barred;
  const pinned = await orchestrationVersion(tx.db, held.definitionId, held.definitionVersion);
  const defined = definedStep(pinned?.body, { stage: row.stage, step: row.step.name });
  const { item, step } = row;
  const screens = await findScreens(tx, { item, step, defined, held, userId: person.userId });
  return screens.ok ? ok({ person, item, step, ...screens.value, isTraced: held.debug !== null }) : screens;
}

async function refusalOf(tx: Tx, person: Person, { item, held }: { item: ItemRow; held: typeof run.$inferSelect }) {
  const subject = { ...item, askedBy: held.askedBy, approval: await approvalSubject(tx.db, person, item) };
  if (may(person, "item.work", subject)) return null;
  if (!may(person, "item.read", subject)) return refuse("not-found");
  const name = (id: string) => nameOf(tx, id);
  const place = item.status === "assigned" ? inPlaceOf(person, subject) : null;
  if (place?.ok === false) return refuse(place.why, { details: { to: await name(place.delegatorId) } });
  if (item.status === "completed") return refuseClosed(tx, item, held);
  const isTaken = item.claimedBy !== null && may(person, "item.work", { ...subject, claimedBy: null });
  return isTaken && item.claimedBy
    ? refuse("claimed-by-other", { details: { by: await name(item.claimedBy) } })
    : refuse("not-found");
}

const nameOf = async (tx: Tx, id: string) => (await namesOf(tx.db, [{ type: "user", id }]))[id] ?? "somebody";

function definedStep(body: Orchestration | undefined, names: { stage: string; step: string }): HumanStep {
  const stage = body?.elements.find((element) => element.type === "stage" && element.name === names.stage);
  const step = stage?.type === "stage" ? stage.steps.find(({ name }) => name === names.step) : undefined;
  if (!step || !isHuman(step))
    throw new Error(`the step ${names.step} of ${body?.name ?? "a definition that is gone"} has no work items`);
  return step;
}
