import type { Database } from "../../db/client";
import type { Orchestration } from "../engine/definition";
import type { InlineEffect } from "../engine/effect";
import { definitionOf, isHuman, stepById } from "../engine/find";
import type { Run, RunState } from "../engine/state";
import { whoBrought } from "../engine/who-brought";
import { personById } from "../people/current-person";
import { objectNamed } from "../records/queries/object-named";
import { type RecordRow, readRecord } from "../records/queries/read-record";
import { mayRead } from "../records/queries/where-visible";

type Wish = Extract<InlineEffect, { type: "resolve-assignee" }>;
type World = { readonly definition: Orchestration; readonly state: RunState };

/** `isWithheld`: the step names another, which the item may not open to its assignee. */
type Found = { readonly record: Run["record"]; readonly isWithheld: boolean };

/**
 * The record that the item is about, usually the run's own. An item opens its record to its assignee (A17), so what its step names must be
 * the process's own affair, or readable to whoever gave it to the run; else the item stands on the run's own record.
 */
export async function recordOf(db: Database, { recordId, stepRunId }: Wish, world: World): Promise<Found> {
  const { record } = world.state.run;
  if (recordId === null || recordId === record?.id) return { record, isWithheld: false };
  const found = await readRecord(db, recordId);
  if (!found) return { record, isWithheld: false };
  const mayStand = (await isBehind(db, stepRunId, world)) || (await isVouchedFor(db, found, world));
  return mayStand
    ? { record: { object: found.objectName, id: found.recordId }, isWithheld: false }
    : { record, isWithheld: true };
}

/** Whether the step names its record by lookups of the run's own: those lead only to what whoever saved them may read. */
async function isBehind(db: Database, stepRunId: string, { definition, state }: World): Promise<boolean> {
  const step = stepById(state, stepRunId);
  const defined = step && definitionOf(definition, state, step);
  if (!defined || !isHuman(defined)) return false;
  const [head, ...names] = defined.record.split(".");
  let at = head === "$Record" || head === "$Record__Prior" ? state.run.record?.object : undefined;
  for (const name of names) {
    if (name === "Id" || at === undefined) break;
    const object = await objectNamed(db, at);
    const field = object?.fields.find((one) => one.name === name && one.type === "lookup");
    at = field?.options.object;
  }
  return at !== undefined;
}

/** Whether one of those who gave the run this record may read it, as they are now. */
async function isVouchedFor(db: Database, row: RecordRow, { definition, state }: World): Promise<boolean> {
  const givers = whoBrought(definition, state, row.recordId);
  if (givers === null) return true;
  const object = await objectNamed(db, row.objectName);
  for (const id of givers) {
    const person = object && (await personById(db, id));
    if (person && (await mayRead(db, person, { ...row, othersMay: object.othersMay }))) return true;
  }
  return false;
}
