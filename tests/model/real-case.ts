import { eq, sql } from "drizzle-orm";
import { closePool, db } from "../../db/client";
import { job, recordLock } from "../../db/schema";
import { closeTransactions } from "../../db/transaction";
import { deactivate } from "../../lib/definitions/commands/deactivate";
import type { Command } from "../../lib/engine/command";
import type { Orchestration, StepDefinition } from "../../lib/engine/definition";
import type { Value } from "../../lib/logic/value";
import { saveRecord } from "../../lib/records/commands/save-record";
import { dispatch } from "../../lib/runs/dispatch";
import { startRun } from "../../lib/runs/start";
import { aRecord, must } from "../builders/records";
import { commanded, stateNow } from "../builders/runs";
import { addressed } from "./engine";
import type { Move } from "./moves";
import { activeAsItIs, MEMBERS, personNamed, type RealWorld } from "./real-world";
import { SOME_TEXT } from "./reference/ends";
import { type Seen, seenOfEngine } from "./visible";
import { PARENT, RECORD, type World, type WorldChange } from "./world";

/** One random case in the real world: a record, a run about it, and what happens to them. */
export type RealCase = {
  readonly real: RealWorld;
  readonly runId: string;
  readonly definitionId: string;
  readonly recordId: string;
  readonly parentId: string;
};

/** A random world without what no real one can be made to have: faults and versions at will, and blank texts, which are kept as null. */
export function realistic(world: World): World {
  const { Missing: _, ...others } = world.flows;
  const { Word } = world.record;
  return {
    ...world,
    record: { ...world.record, Word: Word === " " ? null : (Word ?? null) },
    flows: { ...others, Fails: { version: 1, isAsynchronous: false, gives: SOME_TEXT } },
    answers: { ...world.answers, Broken: null },
    lockedBy: null,
    members: { Team: MEMBERS, Desk: MEMBERS },
    hasFallback: true,
    now: Date.now(),
  };
}

export const realDefinition = (definition: Orchestration, count: number): Orchestration => ({
  ...definition,
  name: `Random${count}`,
  elements: definition.elements.map((element) =>
    element.type === "stage" ? { ...element, steps: element.steps.map(withoutDue) } : element,
  ),
  fallbackAssignee: { type: "user", value: "cleo" },
});

/** The real clock cannot be moved on. */
function withoutDue(step: StepDefinition): StepDefinition {
  if (!("due" in step)) return step;
  const { due: _, ...others } = step;
  return others;
}

type Start = Extract<Command, { type: "start" }>;

/** The definition made active, a record with the world's values, and a run about it. */
export async function beginCase(
  real: RealWorld,
  definition: Orchestration,
  { world, start }: { world: World; start: Start },
): Promise<RealCase> {
  await activeAsItIs(definition);
  const { "Parent.Level": level = null, ...own } = world.record;
  const parentId = await aRecord("Deal", { Level: level });
  const recordId = await aRecord("Deal", { ...own, Flag: world.answers.Sometimes ?? false, Parent: parentId });
  const ann = personNamed(real, "ann");
  const asked = { definitionId: definition.name, recordId, inputs: start.inputs, comments: "please" };
  const { runId } = must(await commanded(ann, (tx) => startRun(tx, ann, asked)));
  return { real, runId, definitionId: definition.name, recordId, parentId };
}

/** What happens around a run and changes nothing of it; each in its way must leave the run as it was. */
export const AROUND = {
  /** The process forgets all that it holds open, as when it dies and another one takes its place. */
  async crash() {
    await closeTransactions();
    await closePool();
  },
  /** Runs under way go on with the version that they are pinned to. */
  async deactivated({ real, definitionId }: RealCase) {
    const ann = personNamed(real, "ann");
    const asked = { name: definitionId, force: true };
    const result = await commanded(ann, (tx) => deactivate(tx, ann, asked));
    if (!result.ok && result.refusal.code !== "not-active") throw new Error(result.refusal.code);
  },
  /** Somebody saves the record as they saw it before its last change. */
  async outOfDate({ real, recordId: id }: RealCase) {
    const zoe = personNamed(real, "zoe");
    const values = { Size: 99 };
    const result = await commanded(zoe, (tx) =>
      saveRecord(tx, zoe, { object: "Deal", id, values, expectedVersion: 0 }),
    );
    if (result.ok) throw new Error("an out-of-date version was saved");
  },
} as const satisfies { readonly [what: string]: (one: RealCase) => Promise<unknown> };

/** What of the change can be made to happen, made to happen; gives what did. A record that the run has locked stays as it is. */
export async function changeReally({ real, recordId, parentId }: RealCase, change: WorldChange): Promise<WorldChange> {
  const { record = {}, answers = {}, lockedBy } = change;
  const { "Parent.Level": level, ...own } = record;
  const flag = answers.Sometimes === undefined ? {} : { Flag: answers.Sometimes };
  if (lockedBy === null) await db().delete(recordLock).where(eq(recordLock.recordId, recordId));
  if (typeof lockedBy === "string")
    await db().insert(recordLock).values({ recordId, runId: real.otherRun, since: sql`clock_timestamp()` });
  const done = [
    ...(level === undefined ? [] : [await save(real, parentId, { Level: level })]),
    ...(Object.keys({ ...own, ...flag }).length === 0 ? [] : [await save(real, recordId, { ...own, ...flag })]),
  ];
  if (done.includes(false)) return {};
  const given = lockedBy === undefined ? {} : { lockedBy };
  const said = answers.Sometimes === undefined ? {} : { answers: { Sometimes: answers.Sometimes } };
  return { record, ...said, ...given };
}

async function save(real: RealWorld, id: string, values: { readonly [field: string]: Value }): Promise<boolean> {
  const zoe = personNamed(real, "zoe");
  const result = await commanded(zoe, (tx) => saveRecord(tx, zoe, { object: "Deal", id, values }));
  return result.ok;
}

/** The command through dispatch, in a transaction of its own; null, or the code of its refusal. */
export async function tellReally(one: RealCase, { command: given, by }: Move, key: string): Promise<string | null> {
  const { real, runId } = one;
  const asker = by.type === "user" ? personNamed(real, by.id) : "system";
  const command = addressed(await stateNow(runId), withPeople(real, given));
  const result = await commanded(
    asker === "system" ? null : asker,
    async (tx) => {
      const told = await dispatch(tx, asker, { runId, command });
      // Whoever brings what a job found out ends the job with it.
      if ("stepRunId" in command && asker === "system" && command.type !== "keep-lock")
        await tx.db
          .update(job)
          .set({ status: "done", endedAt: sql`clock_timestamp()` })
          .where(eq(job.stepRunId, command.stepRunId));
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
  let text = JSON.stringify(seenOfEngine(await stateNow(runId)));
  const names = [...real.ids].map(([name, id]) => [id, name] as const);
  for (const [id, name] of [...names, [recordId, RECORD.id], [parentId, PARENT]] as const)
    text = text.replaceAll(id, name);
  const seen: Seen = JSON.parse(text);
  return { ...seen, run: { ...seen.run, waits: { ...seen.run.waits, records: [...seen.run.waits.records].sort() } } };
}

/** Gives up what the other run holds. */
export const giveUpLocks = ({ otherRun }: RealWorld) => db().delete(recordLock).where(eq(recordLock.runId, otherRun));
