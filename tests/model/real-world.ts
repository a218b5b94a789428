import { eq, sql } from "drizzle-orm";
import { db } from "../../db/client";
import { definition, definitionVersion, user } from "../../db/schema";
import { hash } from "../../lib/definitions/hash";
import type { Orchestration } from "../../lib/engine/definition";
import type { Flow } from "../../lib/flow/definition";
import type { Person } from "../../lib/people/current-person";
import { startRun } from "../../lib/runs/start";
import { anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { aBackgroundFlow, anEvaluationFlow, aScreenFlow } from "../builders/flows";
import { aGroup, again, aPerson, aQueue } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
import { commanded } from "../builders/runs";

/** The world of the random cases as rows of a real database: the same people, flows and records, by the same names. */
export type RealWorld = {
  readonly people: ReadonlyMap<string, Person>;
  /** Ids of people, the group and the queue, by the names that the model has for them. */
  readonly ids: ReadonlyMap<string, string>;
  /** A run that can hold a lock. */
  readonly otherRun: string;
};

/** All of them admins: who may ask for what is tested elsewhere, and here the engine is to be asked. */
export const MEMBERS = ["ann", "bob", "cleo", "eve", "zoe"] as const;
/** In the place of bob, whatever he is asked. */
const DELEGATE = "dee";

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
  for (const name of [...MEMBERS, DELEGATE]) {
    const { userId } = await aPerson({ name, role: "admin" });
    await db().update(user).set({ username: name }).where(eq(user.userId, userId));
    ids.set(name, userId);
  }
  const members = MEMBERS.map((name) => ({ userId: ids.get(name) ?? "" }));
  ids.set("Team", (await aGroup("Team", members)).groupId).set("Desk", (await aQueue("Desk", members)).queueId);
  const people = new Map<string, Person>();
  for (const { userId } of members) {
    const person = await again({ userId });
    people.set(person.name, person);
  }
  const bob = personNamed({ people }, "bob");
  people.set(DELEGATE, await standingIn(await again({ userId: ids.get(DELEGATE) ?? "" }), bob));
  for (const [flow, isAsynchronous] of flows()) await activeAsItIs(flow, isAsynchronous);
  return { people, ids, otherRun: await anotherRun(personNamed({ people }, "zoe")) };
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

/** Definitions as random cases have them need not pass the checks of activation; they are put where it would put them. */
export async function activeAsItIs(body: Flow | Orchestration, isAsynchronous = false): Promise<void> {
  const { name: definitionId, label, kind } = body;
  const type = body.kind === "flow" ? body.type : body.processType;
  const at = sql`clock_timestamp()`;
  const by = "usr_automated";
  await db().insert(definition).values({ definitionId, kind, type, label, activeVersion: 1, createdBy: by });
  const dates = { activatedAt: at, firstActivatedAt: at };
  const version = { definitionId, version: 1, status: "active", body, hash: hash(body), savedBy: by } as const;
  await db()
    .insert(definitionVersion)
    .values({ ...version, ...dates, isAsynchronous });
}

const text = (name: string) => ({ name, type: "text", isOutput: true });
const assign = (variable: string, value: object) => ({ variable, value });
const setting = (assignments: object[], next: string | null = null) => ({
  elements: [{ type: "assignment", name: "Set", label: "Set", assignments, next }],
});

/** Each flow with whether it counts as asynchronous. One that goes round for ever is stopped, and fails. */
function flows(): (readonly [Flow, boolean])[] {
  const variables = [text("approvalDecision"), text("Comments")];
  const says = [assign("approvalDecision", { literal: "Approve" }), assign("Comments", { literal: "ran" })];
  const answers = (value: object, next: string | null = null) =>
    setting([assign("isOrchestrationConditionMet", value)], next);
  return [
    [aScreenFlow("Screens"), false],
    [aBackgroundFlow("Sync", { variables, ...setting(says) }), false],
    [aBackgroundFlow("Async", { variables, ...setting(says) }), true],
    [aBackgroundFlow("Fails", { variables, ...setting(says, "Set") }), false],
    [anEvaluationFlow("Yes", answers({ literal: true })), false],
    [anEvaluationFlow("No", answers({ literal: false })), false],
    [anEvaluationFlow("Sometimes"), false],
    [anEvaluationFlow("Broken", answers({ literal: true }, "Set")), false],
  ];
}

export function personNamed({ people }: Pick<RealWorld, "people">, name: string): Person {
  const found = people.get(name);
  if (!found) throw new Error(`nobody is called ${name}`);
  return found;
}
