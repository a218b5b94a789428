import { eq, inArray, sql } from "drizzle-orm";
import { db } from "../../../db/client";
import { job, outbox, user } from "../../../db/schema";
import { transaction } from "../../../db/transaction";
import { requestApproval } from "../../approvals/commands";
import { decideAgain } from "../../approvals/decide-again";
import { sleep } from "../../clock";
import { runCommand } from "../../command";
import { importDefinitions } from "../../definitions/commands/import-definitions";
import { newId } from "../../ids";
import { type Person, personById } from "../../people/current-person";
import { addField } from "../../records/commands/define-field";
import { createObject } from "../../records/commands/define-object";
import { saveRecord } from "../../records/commands/save-record";
import type { Result } from "../../result";
import { completeItem } from "../../work/commands/complete-item";
import { granted, itemsOf, setTheStage, start } from "../bench-runs";
import { MODEL_DEFINITIONS, MODEL_OBJECT } from "./definitions";

/**
 * The runs that a large database has a million of, one of each, made by the product's own commands: `answered`, in which a person did what
 * they were asked; `approved`, of a record; and `waiting`, an approval that nobody has decided.
 */
export type Models = {
  readonly runs: Readonly<Record<"answered" | "approved" | "waiting", string>>;
  /** Who asked, and who was asked to approve, in each of them. */
  readonly asker: string;
  readonly approver: string;
};

const APPROVER = "approver";
const FIELDS = [
  { name: "Amount", type: "number" },
  { name: "Vendor", type: "text" },
  { name: "Reason", type: "long_text" },
] as const;

const by = async <T>(person: Person, work: Parameters<typeof runCommand<T>>[1]): Promise<T> =>
  granted(await runCommand({ kind: "volume", actorId: person.userId, key: newId("command") }, work));

async function makeApprover(): Promise<Person> {
  const userId = newId("user");
  await transaction({ commandId: newId("command"), actorId: null }, (tx) =>
    tx.db.insert(user).values({ userId, username: APPROVER, email: `${APPROVER}@example.org`, name: "The approver" }),
  );
  const person = await personById(db(), userId);
  if (!person) throw new Error("the approver is not there");
  return person;
}

async function makeObject(admin: Person): Promise<void> {
  const words = {
    label: "Purchase",
    pluralLabel: "Purchases",
    nameLabel: "Name",
    icon: "file",
    othersMay: "edit",
  } as const;
  await by(admin, (tx) => createObject(tx, admin, { name: MODEL_OBJECT, ...words }));
  for (const { name, type } of FIELDS) {
    const field = { name, type, label: name, required: false, help: "", defaultValue: null, options: {} };
    await by(admin, (tx) => addField(tx, admin, { object: MODEL_OBJECT, ...field }));
  }
  await by(admin, (tx) => importDefinitions(tx, admin, { content: MODEL_DEFINITIONS, activate: true }));
}

async function requested(asker: Person): Promise<string> {
  const values = { Amount: 1_250, Vendor: "Northwind Office Supply", Reason: "The old ones are worn out." };
  const { id } = await by(asker, (tx) =>
    saveRecord(tx, asker, { object: MODEL_OBJECT, name: "Chairs for the meeting room", values }),
  );
  const request = { definitionId: "Sign_Off", recordId: id, comments: "Before the end of the month, please" };
  return (await by(asker, (tx) => requestApproval(tx, asker, request))).runId;
}

const itemOf = async (runId: string): Promise<string> => (await itemsOf([runId]))[0] ?? "";

/** Makes them in a migrated database that nobody has used, with what they need. */
export async function makeModels(): Promise<Models> {
  const asker = await setTheStage();
  const approver = await makeApprover();
  await makeObject(asker);
  const answered = await start(asker, "Question");
  const outputs = { comment: "done" };
  const workItemId = await itemOf(answered);
  await by(asker, (tx) => completeItem(tx, asker, { workItemId, outputs }));
  const approved = await requested(asker);
  const input = { workItemId: await itemOf(approved), decision: "approve", comments: "Fine.", key: newId("command") };
  granted((await decideAgain(approver, { input })) as Result<unknown>);
  const waiting = await requested(asker);
  await settle();
  return {
    runs: { answered, approved, waiting },
    asker: asker.userId,
    approver: approver.userId,
  };
}

const LOOK_EVERY_MS = 50;

/** Until the worker has done every job; and the mails are sent, as they would have been. */
async function settle(): Promise<void> {
  const isIdle = async () => (await db().$count(job, inArray(job.status, ["queued", "running"]))) === 0;
  while (!(await isIdle())) await sleep(LOOK_EVERY_MS);
  await transaction({ commandId: newId("command"), actorId: null }, (tx) =>
    tx.db
      .update(outbox)
      .set({ status: "sent", attempts: 1, sentAt: sql`created_at`, nextAttemptAt: null })
      .where(eq(outbox.status, "queued")),
  );
}
