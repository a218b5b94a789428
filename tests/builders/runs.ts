import { eq } from "drizzle-orm";
import { db } from "../../db/client";
import { run, workItem } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { runCommand } from "../../lib/command";
import type { Orchestration } from "../../lib/engine/definition";
import type { Values } from "../../lib/engine/state";
import { newId } from "../../lib/ids";
import type { Person } from "../../lib/people/current-person";
import type { Result } from "../../lib/result";
import { loadRows, stateOf } from "../../lib/runs/load-state";
import { type Start, startTogether } from "../../lib/runs/start";
import { completeItem } from "../../lib/work/commands/complete-item";
import { patiently } from "../support/patiently";
import { activated } from "./definitions";
import { aBackgroundFlow, anEvaluationFlow, aScreenFlow } from "./flows";
import { again, aPerson } from "./people";
import { anObject, aRecord, must } from "./records";

/** Runs as people make them: through commands, each in a transaction and with a key of its own. */

/** One command as an action gives it, committed or refused whole. */
export const commanded = <T>(
  person: Person | null,
  work: (tx: Tx) => Promise<Result<T>>,
  key: string = newId("command"),
): Promise<Result<T>> => patiently(() => runCommand({ kind: "test", actorId: person?.userId ?? null, key }, work));

/** The object `Thing`, whose records everybody may edit, and the flows `Ask`, `Do` and `Judge`. */
export async function aThingWorld(): Promise<void> {
  await anObject(
    "Thing",
    {
      Amount: { type: "number" },
      Status: { type: "text" },
      Helper: { type: "user" },
    },
    "edit",
  );
  await activated(aScreenFlow(), aBackgroundFlow(), anEvaluationFlow());
}

/** Somebody with a manager, as their roles are now. */
export async function aTeam(): Promise<{ ann: Person; boss: Person; admin: Person }> {
  const boss = await aPerson({ name: "Bea Boss", role: "manager" });
  const ann = await aPerson({ name: "Ann Asks", managerId: boss.userId });
  const admin = await aPerson({ name: "Ada Admin", role: "admin" });
  return { ann: await again(ann), boss: await again(boss), admin: await again(admin) };
}

/** Both, for a test file to begin with. */
export async function aTeamWithThings() {
  await aThingWorld();
  return aTeam();
}

/** A run of that orchestration about a new `Thing` of the person; the definition is activated under its own name. */
export async function aRun(
  definition: Orchestration,
  person: Person,
  { values = {}, ...more }: { values?: Values } & Partial<Start> = {},
): Promise<{ runId: string; recordId: string }> {
  const { definitionId } = await activated(definition);
  const recordId = await aRecord("Thing", { ...values }, person);
  return { runId: must(await started(person, { definitionId, recordId, inputs: {}, ...more })).runId, recordId };
}

export function started(person: Person, start: Start): Promise<Result<{ runId: string }>> {
  const header = { kind: "run.start", actorId: person.userId, key: newId("command") };
  return patiently(() => startTogether(header, person, start));
}

/** The run as the engine sees it. */
export async function stateNow(runId: string) {
  const [row] = await db().select().from(run).where(eq(run.runId, runId));
  if (!row) throw new Error(`no run ${runId}`);
  return stateOf(row, await loadRows(db(), runId));
}

/** The open items of a run, oldest first. */
export async function openItems(runId: string) {
  const rows = await db()
    .select()
    .from(workItem)
    .where(eq(workItem.runId, runId))
    .orderBy(workItem.createdAt, workItem.workItemId);
  return rows.filter(({ status }) => status === "assigned");
}

/** The one open item of a run. */
export async function theItem(runId: string) {
  const [item, ...others] = await openItems(runId);
  if (!item || others.length > 0) throw new Error(`${runId} has ${item ? others.length + 1 : 0} open items`);
  return item;
}

export function finished(person: Person, workItemId: string, outputs: Values = { comment: "done" }) {
  const header = { kind: "item.complete", actorId: person.userId, key: newId("command") };
  return patiently(() => runCommand(header, (tx) => completeItem(tx, person, { workItemId, outputs })));
}
