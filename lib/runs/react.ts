import { and, eq, isNull, ne, or } from "drizzle-orm";
import { enqueueAll } from "../../db/jobs";
import { wait } from "../../db/schema";
import type { RecordChange, Tx } from "../../db/transaction";
import { Refused } from "../command";
import { type Pinned, triggersOf } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import { isOneAtATime } from "../engine/find";
import { shareObjects } from "../interviews/hold-saves";
import { waitsOfFlows, wakeInterviews } from "../interviews/wake-interviews";
import { evaluate } from "../logic/evaluate";
import { type Refusal, refuse } from "../result";
import { inItsName } from "./in-its-name";
import { lookupAt } from "./meets-start";
import { openRunsAbout } from "./queries/open-runs";
import { begin } from "./start";

/** Runs that may start one another by what they save, one after another, so that triggers cannot feed each other for ever (F55). */
export const MAX_DEPTH = 10;

/**
 * What runs make of records that were saved, in the same transaction: starts every active record-triggered orchestration whose criteria
 * hold, and leaves a `wake` job for each run that waits for the record. Set as the record listener by `lib/launch/wire.ts`.
 */
export async function react(tx: Tx, changes: readonly RecordChange[]): Promise<void> {
  shareObjects(tx, changes);
  for (const change of changes) {
    const [flows, runIds, triggers] = await Promise.all([
      waitsOfFlows(tx, change),
      runsWaiting(tx, change),
      triggersOf(tx.db, change.object),
    ]);
    await wakeInterviews(tx, change, flows);
    const wakes = runIds.map((runId) => ({ kind: "wake", runId, dedupeKey: `wake:${runId}` }) as const);
    await enqueueAll(tx, wakes);
    for (const pinned of triggers) {
      if (isTriggered(pinned.body, change)) await start(tx, pinned, change);
    }
  }
}

/** The runs that wait for that record, or for anything of its object. */
async function runsWaiting(tx: Tx, { id, object }: RecordChange): Promise<string[]> {
  const waiting = await tx.db
    .selectDistinct({ runId: wait.runId })
    .from(wait)
    .where(
      and(
        or(eq(wait.recordId, id), eq(wait.objectName, object)),
        ne(wait.kind, "lock"),
        isNull(wait.resolvedAt),
        isNull(wait.stepRunId),
      ),
    )
    .orderBy(wait.runId);
  return waiting.map(({ runId }) => runId);
}

/** Semantics 2.1: on create, update or both; every time the criteria hold, or for updates only when the change made them hold. */
function isTriggered({ start: on }: Orchestration, { before, after }: RecordChange): boolean {
  if (after === null) return false;
  if (on.type !== "record_triggered" || on.on === (before ? "create" : "update")) return false;
  if (!on.when) return true;
  const now = lookupAt(after, before);
  const prior = lookupAt(before ?? {}, before);
  const clock = { now: String(after.UpdatedAt), timeZone: "UTC" };
  if (!evaluate(on.when, now, { prior, clock }).met) return false;
  return !(on.onlyWhenChangedToMeet && before) || !evaluate(on.when, prior, { prior, clock }).met;
}

/** Refuses what a flow saved in the last run that a chain may have, where it would start another: `chain-too-long` with the limit. */
export async function refuseLongChain(tx: Tx, change: RecordChange): Promise<Refusal | null> {
  if (tx.depth < MAX_DEPTH) return null;
  for (const { definitionId, body } of await triggersOf(tx.db, change.object)) {
    const isRunning = () => openRunsAbout(tx.db, change.id, [definitionId]).then((open) => open.length > 0);
    if (isTriggered(body, change) && !(isOneAtATime(body) && (await isRunning()))) return tooLong();
  }
  return null;
}

const tooLong = (): Refusal => refuse("chain-too-long", { details: { limit: MAX_DEPTH } }).refusal;

async function start(
  tx: Tx,
  pinned: Pinned<Orchestration>,
  { object, id, before, beganBy }: RecordChange,
): Promise<void> {
  // Flows were refused it before, which is their run's failure; of any other save whoever saves is told, and nothing of it stays.
  if (tx.depth > MAX_DEPTH) throw new Refused(tooLong());
  // What a background flow saved nobody did, in whosever transaction that was; whose request it is says `beganBy`.
  const actor =
    tx.actorId === null || beganBy !== undefined
      ? ({ type: "system" } as const)
      : ({ type: "user", id: tx.actorId } as const);
  const beginning = {
    pinned,
    actor,
    record: { object, id },
    recordPrior: before,
    inputs: {},
    comments: "",
    depth: tx.depth,
  };
  const started = await inItsName(tx, beganBy, () => begin(tx, beginning));
  if (!started.ok && started.refusal.code !== "already-running") {
    throw new Error(`the record ${id} was to start ${pinned.definitionId}, which refused: ${started.refusal.code}`);
  }
}
