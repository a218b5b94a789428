import { and, desc, eq, sql } from "drizzle-orm";
import { db } from "../../db/client";
import { recordLock, run } from "../../db/schema";
import { stampClock, type Tx } from "../../db/transaction";
import { deactivate } from "../../lib/definitions/commands/deactivate";
import type { Command } from "../../lib/engine/command";
import type { Orchestration } from "../../lib/engine/definition";
import type { Value } from "../../lib/logic/value";
import { saveRecord } from "../../lib/records/commands/save-record";
import { startDebugRun } from "../../lib/runs/debug-run";
import { dispatch } from "../../lib/runs/dispatch";
import { startRun } from "../../lib/runs/start";
import { aRecord, must } from "../builders/records";
import { commanded, stateNow } from "../builders/runs";
import type { Start } from "./case";
import { MEMBERS } from "./deeds";
import { addressed } from "./engine";
import type { Move } from "./moves";
import { INSTANTS } from "./random-conditions";
import { activeAsItIs, changeFlowsReally, restoreFlows } from "./real-flows";
import { endJobsOf } from "./real-jobs";
import { gatherPeople, MANAGERS, personNamed, type RealWorld } from "./real-world";
import { type Seen, seenOfEngine } from "./visible";
import { PARENT, RECORD, TICK_MS, type World, type WorldChange } from "./world";

/** One random case in the real world: a record, a run about it, and what happens to them. */
export type RealCase = {
  readonly real: RealWorld;
  readonly runId: string;
  readonly definition: Orchestration;
  readonly recordId: string;
  readonly parentId: string;
};

/** A command takes less, and so much lies between two of them at least; no two rungs and no jump of the clock are a multiple of a tick apart. */
export const STEP_MS = 10_000;
export const REAL_TICK_MS = 7 * STEP_MS;

/** A random world without what no real one can be made to have: faults at will, and blank texts, which are kept as null. */
export function realistic(real: RealWorld, world: World): World {
  const { Word } = world.record;
  // What is made active before is active by then.
  const now = Math.ceil(Date.now() / STEP_MS) * STEP_MS + STEP_MS;
  return {
    ...world,
    record: { ...world.record, Word: Word === " " ? null : (Word ?? null) },
    flows: { ...real.flows.flows },
    versions: { ...real.flows.versions },
    answers: { ...world.answers, Broken: null, Sometimes: real.flows.sometimes.isAlways },
    lockedBy: null,
    members: { Team: MEMBERS, Desk: MEMBERS },
    managers: MANAGERS,
    hasFallback: true,
    starterStandsIn: true,
    clock: now,
    now,
  };
}

/** Of a name of its own; the instants that its conditions name are as far away as in the made world. */
export function realDefinition(
  definition: Orchestration,
  { count, now }: { count: number; now: number },
): Orchestration {
  let text = JSON.stringify(definition);
  for (const [at, far] of INSTANTS) text = text.replaceAll(at, new Date(now + far).toISOString());
  return { ...JSON.parse(text), name: `Random${count}`, fallbackAssignee: { type: "user", value: "cleo" } };
}

/** Everything of the case in the database: who is where, the definition made active, a record with the world's values, and a run about it. */
export async function beginCase(
  real: RealWorld,
  definition: Orchestration,
  { world, start }: { world: World; start: Start },
): Promise<RealCase> {
  await gatherPeople(real, world);
  const { "Parent.Level": level = null, ...own } = world.record;
  const parentId = await aRecord("Deal", { Level: level });
  const values = { Name: "A deal", ...own, Flag: false, Parent: parentId };
  const { start: how } = definition;
  const isTriggered = how.type === "record_triggered" && !start.debug;
  const isCreated = isTriggered && how.on === "create";
  const before = isCreated ? null : await aRecord("Deal", { ...values, ...start.recordPrior });
  await activeAsItIs(definition);
  const recordId = isTriggered
    ? await triggered(real, { world, id: before, values })
    : await launched(real, { world, definition, start, recordId: before ?? "" });
  const [begun] = await db()
    .select({ runId: run.runId })
    .from(run)
    .where(and(eq(run.recordId, recordId), eq(run.definitionId, definition.name)))
    .orderBy(desc(run.startedAt));
  if (!begun) throw new Error("no run was started");
  const one = { real, runId: begun.runId, definition, recordId, parentId };
  // One save is to start one run.
  if (how.type === "record_triggered") await takenOutOfUse(one);
  return one;
}

type Begins = { readonly world: World };

async function launched(
  real: RealWorld,
  { world, definition, start, recordId }: Begins & { definition: Orchestration; start: Start; recordId: string },
): Promise<string> {
  const { debug, inputs } = start;
  const by = personNamed(real, debug?.playedBy ?? "ann");
  const asked = { definitionId: definition.name, recordId, inputs };
  const begins = (tx: Tx) =>
    debug
      ? startDebugRun(tx, by, { ...asked, version: 1, keep: true, mocks: debug.mocks, startStage: debug.startStage })
      : startRun(tx, by, { ...asked, comments: "please" });
  must(await commanded(by, (tx) => begins(at(tx, world))));
  return recordId;
}

/** Ann saves a record, new or not, and that starts it. */
async function triggered(
  real: RealWorld,
  { world, id, values }: Begins & { id: string | null; values: { readonly [field: string]: Value } },
): Promise<string> {
  const ann = personNamed(real, "ann");
  const target = id === null ? {} : { id };
  const saved = must(
    await commanded(ann, (tx) => saveRecord(at(tx, world), ann, { object: "Deal", ...target, values })),
  );
  return saved.id;
}

