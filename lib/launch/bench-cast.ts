import { and, eq } from "drizzle-orm";
import { db } from "../../db/client";
import { user, workItem } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { requestApproval } from "../approvals/commands";
import { runCommand } from "../command";
import { importDefinitions } from "../definitions/commands/import-definitions";
import { newId } from "../ids";
import { createPlace } from "../people/commands/change-place";
import { type Person, personById } from "../people/current-person";
import { findGroup, findPerson } from "../people/queries";
import { createObject } from "../records/commands/define-object";
import { saveRecord } from "../records/commands/save-record";
import { startTogether } from "../runs/start";
import { APPROVED, CASE, CREW, GUIDED } from "./bench-definitions";
import { granted } from "./bench-runs";

/** Whoever gives the commands that are counted, and what they are about. */
export type Cast = {
  /** An admin, and a member of both groups. */
  readonly boss: Person;
  /** Whoever submits. */
  readonly asker: Person;
  readonly helper: Person;
  /** The id of the second group. */
  readonly others: string;
};

/** A run, with its open item. */
export type Case = {
  readonly recordId: string;
  readonly runId: string;
  readonly item: string;
  readonly stepRunId: string;
};

/** Makes what one command is given to, and gives what is then counted. */
export type Prepare = () => Promise<() => Promise<unknown>>;

export const REASON = "for the bench";

export const by = async <T>(person: Person, work: Parameters<typeof runCommand<T>>[1]): Promise<T> =>
  granted(await runCommand({ kind: "bench", actorId: person.userId, key: newId("command") }, work));

const OTHERS = "bench-others";

async function personAsNow(userId: string): Promise<Person> {
  const person = await personById(db(), userId);
  if (!person) throw new Error("the person is not there");
  return person;
}

/** A person of that username, who is made where there is none. */
export async function personNamed(username: string, role: Person["role"] = "member"): Promise<Person> {
  const known = await findPerson(db(), username);
  if (known) return personAsNow(known.userId);
  const row = { userId: newId("user"), username, email: `${username}@example.org`, name: username, role };
  await transaction({ commandId: newId("command"), actorId: null }, (tx) => tx.db.insert(user).values(row));
  return personAsNow(row.userId);
}

/** What the commands are given to, and whoever gives them as they are then. `admin` may do all of it; the flow `Ask` is active. */
export async function gatherCast(admin: Person): Promise<Cast> {
  const known = await findGroup(db(), OTHERS);
  const others = known?.groupId ?? (await makeCases(admin));
  const [asker, helper] = [await personNamed("bench-asker"), await personNamed("bench-helper")];
  return { boss: await personAsNow(admin.userId), asker, helper, others };
}

/** An object, what runs about it, and two groups; the id of the second. */
async function makeCases(admin: Person): Promise<string> {
  const words = { label: CASE, pluralLabel: `${CASE}s`, nameLabel: "Name", icon: "file", othersMay: "edit" } as const;
  await by(admin, (tx) => createObject(tx, admin, { name: CASE, ...words }));
  const members = [{ type: "user", id: admin.userId }] as const;
  const group = (name: string) =>
    by(admin, (tx) => createPlace(tx, admin, { type: "group", name, label: name, members: [...members] }));
  await group(CREW);
  await by(admin, (tx) => importDefinitions(tx, admin, { content: [GUIDED, APPROVED], activate: true }));
  return (await group(OTHERS)).id;
}

export const aCase = async (person: Person): Promise<string> =>
  (await by(person, (tx) => saveRecord(tx, person, { object: CASE, values: { Name: "A case" } }))).id;

export const startAbout = async (person: Person, recordId: string): Promise<string> => {
  const header = { kind: "run.start", actorId: person.userId, key: newId("command"), subjectId: GUIDED.name };
  return granted(await startTogether(header, person, { definitionId: GUIDED.name, recordId, inputs: {} })).runId;
};

export const requestAbout = ({ asker }: Cast, recordId: string): Promise<{ runId: string }> =>
  by(asker, (tx) => requestApproval(tx, asker, { definitionId: APPROVED.name, recordId, comments: "please" }));

/** The open item of a run. */
export async function openItem(runId: string, kind: "interactive" | "approval" | "question") {
  const [open] = await db()
    .select({ item: workItem.workItemId, stepRunId: workItem.stepRunId })
    .from(workItem)
    .where(and(eq(workItem.runId, runId), eq(workItem.status, "assigned"), eq(workItem.kind, kind)));
  if (!open) throw new Error(`${runId} has no open item`);
  return open;
}

/** A run whose work is a group's. */
export async function guided({ boss }: Cast): Promise<Case> {
  const recordId = await aCase(boss);
  const runId = await startAbout(boss, recordId);
  return { recordId, runId, ...(await openItem(runId, "interactive")) };
}

/** A submission whose approval is a group's. */
export async function submitted(cast: Cast): Promise<Case> {
  const recordId = await aCase(cast.asker);
  const { runId } = await requestAbout(cast, recordId);
  return { recordId, runId, ...(await openItem(runId, "approval")) };
}
