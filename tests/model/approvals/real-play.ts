import { eq } from "drizzle-orm";
import { db } from "../../../db/client";
import { user } from "../../../db/schema";
import { stampClock } from "../../../db/transaction";
import type { Orchestration } from "../../../lib/engine/definition";
import { newId } from "../../../lib/ids";
import type { Person } from "../../../lib/people/current-person";
import { dispatch } from "../../../lib/runs/dispatch";
import { startRun as startReally } from "../../../lib/runs/start";
import { standingIn } from "../../builders/delegations";
import { aGroup, again, aPerson } from "../../builders/people";
import { anObject, aRecord, must } from "../../builders/records";
import { commanded, stateNow } from "../../builders/runs";
import { addressed } from "../engine";
import type { Move } from "../moves";
import { activeAsItIs } from "../real-flows";
import { type Seen, seenOfEngine } from "../visible";
import { BEGAN, PEOPLE } from "./play";

/** The same approvals through dispatch and PostgreSQL: who stands in for whom is read from the database, and the clock is moved on. */
export type Cast = { readonly people: ReadonlyMap<string, Person>; readonly names: ReadonlyMap<string, string> };

export const BOARDS = [2, 3, 4, 5].map((count) => ({ board: `Board_${count}`, members: PEOPLE.slice(0, count) }));

/**
 * Dee stands in for bob, who lets that be passed on, and fay for dee. All are admins: who may ask for what is tested elsewhere, and here the run
 * is to be asked.
 */
export async function aCast(): Promise<Cast> {
  await anObject("Deal", { Size: { type: "number" } });
  const ids = new Map<string, string>();
  const idOf = (name: string) => ids.get(name) ?? "";
  for (const name of ["mona", "ann", ...PEOPLE, "root", "dee", "fay"]) {
    const managerId = { bob: idOf("mona"), eva: idOf("bob") }[name];
    const { userId } = await aPerson({ name, role: "admin", ...(managerId && { managerId }) });
    await db().update(user).set({ username: name }).where(eq(user.userId, userId));
    ids.set(name, userId);
  }
  const person = (name: string) => again({ userId: idOf(name) });
  await standingIn(await person("dee"), await person("bob"), { mayPassOn: true });
  await standingIn(await person("fay"), await person("dee"));
  const people = new Map<string, Person>();
  for (const name of ids.keys()) people.set(name, await person(name));
  for (const { board, members } of BOARDS) {
    const { groupId } = await aGroup(
      board,
      members.map((name) => ({ userId: idOf(name) })),
    );
    ids.set(board, groupId);
  }
  return { people, names: new Map([...ids].map(([name, id]) => [id, name])) };
}

export type RealRun = { readonly cast: Cast; readonly runId: string; readonly began: number };

let made = 0;
export async function beginReally(cast: Cast, definition: Orchestration): Promise<RealRun> {
  const name = `Decided_${++made}`;
  await activeAsItIs({ ...definition, name });
  const ann = named(cast, "ann");
  const recordId = await aRecord("Deal", {}, ann);
  const began = Date.now();
  const { runId } = must(
    await commanded(ann, (tx) =>
      startReally(tx, ann, { definitionId: name, recordId, inputs: {}, comments: "please" }),
    ),
  );
  return { cast, runId, began };
}

function named({ people }: Cast, name: string): Person {
  const found = people.get(name);
  if (!found) throw new Error(`nobody is called ${name}`);
  return found;
}

/** The command at the model's time; null, or the code of its refusal. */
export async function tellReally(
  { cast, runId, began }: RealRun,
  { command: given, by }: Move,
  now: number,
): Promise<string | null> {
  const asker = by.type === "user" ? named(cast, by.id) : "system";
  const command = addressed(await stateNow(runId), given);
  const to = "to" in command ? { to: { ...command.to, id: named(cast, command.to.id).userId } } : {};
  const told = await commanded(
    asker === "system" ? null : asker,
    (tx) => {
      stampClock(tx, began + (now - BEGAN));
      return dispatch(tx, asker, { runId, command: { ...command, ...to } as typeof command });
    },
    newId("command"),
  );
  return told.ok ? null : told.refusal.code;
}

/** The run as its rows say, by the names of the model. */
export async function seenReally({ cast, runId }: RealRun): Promise<Seen> {
  let text = JSON.stringify(withoutTimes(seenOfEngine(await stateNow(runId))));
  for (const [id, name] of cast.names) text = text.replaceAll(id, name);
  return JSON.parse(text);
}

/** Instants are each side's own. */
export const withoutTimes = (seen: Seen): Seen => ({
  ...seen,
  run: { ...seen.run, waits: { ...seen.run.waits, dueAt: null } },
  items: seen.items.map((item) => ({ ...item, dueAt: null })),
});
