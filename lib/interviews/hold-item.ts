import { askedTogether } from "../../db/asked-together";
import { type Json, rowOf } from "../../db/row-of";
import { run, stepRun } from "../../db/schema/runs";
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
  // The lock is sent first, and all in one flight.
  const locked = tx.sql`
    select 1 from run where run_id = (select run_id from work_item where work_item_id = ${workItemId}) for update`.then(
    () => undefined,
  );
  const [, person, found] = await Promise.all([locked, refreshPerson(tx, asker), findItem(tx, workItemId)]);
  return judgeItem(tx, person, found);
}

/** A work item with its run and step, read behind the run's lock. */
export type FoundItem = {
  readonly held: typeof run.$inferSelect;
  readonly item: ItemRow;
  readonly step: typeof stepRun.$inferSelect;
  /** The name of its stage. */
  readonly stage: string;
};

type Found = { readonly run: Json; readonly item: Json; readonly step: Json; readonly stage: string };

const findItems = askedTogether(
  (tx, ids: readonly string[]) =>
    tx.sql<{ id: string; found: Found }[]>`
    select w.work_item_id as id, json_build_object('run', to_json(r), 'item', to_json(w), 'step', to_json(s), 'stage', g.name) as found
    from unnest(${ids}::text[]) as given (id)
      join work_item w on w.work_item_id = given.id and given.id || '' = given.id
      join run r on r.run_id = w.run_id
      join step_run s on s.run_id = w.run_id and s.step_run_id = w.step_run_id
      join stage_run g on g.run_id = s.run_id and g.stage_run_id = s.stage_run_id`,
);

export async function findItem(tx: Tx, workItemId: string): Promise<FoundItem | null> {
  const found = (await findItems(tx, workItemId)).find(({ id }) => id === workItemId)?.found;
  if (!found) return null;
  const [held, item, step] = [rowOf(run)(found.run), rowOf(workItem)(found.item), rowOf(stepRun)(found.step)];
  return { held, item, step, stage: found.stage };
}

/** As `holdItem`, of what was found behind the lock, and the person as they are behind it. */
export async function judgeItem(tx: Tx, person: Person | null, found: FoundItem | null): Promise<Result<HeldItem>> {
  if (!found || !person) return refuse("not-found");
  const { held, item, step, stage } = found;
  const refusal = await refusalOf(tx, person, found);
  if (refusal) return refusal;
  const barred = await judgeSay(tx, person, item.workItemId);
  if (barred) return barred;
  const pinned = await orchestrationVersion(tx.db, held.definitionId, held.definitionVersion);
  const defined = definedStep(pinned?.body, { stage, step: step.name });
  const screens = await findScreens(tx, { item, step, defined, held, userId: person.userId });
  return screens.ok ? ok({ person, item, step, ...screens.value, isTraced: held.debug !== null }) : screens;
}

async function refusalOf(tx: Tx, person: Person, { item, held }: FoundItem) {
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
