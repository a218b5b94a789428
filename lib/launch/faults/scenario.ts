import { and, asc, eq } from "drizzle-orm";
import { db } from "../../../db/client";
import { workItem } from "../../../db/schema";
import type { Person } from "../../people/current-person";
import type { Result } from "../../result";
import { startRun } from "../../runs/start";
import { aRecord, type Cast, must } from "./world";

/**
 * One canonical command of the sweep. `prepare` brings the world to where the command may be given, and says what it is about; `act` gives it under a key.
 * What a worker does has no key of its own: there `act` does every job that is due, and whoever acts again does what is left.
 */
export type Scenario<Subject = unknown> = {
  readonly name: string;
  /** The action that it is given through, where it is. */
  readonly action?: string;
  /** Several transactions, so a crash may leave the first of them. */
  readonly inPieces?: true;
  readonly prepare: (cast: Cast, outside: Outside) => Promise<Subject>;
  readonly act: (subject: Subject, key: string) => Promise<Result<unknown>>;
};

/** What the sweep keeps for scenarios beside the database: a system that answers calls, and a mail server. */
export type Outside = { readonly httpUrl: string; readonly smtpUrl: string };

/** Ties the two halves together; what is prepared survives JSON, because another process acts on it. */
export const scenario = <Subject>(one: Scenario<Subject>): Scenario => one as Scenario;

export type OnItem = { readonly person: Person; readonly runId: string; readonly workItemId: string };

export const started = async (person: Person, definitionId: string): Promise<string> => {
  const recordId = await aRecord(person);
  return (await must(person, (tx) => startRun(tx, person, { definitionId, recordId, inputs: {} }))).runId;
};

/** The open item of that step, or of any: of a kind, or of a person, where there are several. */
export async function itemOf(
  runId: string,
  label: string | null,
  { kind, userId }: { readonly kind?: "approval" | "question" | "revision"; readonly userId?: string } = {},
): Promise<string> {
  const [item] = await db()
    .select({ id: workItem.workItemId })
    .from(workItem)
    .where(
      and(
        eq(workItem.runId, runId),
        label === null ? undefined : eq(workItem.label, label),
        eq(workItem.status, "assigned"),
        kind && eq(workItem.kind, kind),
        userId === undefined ? undefined : eq(workItem.assigneeId, userId),
      ),
    )
    .orderBy(asc(workItem.createdAt))
    .limit(1);
  if (!item) throw new Error(`${runId} has no open item ${label ?? kind}`);
  return item.id;
}

/** A new run of that definition by ann, and the item of one step in the hands of a person. */
export async function working(
  cast: Cast,
  where: { definition: string; step: string },
  person: Person,
): Promise<OnItem> {
  const runId = await started(cast.ann, where.definition);
  return { person, runId, workItemId: await itemOf(runId, where.step) };
}
