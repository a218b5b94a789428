import { and, eq } from "drizzle-orm";
import { runCommand } from "../../lib/command";
import { newId } from "../../lib/ids";
import { openInterview } from "../../lib/interviews/commands/open-interview";
import type { AfterScreen } from "../../lib/interviews/schema";
import type { Value } from "../../lib/logic/value";
import { type Person, personById } from "../../lib/people/current-person";
import { findPerson } from "../../lib/people/queries";
import { saveRecord } from "../../lib/records/commands/save-record";
import { takeUpload } from "../../lib/records/take-upload";
import type { Result } from "../../lib/result";
import { sendScreen } from "../../lib/work/send-screen";
import { tellRun } from "../../lib/work/tell-run";
import { db } from "../client";
import { run, stepRun, workItem } from "../schema";
import type { Tx } from "../transaction";

/** What the stories' people do, each as the command that the portal would send for them. A refusal ends the seeding: it is a bug. */
export type Values = { readonly [name: string]: Value };

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`the demo data were refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

/** Somebody of the demo with their places as they are now. */
export async function who(username: string): Promise<Person> {
  const row = await findPerson(db(), username);
  const person = row && (await personById(db(), row.userId));
  if (!person) throw new Error(`nobody is called ${username}`);
  return person;
}

/** One command of one person. */
export const act = async <T>(person: Person, kind: string, work: (tx: Tx) => Promise<Result<T>>): Promise<T> =>
  must(await runCommand({ kind, actorId: person.userId }, work));

/** Somebody saves a new record; its id. */
export async function creates(username: string, object: string, values: Values): Promise<string> {
  const person = await who(username);
  const { id } = await act(person, "save-record", (tx) => saveRecord(tx, person, { object, values }));
  return id;
}

/** Somebody changes a record. */
export async function changes(username: string, record: { object: string; id: string }, values: Values): Promise<void> {
  const person = await who(username);
  await act(person, "save-record", (tx) => saveRecord(tx, person, { ...record, values }));
}

/** Somebody attaches a file to a record. */
export async function attaches(
  username: string,
  recordId: string,
  { name, bytes }: { readonly name: string; readonly bytes: Buffer },
): Promise<void> {
  const person = await who(username);
  must(await takeUpload(person, { recordId, name, size: bytes.length, bytes, key: newId("command") }));
}

/** The open work item of a step on a record; where several have one, that of the person. */
export async function itemOf(recordId: string, step: string, userId?: string): Promise<string> {
  const rows = await db()
    .select({ id: workItem.workItemId, assigneeId: workItem.assigneeId })
    .from(workItem)
    .innerJoin(stepRun, and(eq(stepRun.runId, workItem.runId), eq(stepRun.stepRunId, workItem.stepRunId)))
    .where(and(eq(workItem.recordId, recordId), eq(stepRun.name, step), eq(workItem.status, "assigned")));
  const row = rows.find(({ assigneeId }) => assigneeId === userId) ?? rows[0];
  if (!row) throw new Error(`there is no open item of ${step}`);
  return row.id;
}

/** The run on a record. */
export async function runOf(recordId: string): Promise<string> {
  const [row] = await db().select({ id: run.runId }).from(run).where(eq(run.recordId, recordId));
  if (!row) throw new Error("there is no run on this record");
  return row.id;
}

/** Somebody opens a step's work on a record and answers its screens, one after another, to the end. */
export async function works(
  username: string,
  at: { record: string; step: string },
  screens: readonly Values[],
): Promise<void> {
  const [person, workItemId] = await Promise.all([who(username), itemOf(at.record, at.step)]);
  let shown: AfterScreen = await act(person, "open-interview", async (tx) => {
    const opened = await openInterview(tx, person, { workItemId });
    return opened.ok ? tellRun(tx, person, opened.value) : opened;
  });
  for (const values of screens) {
    if (shown.type !== "screen") throw new Error(`${at.step} had fewer screens`);
    const { interviewId, screen } = shown;
    shown = must(
      await sendScreen(person, {
        key: newId("command"),
        interviewId,
        screen: screen.name,
        values: { ...shown.values, ...values },
        direction: "next",
      }),
    );
  }
  if (shown.type !== "finished") throw new Error(`${at.step} is not finished: ${JSON.stringify(shown).slice(0, 500)}`);
}
