import { and, eq, inArray, sql } from "drizzle-orm";
import { db } from "../../db/client";
import { membership, user } from "../../db/schema";
import type { Person } from "../../lib/people/current-person";
import { createDelegation } from "../../lib/people/delegation/commands";
import { startRun } from "../../lib/runs/start";
import { anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { inDays } from "../builders/delegations";
import { aGroup, again, aPerson, aQueue } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
import { commanded } from "../builders/runs";
import { MEMBERS, ROOT, typeOf } from "./deeds";
import { activeAsItIs, type RealFlows, theFlows } from "./real-flows";
import type { World } from "./world";

/** The world of the random cases as rows of a real database: the same people, flows and records, by the same names. */
export type RealWorld = {
  readonly people: ReadonlyMap<string, Person>;
  /** Ids of people, the group and the queue, by the names that the model has for them. */
  readonly ids: ReadonlyMap<string, string>;
  readonly flows: RealFlows;
  /** A run that can hold a lock. */
  readonly otherRun: string;
};

/** All of them admins: who may ask for what is tested elsewhere, and here the engine is to be asked. Eve is bob's manager. */
const CAST = [...MEMBERS, "dan", "dee", ROOT] as const;
export const MANAGERS: World["managers"] = { bob: "eve" };

export async function aRealWorld(): Promise<RealWorld> {
  await anObject("Deal", {
    Size: { type: "number" },
    Word: { type: "text" },
    Boss: { type: "text" },
    Flag: { type: "checkbox" },
    Level: { type: "number" },
    Parent: { type: "lookup", options: { object: "Deal" } },
  });
  const ids = new Map<string, string>();
  for (const name of CAST) {
    const { userId } = await aPerson({ name, role: "admin" });
    await db().update(user).set({ username: name }).where(eq(user.userId, userId));
    ids.set(name, userId);
  }
  for (const [name, manager] of Object.entries(MANAGERS))
    await db()
      .update(user)
      .set({ managerId: ids.get(manager) ?? null })
      .where(eq(user.userId, ids.get(name) ?? ""));
  ids.set("Team", (await aGroup("Team")).groupId).set("Desk", (await aQueue("Desk")).queueId);
  const people = new Map<string, Person>();
  for (const name of CAST) people.set(name, await again({ userId: ids.get(name) ?? "" }));
  const flows = await theFlows();
  return { people, ids, flows, otherRun: await anotherRun(personNamed({ people }, "zoe")) };
}

async function anotherRun(zoe: Person): Promise<string> {
  const other = anOrchestration([aStage("First", [anInteractiveStep("Step", { flow: "Screens" })])], {
    name: "Other",
    start: { type: "autolaunched", object: "Deal", next: "First" },
  });
  await activeAsItIs(other);
  const start = { definitionId: "Other", recordId: await aRecord("Deal", {}, zoe), inputs: {} };
  return must(await commanded(zoe, (tx) => startRun(tx, zoe, start))).runId;
}

/** Everybody is there, in the groups that the world says, and dee stands in for bob. */
export async function gatherPeople(real: RealWorld, { members }: Pick<World, "members">): Promise<void> {
  const { ids } = real;
  const everybody = CAST.map((name) => idOf(real, name));
  await db().update(user).set({ active: true }).where(inArray(user.userId, everybody));
  for (const [team, names] of Object.entries(members)) {
    const place = { containerType: typeOf(team), containerId: idOf(real, team) };
    const { containerType, containerId } = place;
    await db()
      .delete(membership)
      .where(and(eq(membership.containerType, containerType), eq(membership.containerId, containerId)));
    const rows = names.map((name) => ({ ...place, memberType: "user" as const, memberId: ids.get(name) ?? "" }));
    if (rows.length > 0) await db().insert(membership).values(rows);
  }
  await delegateReally(real, true);
}

/** Dee stands in for bob from now on, once, or not any more. */
export async function delegateReally(real: RealWorld, isOn: boolean): Promise<void> {
  const [bob, dee, root] = ["bob", "dee", ROOT].map((name) => idOf(real, name));
  await db().execute(sql`
    update delegation set ended_at = clock_timestamp(), ended_by = ${root} where delegator_id = ${bob} and ended_at is null`);
  if (!isOn || bob === undefined || dee === undefined) return;
  const by = personNamed(real, ROOT);
  const made = { delegatorId: bob, delegateId: dee, from: inDays(-1), to: inDays(90) };
  const scope = { processes: null, maxAmount: null, mayPassOn: false, reason: "" };
  must(await commanded(by, (tx) => createDelegation(tx, by, { ...made, ...scope })));
}

export function idOf({ ids }: Pick<RealWorld, "ids">, name: string): string {
  const found = ids.get(name);
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
}

export function personNamed({ people }: Pick<RealWorld, "people">, name: string): Person {
  const found = people.get(name);
  if (!found) throw new Error(`nobody is called ${name}`);
  return found;
}