export async function takenOutOfUse({ real, definition: { name } }: RealCase): Promise<void> {
  const ann = personNamed(real, "zoe");
  const result = await commanded(ann, (tx) => deactivate(tx, ann, { name, force: true }));
  if (!result.ok && result.refusal.code !== "not-active") throw new Error(result.refusal.code);
}

/** Leaves nothing open behind, which would be somebody's work in the next case. */
export async function endCase(one: RealCase): Promise<void> {
  const { real, runId } = one;
  await takenOutOfUse(one);
  await restoreFlows(real.flows);
  const { status } = (await stateNow(runId)).run;
  if (status === "completed" || status === "canceled") return;
  const zoe = personNamed(real, "zoe");
  must(await commanded(zoe, (tx) => dispatch(tx, zoe, { runId, command: { type: "cancel", reason: "over" } })));
}

/** The transaction at the world's time. */
export function at(tx: Tx, { clock }: Pick<World, "clock">): Tx {
  stampClock(tx, clock);
  return tx;
}

/** What of the change can be made to happen, made to happen; gives what did. A record that the run has locked stays as it is. */
export async function changeReally({ real, recordId, parentId }: RealCase, change: WorldChange): Promise<WorldChange> {
  const { record = {}, answers = {}, lockedBy, later = 0 } = change;
  const { "Parent.Level": level, ...own } = record;
  const isHeard = answers.Sometimes !== undefined && !real.flows.sometimes.isAlways;
  const flag = isHeard ? { Flag: answers.Sometimes ?? null } : {};
  const flows = await changeFlowsReally(real.flows, change.flows ?? {});
  if (lockedBy === null) await db().delete(recordLock).where(eq(recordLock.recordId, recordId));
  if (typeof lockedBy === "string")
    await db().insert(recordLock).values({ recordId, runId: real.otherRun, since: sql`clock_timestamp()` });
  const always = { flows, later: later === -TICK_MS ? -REAL_TICK_MS : later };
  const done = [
    ...(level === undefined ? [] : [await save(real, parentId, { Level: level })]),
    ...(Object.keys({ ...own, ...flag }).length === 0 ? [] : [await save(real, recordId, { ...own, ...flag })]),
  ];
  if (done.includes(false)) return always;
  const given = lockedBy === undefined ? {} : { lockedBy };
  const said = isHeard ? { answers: { Sometimes: answers.Sometimes ?? null } } : {};
  return { ...always, record, ...said, ...given };
}

async function save(real: RealWorld, id: string, values: { readonly [field: string]: Value }): Promise<boolean> {
  const zoe = personNamed(real, "zoe");
  const result = await commanded(zoe, (tx) => saveRecord(tx, zoe, { object: "Deal", id, values }));
  return result.ok;
}

type Telling = { readonly key: string; readonly world: World; readonly isTorn?: boolean };

/** The command through dispatch, in a transaction of its own; null, or the code of its refusal. `isTorn`: its connection ends before its commit. */
export async function tellReally(
  one: RealCase,
  { command: given, by }: Move,
  { key, world, isTorn = false }: Telling,
): Promise<string | null> {
  const { real, runId } = one;
  const asker = by.type === "user" ? personNamed(real, by.id) : "system";
  const command = addressed(await stateNow(runId), withPeople(real, given));
  const result = await commanded(
    asker === "system" ? null : asker,
    async (tx) => {
      const told = await dispatch(at(tx, world), asker, { runId, command });
      if (isTorn) await tx.sql`select pg_terminate_backend(pg_backend_pid())`;
      // Whoever brings what a job found out ends the job with it.
      if ("stepRunId" in command && asker === "system" && command.type !== "keep-lock")
        await endJobsOf(tx, command.stepRunId);
      return told;
    },
    key,
  );
  return result.ok ? null : result.refusal.code;
}

function withPeople({ ids }: RealWorld, command: Command): Command {
  if (!("to" in command)) return command;
  return { ...command, to: { ...command.to, id: ids.get(command.to.id) ?? command.to.id } };
}

/** The run as its rows say, by the names of the model. */
export async function seenReally({ real, runId, recordId, parentId }: RealCase): Promise<Seen> {
  let text = JSON.stringify(inSteps(seenOfEngine(await stateNow(runId))));
  const names = [...real.ids].map(([name, id]) => [id, name] as const);
  for (const [id, name] of [...names, [recordId, RECORD.id], [parentId, PARENT]] as const)
    text = text.replaceAll(id, name);
  const seen: Seen = JSON.parse(text);
  return { ...seen, run: { ...seen.run, waits: { ...seen.run.waits, records: [...seen.run.waits.records].sort() } } };
}

/** A real command takes a moment of the step at whose beginning it comes. */
export const inSteps = (seen: Seen): Seen => ({
  ...seen,
  run: { ...seen.run, waits: { ...seen.run.waits, dueAt: stepOf(seen.run.waits.dueAt) } },
  items: seen.items.map((item) => ({ ...item, dueAt: stepOf(item.dueAt) })),
});
const stepOf = (instant: string | null): string | null =>
  instant && new Date(Math.floor(Date.parse(instant) / STEP_MS) * STEP_MS).toISOString();

/** When something last happened to the run. */
export async function lastEventOf({ runId }: RealCase): Promise<string | undefined> {
  const [row] = await db().select({ at: run.lastEventAt }).from(run).where(eq(run.runId, runId));
  return row?.at.toISOString();
}

/** Gives up what the other run holds. */
export const giveUpLocks = ({ otherRun }: RealWorld) => db().delete(recordLock).where(eq(recordLock.runId, otherRun));
