import { eq } from "drizzle-orm";
import { db } from "../../db/client";
import { user } from "../../db/schema";
import { newId } from "../../lib/ids";
import type { Person } from "../../lib/people/current-person";
import { claimItem } from "../../lib/work/commands/claim-item";
import {
  activated,
  anApprovalProcess,
  anApprovalStep,
  anInteractiveStep,
  anOrchestration,
  aStage,
} from "../builders/definitions";
import { aGroup, again, aPerson, aQueue, aSession } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
import { aThingWorld, commanded, started, theItem } from "../builders/runs";

/** Whoever may knock, as columns of the table of roles × operations (4.3). */
export const ROLES = [
  "assignee",
  "member",
  "claimer",
  "starter",
  "author",
  "manager",
  "admin",
  "outsider",
  "deactivated",
  "anonymous",
] as const;
export type Role = (typeof ROLES)[number];
export type Cast = Readonly<Record<Exclude<Role, "anonymous">, Person>>;

let people: Cast;
const sessions = new Map<Role, string>();

export const cast = (): Cast => people;
export const sessionOf = (role: Role): string | null => sessions.get(role) ?? null;

/**
 * assignee: has the person's items. member, claimer: in the group Team and the queue Desk; the claimer took what is claimed. starter: owns the
 * records and started the runs. The others have nothing to do with them.
 */
export async function makeCast(): Promise<void> {
  const [assignee, member, claimer, starter] = [await aPerson(), await aPerson(), await aPerson(), await aPerson()];
  const [author, manager, admin] = [
    await aPerson({ role: "author" }),
    await aPerson({ role: "manager" }),
    await aPerson({ role: "admin" }),
  ];
  const [outsider, deactivated] = [await aPerson(), await aPerson()];
  await aGroup("Team", [member, claimer]);
  await aQueue("Desk", [member, claimer]);
  people = {
    assignee,
    member: await again(member),
    claimer: await again(claimer),
    starter,
    author,
    manager,
    admin,
    outsider,
    deactivated,
  };
  for (const [role, person] of Object.entries(people)) sessions.set(role as Role, await aSession(person));
  await db().update(user).set({ active: false }).where(eq(user.userId, deactivated.userId));
  await makeDefinitions();
}

const to = (type: string, value: string) => ({ assignee: { type, value: { literal: value } } });
const WORKS = {
  person: () => to("user", people.assignee.username),
  group: () => to("group", "Team"),
  queue: () => to("queue", "Desk"),
} as const;

async function makeDefinitions(): Promise<void> {
  await aThingWorld();
  await anObject("Secret", { Note: { type: "text" } });
  for (const [name, work] of Object.entries(WORKS)) {
    await activated(
      anOrchestration([aStage("First", [anInteractiveStep("Step", work())])], {
        name: `Work_${name}`,
        start: { type: "autolaunched", object: "Secret", next: "First" },
      }),
    );
  }
  await activated(
    anApprovalProcess([aStage("First", [anApprovalStep("Step", WORKS.person())])], {
      name: "Approve_person",
      start: { type: "autolaunched", object: "Secret", oneOpenRun: false, next: "First" },
    }),
  );
}

export type Work = { readonly recordId: string; readonly runId: string; readonly workItemId: string };

/** A record of the starter that nobody else may see, with a run about it and one open item. */
export async function work(
  kind: keyof typeof WORKS | "approval",
  { claimed = false }: { claimed?: boolean } = {},
): Promise<Work> {
  const recordId = await aRecord("Secret", { Note: newId("record") }, people.starter);
  const definitionId = kind === "approval" ? "Approve_person" : `Work_${kind}`;
  const { runId } = must(await started(people.starter, { definitionId, recordId, inputs: {} }));
  const { workItemId } = await theItem(runId);
  if (claimed)
    must(await commanded(people.claimer, (tx) => claimItem(tx, people.claimer, { workItemId, takeOver: false })));
  return { recordId, runId, workItemId };
}

/** A key for one act. */
export const key = (): string => newId("command");
